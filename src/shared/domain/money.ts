import { Currency, LARGEST_AMOUNT } from './currency.js';
import { Refusal } from './refusal.js';

/** An amount in the currency's minor unit as Stripe's API takes it: `{ minor: 1250, currency: 'usd' }` is 12.50 USD. */
export type Money = Readonly<{ minor: number; currency: Currency }>;

export const Money = {
  /** @throws Refusal `currency_unsupported`, or `validation_failed` where the amount is no amount of that currency. */
  of(minor: number, currency: string): Money {
    if (!Currency.is(currency)) {
      throw new Refusal('currency_unsupported', `${currency} is not a currency that Stripe charges.`, {
        param: '/currency',
        currency,
      });
    }
    if (!Number.isSafeInteger(minor) || minor < 0 || minor > LARGEST_AMOUNT) {
      throw new Refusal('validation_failed', `An amount is a whole number from 0 to ${LARGEST_AMOUNT}.`, {
        param: '/amount',
      });
    }
    const { step } = Currency.rule(currency);
    if (minor % step !== 0) {
      throw new Refusal(
        'validation_failed',
        `Amounts in ${currency.toUpperCase()} are multiples of ${step}.`,
        {
          param: '/amount',
          multiple_of: step,
        },
      );
    }
    return { minor, currency };
  },

  /** As people write it: `12.50 USD`, `1250 JPY`, `12.500 KWD`. */
  format({ minor, currency }: Money): string {
    const { wireDigits, shownDigits } = Currency.rule(currency);
    const digits = String(Math.abs(minor)).padStart(wireDigits + 1, '0');
    const whole = digits.slice(0, digits.length - wireDigits);
    const fraction = digits.slice(digits.length - wireDigits).slice(0, shownDigits);
    const sign = minor < 0 ? '-' : '';
    return `${sign}${whole}${fraction && `.${fraction}`} ${currency.toUpperCase()}`;
  },

  /** The least that Stripe charges in this currency. */
  minimum: (currency: Currency): Money => ({ minor: Currency.rule(currency).minimum, currency }),
};
