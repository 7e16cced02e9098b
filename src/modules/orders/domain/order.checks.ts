import type { Currency } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { ExistingOrder } from './order.state.js';

/** @throws Refusal `order_cancelled`, also while the money of a cancelled order is on its way back. */
export function mustBeOpen(order: ExistingOrder): void {
  if (order.status === 'open') return;
  const detail = order.status === 'cancelled' ? 'The order is cancelled.' : 'The order is being cancelled.';
  throw new Refusal('order_cancelled', detail);
}

/** @throws Refusal `payment_in_flight` while anything is held. */
export function mustHaveNothingInFlight(order: ExistingOrder): void {
  if (order.reservations.size === 0) return;
  throw new Refusal('payment_in_flight', 'A payment of this order is under way; try again in a moment.', {
    payments: [...order.reservations.keys()],
    amount_reserved: order.ledger.reserved,
    currency: order.currency,
    retryable: true,
  });
}

/**
 * An amount that Stripe or the books state, in minor units.
 * @throws Refusal `currency_mismatch` for money that cannot be counted with the order's own.
 */
export function ownMinor(order: ExistingOrder, stated: Money): number {
  if (stated.currency === order.currency) return stated.minor;
  throw new Refusal('currency_mismatch', `${Money.format(stated)} cannot count towards this order.`, {
    currency: order.currency,
  });
}

/**
 * An amount that somebody asks for, in minor units; `most` where they name none.
 * @throws Refusal `currency_mismatch`, or `validation_failed` for what is no amount of the currency, or none at all.
 */
export function askedMinor(order: ExistingOrder, asked: Money | null, most: number): number {
  if (!asked) return most;
  mustBeIn(order.currency, asked.currency);
  const { minor } = Money.of(asked.minor, order.currency);
  if (minor > 0) return minor;
  throw new Refusal('validation_failed', 'The amount must be above zero.', { param: '/amount' });
}

/** @throws Refusal `currency_mismatch` */
export function mustBeIn(currency: Currency, stated: Currency): void {
  if (stated === currency) return;
  throw new Refusal('currency_mismatch', `The order is in ${currency.toUpperCase()}.`, {
    param: '/currency',
    currency,
  });
}
