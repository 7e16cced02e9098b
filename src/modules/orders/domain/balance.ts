import type { Currency } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal, type RefusalFacts } from '../../../shared/domain/refusal.js';
import { amountsOf, type ExistingOrder } from './order.state.js';

/** The numbers that explain why an amount does not fit, in minor units. */
export function numbersOf(order: ExistingOrder) {
  const { balanceDue, available } = amountsOf(order);
  const { reserved, contested } = order.ledger;
  return {
    balance_due: balanceDue,
    available,
    amount_reserved: reserved,
    ...(contested > 0 && { amount_contested: contested }),
    currency: order.currency,
  };
}

/** @throws Refusal `order_settled` where nothing is due, `payment_disputed` where disputes hold all that is. */
export function mustBeCollectable(order: ExistingOrder): void {
  const { balanceDue, collectable } = amountsOf(order);
  if (collectable > 0) return;
  const numbers = numbersOf(order);
  if (balanceDue === 0) throw new Refusal('order_settled', 'Nothing is due on this order.', numbers);
  const due = Money.format({ minor: balanceDue, currency: order.currency });
  const detail = `A dispute holds the ${due} due, and nobody has decided about it yet.`;
  throw new Refusal('payment_disputed', detail, numbers);
}

/** @throws Refusal `amount_exceeds_balance` above what may be collected */
export function mustNotExceed(order: ExistingOrder, amount: number): void {
  if (amount <= amountsOf(order).collectable) return;
  const facts = { ...numbersOf(order), param: '/amount', amount };
  const show = (minor: number) => Money.format({ minor, currency: order.currency });
  const { contested, reserved } = order.ledger;
  const held = `of which ${show(reserved)} is reserved${contested > 0 ? ` and ${show(contested)} disputed` : ''}`;
  const detail = `${show(amount)} was asked for; ${show(facts.balance_due)} is due, ${held}.`;
  throw new Refusal('amount_exceeds_balance', detail, facts);
}

/** Stripe charges no less than its minimum, so nothing below it may be left. */
export function checkRest(rest: number, currency: Currency, facts: RefusalFacts): void {
  const minimum = Money.minimum(currency);
  if (rest === 0 || rest >= minimum.minor) return;
  const [left, least] = [Money.format({ minor: rest, currency }), Money.format(minimum)];
  const detail = `${left} would be left, less than the ${least} that Stripe charges at least.`;
  throw new Refusal('amount_leaves_unpayable_rest', detail, { ...facts, minimum: minimum.minor, rest });
}
