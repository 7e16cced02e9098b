import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Currency, LARGEST_AMOUNT } from './currency.js';
import { Money } from './money.js';

const currencies = fc.constantFrom(...Currency.codes);

test('money as people write it reads back to the same amount in every currency', () => {
  fc.assert(
    fc.property(currencies, fc.integer({ min: 0, max: LARGEST_AMOUNT }), (currency, any) => {
      const { step, wireDigits, shownDigits } = Currency.rule(currency);
      const minor = any - (any % step);
      const [number = '', code] = Money.format(Money.of(minor, currency)).split(' ');
      expect(code).toBe(currency.toUpperCase());
      const [whole = '', fraction = ''] = number.split('.');
      expect(fraction).toHaveLength(shownDigits);
      expect(Number(whole + fraction.padEnd(wireDigits, '0'))).toBe(minor);
    }),
    { numRuns: 1000 },
  );
});
