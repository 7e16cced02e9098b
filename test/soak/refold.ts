import type { Json } from '../../src/cli/tour/quittance.client.js';

const nothing = {
  total: 0,
  amount_captured: 0,
  amount_refunded: 0,
  amount_disputed: 0,
  amount_credited: 0,
  amount_written_off: 0,
  amount_reserved: 0,
  amount_paid: 0,
};
type Sums = typeof nothing;

/** What one entry of a history adds to the amounts of its order. */
const adds: Readonly<Record<string, (data: Json) => Partial<Sums>>> = {
  'order.opened': ({ terms }) => ({ total: terms.total }),
  'order.total_changed': ({ from, to }) => ({ total: to - from }),
  'payment.reserved': ({ amount }) => ({ amount_reserved: amount }),
  'payment.released': ({ amount }) => ({ amount_reserved: -amount }),
  'payment.applied': ({ captured }) => ({ amount_captured: captured, amount_paid: captured }),
  'payment.reversed': ({ amount }) => ({ amount_captured: -amount, amount_paid: -amount }),
  'refund.applied': ({ amount, credited }) => ({
    amount_refunded: amount,
    amount_credited: credited,
    amount_paid: -amount,
  }),
  'refund.reversed': ({ amount, credited }) => ({
    amount_refunded: -amount,
    amount_credited: -credited,
    amount_paid: amount,
  }),
  'dispute.funds_withdrawn': ({ amount }) => ({ amount_disputed: amount, amount_paid: -amount }),
  'dispute.funds_reinstated': ({ amount, written_back }) => ({
    amount_disputed: -amount,
    amount_written_off: -written_back,
    amount_paid: amount,
  }),
  'dispute.decided': ({ written_off }) => ({ amount_written_off: written_off }),
  'order.excess_resolved': ({ resolution, amount }) =>
    resolution === 'credit' ? { amount_paid: -amount } : {},
  'order.balance_written_off': ({ amount }) => ({ amount_written_off: amount }),
  'order.cancelled': ({ written_off }) => ({ amount_written_off: written_off }),
};

/** Entries of the order's own stream name the payment that they are about; the payment's namesakes do not. */
const NAMESAKES = new Set(['payment.reversed', 'dispute.funds_withdrawn', 'dispute.funds_reinstated']);

/** The amounts of an order, told by its history alone: what anybody computes who has nothing else. */
export function refolded(history: readonly Json[]): Sums {
  const sums: Sums = { ...nothing };
  const held = new Map<string, number>();
  for (const { type, data } of history) {
    if (NAMESAKES.has(type) && data.payment === undefined) continue;
    if (type === 'payment.reserved') held.set(data.payment, data.amount);
    if (type === 'payment.released') held.delete(data.payment);
    for (const [field, amount] of Object.entries(adds[type]?.(data) ?? {}))
      sums[field as keyof Sums] += amount;
    // Money that came ends its hold, whatever amount came.
    if (type === 'payment.applied') sums.amount_reserved -= held.get(data.payment) ?? 0;
    if (type === 'payment.applied') held.delete(data.payment);
  }
  return sums;
}
