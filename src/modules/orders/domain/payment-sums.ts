import type { PaymentId } from '../../../shared/domain/ids.js';
import type { ExistingOrder } from './order.state.js';

/** What the order knows of one payment's money, in minor units. */
export type PaymentSums = Readonly<{
  captured: number;
  /** Pending and succeeded refunds. */
  refunded: number;
  /** Taken by disputes, less reinstated. */
  withdrawn: number;
}>;

export function paymentSums(order: ExistingOrder, payment: PaymentId): PaymentSums {
  const refunds = [...order.refunds.values()].filter((each) => each.payment === payment && !each.reversed);
  const disputes = [...order.disputes.values()].filter((each) => each.payment === payment);
  return {
    captured: order.applied.get(payment) ?? 0,
    refunded: refunds.reduce((sum, { amount }) => sum + amount, 0),
    withdrawn: disputes.reduce((sum, { withdrawn }) => sum + withdrawn, 0),
  };
}
