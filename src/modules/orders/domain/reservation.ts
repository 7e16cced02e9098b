import type { Currency } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal, type RefusalFacts } from '../../../shared/domain/refusal.js';
import { checkRest, mustBeCollectable, mustNotExceed, numbersOf } from './balance.js';
import { mustBeIn, mustBeOpen } from './order.checks.js';
import { amountsOf, type ExistingOrder } from './order.state.js';

/**
 * What could be asked for if nothing were held: a payment link is only a request, and holds nothing until it is paid.
 * `asked` null means all that may be collected.
 * @returns the amount, in minor units
 * @throws Refusal before anything is asked of Stripe, with the numbers that explain it.
 */
export function checkAmount(order: ExistingOrder, asked: Money | null): number {
  return checkFits(order, asked, amountsOf(order).collectable);
}

/** What may be held for a new payment; `asked` null means all that is available. Otherwise as `checkAmount`. */
export function checkReservation(order: ExistingOrder, asked: Money | null): number {
  return checkFits(order, asked, amountsOf(order).available);
}

/** Whether the amount fits into `room`: what may be collected, or what of it is not held already. */
function checkFits(order: ExistingOrder, asked: Money | null, room: number): number {
  const { currency } = order;
  mustBeOpen(order);
  if (asked) mustBeIn(currency, asked.currency);
  if (asked) Money.of(asked.minor, currency);
  mustBeCollectable(order);
  const amount = asked?.minor ?? room;
  mustNotExceed(order, amount);
  const facts = { ...numbersOf(order), param: '/amount', amount };
  if (amount > room || room === 0) {
    const show = (minor: number) => Money.format({ minor, currency });
    const detail = `${show(amount)} was asked for; of the ${show(facts.balance_due)} due, ${show(facts.amount_reserved)} is held for payments under way.`;
    throw new Refusal('balance_reserved', detail, { ...facts, retryable: true });
  }
  checkMinimum(amount, currency, facts);
  checkRest(room - amount, currency, facts);
  return amount;
}

/** Stripe charges no less than its minimum. */
function checkMinimum(amount: number, currency: Currency, facts: RefusalFacts): void {
  const minimum = Money.minimum(currency);
  if (amount >= minimum.minor) return;
  const detail = `Stripe charges no less than ${Money.format(minimum)}.`;
  throw new Refusal('amount_below_minimum', detail, { ...facts, minimum: minimum.minor });
}
