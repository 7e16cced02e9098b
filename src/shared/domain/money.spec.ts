import { describe, expect, test } from '@jest/globals';
import { Currency, LARGEST_AMOUNT } from './currency.js';
import { Money } from './money.js';
import { Refusal } from './refusal.js';

describe('money as people write it', () => {
  test.each([
    [0, 'usd', '0.00 USD'],
    [1, 'usd', '0.01 USD'],
    [1250, 'usd', '12.50 USD'],
    [99_999_999, 'usd', '999999.99 USD'],
    [1250, 'jpy', '1250 JPY'],
    [0, 'jpy', '0 JPY'],
    [12_500, 'kwd', '12.500 KWD'],
    [10, 'kwd', '0.010 KWD'],
    [0, 'kwd', '0.000 KWD'],
    [12_300, 'isk', '123 ISK'],
    [100, 'ugx', '1 UGX'],
    [0, 'ugx', '0 UGX'],
  ])('%p %s is %s', (minor, currency, text) => expect(Money.format(Money.of(minor, currency))).toBe(text));

  test('a discount keeps its sign', () => {
    expect(Money.format({ minor: -5, currency: 'usd' as Currency })).toBe('-0.05 USD');
    expect(Money.format({ minor: -5, currency: 'jpy' as Currency })).toBe('-5 JPY');
  });
});

describe('an amount', () => {
  const refusal = (minor: number, currency: string) => {
    try {
      return Money.of(minor, currency);
    } catch (error) {
      if (!(error instanceof Refusal)) return error;
      expect(error.detail).toMatch(/\S.*\.$/);
      return [error.code, error.facts.param];
    }
  };

  test.each(Currency.codes)('of %s goes in its steps, from 0 to the largest', (currency) => {
    const { step, minimum } = Currency.rule(currency);
    const largest = LARGEST_AMOUNT - (LARGEST_AMOUNT % step);
    for (const minor of [0, step, minimum, largest])
      expect(Money.of(minor, currency)).toEqual({ minor, currency });
    if (step > 1) expect(refusal(step + 1, currency)).toEqual(['validation_failed', '/amount']);
    expect(Money.minimum(currency as Currency)).toEqual({ minor: minimum, currency });
  });
  test.each([
    -1,
    -0.5,
    0.5,
    12.3,
    LARGEST_AMOUNT + 1,
    1e21,
    Number.MAX_SAFE_INTEGER + 1,
    Number.NaN,
    Infinity,
  ])('is not %p', (minor) => expect(refusal(minor, 'usd')).toEqual(['validation_failed', '/amount']));
  test('in other steps than the currency goes in is refused with the steps', () =>
    expect(() => Money.of(1001, 'kwd')).toThrow('Amounts in KWD are multiples of 10.'));
  test.each(['xyz', 'USD', '', '__proto__'])(
    'has a currency that Stripe charges, which %p is not',
    (currency) => expect(refusal(100, currency)).toEqual(['currency_unsupported', '/currency']),
  );
});
