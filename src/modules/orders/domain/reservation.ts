import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { amounts } from './amounts.js';
import type { ExistingOrder } from './order.js';

/**
 * What may be held for a new payment; `asked` null means all that is available.
 * @returns the amount to reserve, in minor units
 * @throws Refusal before anything is asked of Stripe, with the numbers that explain it.
 */
export function checkReservation(order: ExistingOrder, asked: Money | null): number {
  const { balanceDue, available } = amounts(order.ledger);
  const { currency } = order;
  const show = (minor: number) => Money.format({ minor, currency });
  const numbers = { balance_due: balanceDue, available, amount_reserved: order.ledger.reserved, currency };

  if (order.status === 'cancelled') throw new Refusal('order_cancelled', 'The order is cancelled.');
  if (asked && asked.currency !== currency) {
    throw new Refusal('currency_mismatch', `The order is in ${currency.toUpperCase()}.`, {
      param: '/currency',
      currency,
    });
  }
  if (balanceDue === 0) throw new Refusal('order_settled', 'Nothing is due on this order.', numbers);

  const amount = asked?.minor ?? available;
  const facts = { ...numbers, param: '/amount', amount };
  const reserved = show(order.ledger.reserved);
  if (amount > balanceDue) {
    const detail = `${show(amount)} was asked for; ${show(balanceDue)} is due, of which ${reserved} is reserved.`;
    throw new Refusal('amount_exceeds_balance', detail, facts);
  }
  if (amount > available || available === 0) {
    const detail = `${show(amount)} was asked for; of the ${show(balanceDue)} due, ${reserved} is held for payments under way.`;
    throw new Refusal('balance_reserved', detail, { ...facts, retryable: true });
  }
  const minimum = Money.minimum(currency).minor;
  if (amount < minimum) {
    throw new Refusal('amount_below_minimum', `Stripe charges no less than ${show(minimum)}.`, {
      ...facts,
      minimum,
    });
  }
  const rest = available - amount;
  if (rest > 0 && rest < minimum) {
    const detail = `${show(rest)} would be left, less than the ${show(minimum)} that Stripe charges at least.`;
    throw new Refusal('amount_leaves_unpayable_rest', detail, { ...facts, minimum, rest });
  }
  return amount;
}
