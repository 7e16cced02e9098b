import type { World } from '../engine/world.js';
import type { Charge } from '../objects/charge.js';
import type { Dispute } from '../objects/dispute.js';
import type { PaymentIntent } from '../objects/payment-intent.js';
import type { Html, Part } from '../pages/html.js';
import { shown } from '../payments/currencies.js';
import { isOpen } from '../payments/dispute-outcome.js';
import { button, latest, table, time } from './inspector-table.js';

/** Those that wait for somebody first. */
export function disputes({ books }: World): Html {
  const open = [...books.disputes.all()].reverse().filter(({ object }) => isOpen(object));
  const closed = latest(books.disputes.all()).filter(({ object }) => !isOpen(object));
  return table(
    `Disputes, ${open.length} open`,
    ['dispute', 'of', 'status', 'reason', 'amount', 'answer by', 'account', ''],
    [...open, ...closed].map(({ id, object, account }) => [
      id,
      object.charge,
      object.status,
      object.reason,
      shown(object.amount, object.currency),
      isOpen(object) && object.evidence_details.due_by && time(object.evidence_details.due_by * 1000),
      account,
      verdicts(object),
    ]),
  );
}

function verdicts(dispute: Dispute): Part {
  if (!isOpen(dispute)) return null;
  const act = (verb: string, label: string) => button(`POST disputes/${dispute.id}/${verb}`, label);
  if (dispute.status.startsWith('warning_')) {
    return [act('escalate', 'Escalate'), act('prevent', 'Prevent'), act('win', 'Close')];
  }
  return [act('win', 'Win'), act('lose', 'Lose'), act('accept', 'Accept')];
}

export function payments({ books }: World): Html {
  return table(
    'Payments',
    ['intent', 'status', 'amount', 'refunded', 'metadata', 'account', ''],
    latest(books.paymentIntents.all()).map(({ id, object, account }) => {
      const charge = books.charges.find(object.latest_charge ?? '')?.object;
      return [
        id,
        object.status,
        shown(object.amount, object.currency),
        charge && charge.amount_refunded > 0 && shown(charge.amount_refunded, object.currency),
        Object.keys(object.metadata).length > 0 && JSON.stringify(object.metadata),
        account,
        deeds(object, charge),
      ];
    }),
  );
}

function deeds({ id, status }: PaymentIntent, charge: Charge | undefined): Part {
  if (status === 'canceled') return null;
  if (status !== 'succeeded') return button(`POST payment_intents/${id}/cancel`, 'Cancel');
  const left = charge ? charge.amount - charge.amount_refunded : 0;
  const act = (verb: string, label: string, body: object = {}) =>
    button(`POST charges/${id}/${verb} ${JSON.stringify(body)}`, label);
  return [
    left > 0 && act('refund', 'Refund'),
    left > 1 && act('refund', 'Refund half', { amount: Math.floor(left / 2) }),
    act('dispute', 'Dispute'),
    act('dispute', 'Inquire', { case_type: 'inquiry' }),
    act('warn', 'Warn of fraud'),
  ];
}

export function refunds({ books }: World): Html {
  return table(
    'Refunds',
    ['refund', 'of', 'status', 'amount', 'metadata', 'account', ''],
    latest(books.refunds.all()).map(({ id, object, account }) => [
      id,
      object.payment_intent,
      object.failure_reason ? `${object.status}: ${object.failure_reason}` : object.status,
      shown(object.amount, object.currency),
      Object.keys(object.metadata).length > 0 && JSON.stringify(object.metadata),
      account,
      [
        object.status === 'pending' && button(`POST refunds/${id}/succeed`, 'Succeed'),
        object.status === 'pending' && button(`POST refunds/${id}/cancel`, 'Cancel'),
        (object.status === 'pending' || object.status === 'succeeded') &&
          button(`POST refunds/${id}/fail`, 'Fail'),
      ],
    ]),
  );
}

export function payouts({ books }: World): Html {
  return table(
    'Payouts',
    ['payout', 'status', 'amount', 'arrives', 'account', ''],
    latest(books.payouts.all()).map(({ id, object, account }) => [
      id,
      object.status,
      shown(object.amount, object.currency),
      time(object.arrival_date * 1000),
      account,
      object.status !== 'failed' && button(`POST payouts/${id}/fail`, 'Send back'),
    ]),
  );
}

export function warnings({ books }: World): Html {
  return table(
    'Early fraud warnings',
    ['warning', 'of', 'actionable', 'account'],
    latest(books.fraudWarnings.all()).map(({ id, object, account }) => [
      id,
      object.charge,
      object.actionable ? 'yes' : 'no',
      account,
    ]),
  );
}
