import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { type Dispute, isUndecided } from './dispute.js';
import { mustBeOpen, mustHaveNothingInFlight } from './order.checks.js';
import type { OrderCommand } from './order.commands.js';
import type { OrderEvent } from './order.events.js';
import { amountsOf, type ExistingOrder } from './order.state.js';
import { paymentSums } from './payment-sums.js';

type Cancel = Extract<OrderCommand, { type: 'CancelOrder' }>;

/** Whether all the money of the order is to go back to the customer, as money or as credit. */
export function keepsNothing({ cancelled }: ExistingOrder): boolean {
  return cancelled === 'refund_all' || cancelled === 'keep_credit';
}

/**
 * Nothing more is asked for. Money that the order has is kept (and a reason is asked for), becomes the customer's
 * credit, or goes back first: then the order is `cancelling` until it has.
 */
export function cancel(order: ExistingOrder, { policy, reason }: Cancel): readonly OrderEvent[] {
  if (order.cancelled === policy) return [];
  mustBeOpen(order);
  mustHaveNothingInFlight(order);
  const { netPaid, balanceDue, owed } = amountsOf(order);
  if (netPaid <= 0) return [{ type: 'OrderCancelled', data: { policy, written_off: balanceDue } }];
  switch (policy) {
    case 'none':
      if (!reason) refuseWithoutReason(order, netPaid);
      return [{ type: 'OrderCancelled', data: { policy, written_off: balanceDue } }];
    case 'keep_credit':
      return [
        { type: 'OrderCancelled', data: { policy, written_off: owed } },
        { type: 'ExcessResolved', data: { resolution: 'credit', amount: netPaid, reference: null } },
      ];
    case 'refund_all':
      mustNotBeDisputed(order);
      return [{ type: 'CancellationRequested', data: { policy } }];
  }
}

/** Once all that was paid has gone back, the order is cancelled; nothing before that, or where it is not being. */
export function completeCancellation(order: ExistingOrder): readonly OrderEvent[] {
  const { netPaid, balanceDue } = amountsOf(order);
  if (order.status !== 'cancelling' || netPaid > 0) return [];
  return [{ type: 'OrderCancelled', data: { policy: 'refund_all', written_off: balanceDue } }];
}

function refuseWithoutReason(order: ExistingOrder, netPaid: number): never {
  const held = Money.format({ minor: netPaid, currency: order.currency });
  throw new Refusal('validation_failed', `The order holds ${held}; to keep it there must be a reason.`, {
    param: '/reason',
    amount_paid: netPaid,
    currency: order.currency,
  });
}

/** Money cannot be refunded while the cardholder's bank may take it, nor the rest of a payment that it took a part of. */
function mustNotBeDisputed(order: ExistingOrder): void {
  const disputes = [...order.disputes];
  const undecided = disputes.filter(([, dispute]) => isUndecided(dispute)).map(([id]) => id);
  if (undecided.length > 0) {
    const detail = 'A payment of this order is disputed; decide about the dispute first.';
    throw new Refusal('payment_disputed', detail, { disputes: undecided });
  }
  const lost = disputes.filter(([, dispute]) => leavesRest(order, dispute)).map(([id]) => id);
  if (lost.length === 0) return;
  const detail =
    'A bank took a part of a payment of this order, and the rest of it cannot be refunded any more.';
  throw new Refusal('payment_disputed', detail, { disputes: lost });
}

function leavesRest(order: ExistingOrder, { payment, status }: Dispute): boolean {
  const { captured, refunded, withdrawn } = paymentSums(order, payment);
  return status === 'lost' && captured - refunded - withdrawn > 0;
}
