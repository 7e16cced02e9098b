import { Currency } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';

/** An amount as people write it, also in a currency that is none of ours. */
export function inWords(minor: number, currency: string): string {
  return Currency.is(currency) ? Money.format({ minor, currency }) : `${minor} ${currency.toUpperCase()}`;
}

/** A code of Stripe's as people read it. */
export function asWords(code: string): string {
  return code.replaceAll('_', ' ');
}
