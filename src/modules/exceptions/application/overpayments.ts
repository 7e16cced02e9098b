import type { Told } from '../../../shared/application/projection.js';
import type { PaymentId } from '../../../shared/domain/ids.js';
import { amountsOf, type ExistingOrder, type OrderEvent, orderAggregate } from '../../orders/index.js';

/** One time that an order came to be paid more than is owed. */
export type Overpayment = Readonly<{
  /** The event that made it so. */
  event: string;
  kind: 'overpaid' | 'late_payment';
  /** Names it among all exceptions. */
  matter: string;
  /** Whose money is too much; null where what is owed became less. */
  payment: PaymentId | null;
  /** By how much, in minor units of the order. */
  amount: number;
  order: ExistingOrder;
}>;

/** Facts after which more may have been paid than is owed. A refund that failed is an exception of its own. */
export const OVERPAYING = ['PaymentApplied', 'OrderTotalChanged', 'DisputeFundsReinstated'] as const;

/**
 * Every time that this order came to be overpaid, oldest first. On an order that is being cancelled with all its money
 * going back there is none: what comes late goes back with the rest.
 */
export function overpaymentsOf(history: readonly Told<OrderEvent>[]): readonly Overpayment[] {
  const { decider } = orderAggregate;
  const found: Overpayment[] = [];
  let before = decider.initial;
  for (const event of history) {
    const after = decider.evolve(before, event);
    const made =
      before.status === 'none' || after.status === 'none' ? null : overpayment(before, after, event);
    if (made) found.push(made);
    before = after;
  }
  return found;
}

function overpayment(
  before: ExistingOrder,
  after: ExistingOrder,
  event: Told<OrderEvent>,
): Overpayment | null {
  if (!(OVERPAYING as readonly string[]).includes(event.type) || before.status === 'cancelling') return null;
  const amount = amountsOf(after).overpaid - amountsOf(before).overpaid;
  if (amount <= 0) return null;
  const payment = 'payment' in event.data ? event.data.payment : null;
  const matter = event.type === 'PaymentApplied' ? event.data.payment : event.id;
  const kind = before.status === 'cancelled' ? 'late_payment' : 'overpaid';
  return { event: event.id, kind, matter, payment, amount, order: after };
}
