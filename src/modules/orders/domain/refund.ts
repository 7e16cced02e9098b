import { ownMinor } from './order.checks.js';
import type { OrderCommand } from './order.commands.js';
import type { OrderEvent } from './order.events.js';
import { amountsOf, type ExistingOrder } from './order.state.js';

type Command<T extends OrderCommand['type']> = Extract<OrderCommand, { type: T }>;

/**
 * Counts money that goes back, once per refund. With effect `credit` it lowers what is owed, but only by what is
 * more than an overpayment: returning an excess never becomes a credit by accident.
 */
export function applyRefund(order: ExistingOrder, command: Command<'ApplyRefund'>): readonly OrderEvent[] {
  const { refund, payment, effect } = command;
  if (order.refunds.has(refund)) return [];
  const amount = ownMinor(order, command.amount);
  const credited = effect === 'credit' ? creditedBy(order, amount) : 0;
  return [{ type: 'RefundApplied', data: { refund, payment, amount, effect, credited } }];
}

function creditedBy(order: ExistingOrder, amount: number): number {
  const { overpaid, owed } = amountsOf(order);
  return Math.min(Math.max(0, amount - overpaid), Math.max(0, owed));
}

/** Takes back exactly what the refund did; nothing where it did nothing. */
export function reverseRefund(
  order: ExistingOrder,
  command: Command<'ReverseRefund'>,
): readonly OrderEvent[] {
  const { refund, why } = command;
  const applied = order.refunds.get(refund);
  if (!applied || applied.reversed) return [];
  const { payment, amount, credited } = applied;
  return [{ type: 'RefundReversed', data: { refund, payment, amount, credited, why } }];
}

/**
 * The payment was no money after all: nothing of what was counted for it stays. One that was not counted yet is noted
 * all the same, so that whoever is late with it counts it no more.
 */
export function reversePayment(
  order: ExistingOrder,
  command: Command<'ReversePayment'>,
): readonly OrderEvent[] {
  const { payment, why } = command;
  const amount = order.applied.get(payment);
  // What is held for a payment is a card's: that one ends at Stripe.
  if (amount === 0 || order.reservations.has(payment)) return [];
  return [{ type: 'PaymentReversed', data: { payment, amount: amount ?? 0, why } }];
}
