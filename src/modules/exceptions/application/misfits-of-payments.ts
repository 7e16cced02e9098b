import type { DisputeId, PaymentId } from '../../../shared/domain/ids.js';
import type { ExistingPayment, PaymentEvent } from '../../payments/index.js';
import type { Misfit } from './processes/opening.process.js';
import { asWords, inWords } from './sums-in-words.js';

type DisputeOpened = Extract<PaymentEvent, { type: 'DisputeOpened' }>['data'];

/** What of a payment's facts does not fit, in words; null where it does. Refunds are looked at apart: who asked for one matters. */
export function misfitOf(id: PaymentId, payment: ExistingPayment, event: PaymentEvent): Misfit | null {
  switch (event.type) {
    case 'CaptureMismatchDetected':
      return mismatch(id, payment, event.data);
    case 'DisputeOpened':
      return disputed(id, payment, event.data);
    case 'DisputeEscalated':
      return escalated(id, payment, event.data);
    case 'FundsWithdrawn':
    case 'DisputeClosed':
      return lost(id, payment, event.data.dispute);
    default:
      return null;
  }
}

function mismatch(
  id: PaymentId,
  payment: ExistingPayment,
  { expected, actual }: Extract<PaymentEvent, { type: 'CaptureMismatchDetected' }>['data'],
): Misfit {
  const [asked, came] = [expected, actual].map(({ amount, currency }) => inWords(amount, currency));
  return {
    kind: 'capture_mismatch',
    matter: id,
    about: { ...aboutPayment(id, payment), ...actual },
    explanation: `For order ${payment.asked.order_number}, Stripe captured ${came} where ${asked} was asked for.`,
  };
}

function disputed(id: PaymentId, payment: ExistingPayment, opened: DisputeOpened): Misfit {
  const { dispute, amount, currency, reason, inquiry, due_by } = opened;
  const what = `${inWords(amount, currency)} of order ${payment.asked.order_number}: ${asWords(reason)}.`;
  const until = due_by ? ` Evidence is taken until ${due_by.slice(0, 10)}.` : '';
  return {
    kind: 'dispute_opened',
    // The bank's question and the dispute that it may become are two matters: only the second takes money.
    matter: inquiry ? `${dispute}:inquiry` : dispute,
    about: { ...aboutPayment(id, payment), dispute, amount, currency },
    explanation: `The customer’s bank ${inquiry ? 'asks about' : 'disputes'} ${what}${until}`,
  };
}

function escalated(
  id: PaymentId,
  payment: ExistingPayment,
  { dispute, due_by }: Extract<PaymentEvent, { type: 'DisputeEscalated' }>['data'],
): Misfit | null {
  const known = payment.disputes.get(dispute);
  if (!known) return null;
  const { amount, currency } = known;
  const until = due_by ? ` Evidence is taken until ${due_by.slice(0, 10)}.` : '';
  return {
    kind: 'dispute_opened',
    matter: dispute,
    about: { ...aboutPayment(id, payment), dispute, amount, currency },
    explanation: `The customer’s bank now disputes the ${inWords(amount, currency)} of order ${payment.asked.order_number} that it had asked about.${until}`,
  };
}

/** Money that a dispute took for good: somebody decides whether it is collected again. */
function lost(id: PaymentId, payment: ExistingPayment, dispute: DisputeId): Misfit | null {
  const known = payment.disputes.get(dispute);
  if (!known || (known.status !== 'lost' && known.status !== 'prevented')) return null;
  if (known.status === 'prevented' && known.withdrawn === 0) return null;
  const { currency } = known;
  const amount = known.withdrawn || known.amount;
  return {
    kind: 'dispute_lost',
    matter: dispute,
    about: { ...aboutPayment(id, payment), dispute, amount, currency },
    explanation: `The dispute over ${inWords(amount, currency)} of order ${payment.asked.order_number} was lost: the money is with the customer again.`,
  };
}

function aboutPayment(payment: PaymentId, { asked: { store, order, livemode } }: ExistingPayment) {
  return { store, livemode, order, payment };
}
