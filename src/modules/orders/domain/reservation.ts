import type { Currency } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal, type RefusalFacts } from '../../../shared/domain/refusal.js';
import { amounts } from './amounts.js';
import type { ExistingOrder } from './order.state.js';

/**
 * What could be asked for if nothing were held: a payment link is only a request, and holds nothing until it is paid.
 * `asked` null means all that is due.
 * @returns the amount, in minor units
 * @throws Refusal before anything is asked of Stripe, with the numbers that explain it.
 */
export function checkAmount(order: ExistingOrder, asked: Money | null): number {
  return checkFits(order, asked, amounts(order.ledger).balanceDue);
}

/** What may be held for a new payment; `asked` null means all that is available. Otherwise as `checkAmount`. */
export function checkReservation(order: ExistingOrder, asked: Money | null): number {
  return checkFits(order, asked, amounts(order.ledger).available);
}

/** Whether the amount fits into `room`: what is due, or what of it is not held already. */
function checkFits(order: ExistingOrder, asked: Money | null, room: number): number {
  const { balanceDue, available } = amounts(order.ledger);
  const { currency } = order;
  const show = (minor: number) => Money.format({ minor, currency });
  const numbers = { balance_due: balanceDue, available, amount_reserved: order.ledger.reserved, currency };

  if (order.status === 'cancelled') throw new Refusal('order_cancelled', 'The order is cancelled.');
  if (asked && asked.currency !== currency) {
    const detail = `The order is in ${currency.toUpperCase()}.`;
    throw new Refusal('currency_mismatch', detail, { param: '/currency', currency });
  }
  if (asked) Money.of(asked.minor, currency);
  if (balanceDue === 0) throw new Refusal('order_settled', 'Nothing is due on this order.', numbers);

  const amount = asked?.minor ?? room;
  const facts = { ...numbers, param: '/amount', amount };
  const reserved = show(order.ledger.reserved);
  if (amount > balanceDue) {
    const detail = `${show(amount)} was asked for; ${show(balanceDue)} is due, of which ${reserved} is reserved.`;
    throw new Refusal('amount_exceeds_balance', detail, facts);
  }
  if (amount > room || room === 0) {
    const detail = `${show(amount)} was asked for; of the ${show(balanceDue)} due, ${reserved} is held for payments under way.`;
    throw new Refusal('balance_reserved', detail, { ...facts, retryable: true });
  }
  checkMinimum(amount, room - amount, currency, facts);
  return amount;
}

/** Stripe charges no less than its minimum, so neither the amount nor what it leaves may be less. */
function checkMinimum(amount: number, rest: number, currency: Currency, facts: RefusalFacts): void {
  const minimum = Money.minimum(currency).minor;
  const least = Money.format({ minor: minimum, currency });
  if (amount < minimum) {
    throw new Refusal('amount_below_minimum', `Stripe charges no less than ${least}.`, { ...facts, minimum });
  }
  if (rest > 0 && rest < minimum) {
    const detail = `${Money.format({ minor: rest, currency })} would be left, less than the ${least} that Stripe charges at least.`;
    throw new Refusal('amount_leaves_unpayable_rest', detail, { ...facts, minimum, rest });
  }
}
