import { describe, expect, test } from '@jest/globals';
import { Currency } from './currency.js';

const rules = Currency.codes.map((code) => ({ code, ...Currency.rule(code) }));
const codesWith = (fits: (rule: (typeof rules)[number]) => boolean) =>
  rules.filter(fits).map(({ code }) => code);

describe('the table of currencies', () => {
  test('holds each lower-case code once', () => {
    expect(new Set(Currency.codes).size).toBe(Currency.codes.length);
    expect(codesWith(({ wireDigits }) => wireDigits === 2)).toHaveLength(120);
    expect(Currency.codes).toEqual([...Currency.codes].sort());
    for (const code of Currency.codes) expect(code).toMatch(/^[a-z]{3}$/);
  });
  test('knows the currencies without decimals', () =>
    expect(codesWith(({ wireDigits }) => wireDigits === 0).join(' ')).toBe(
      'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf',
    ));
  test('knows the currencies with three, which go in steps of ten', () => {
    expect(codesWith(({ wireDigits }) => wireDigits === 3).join(' ')).toBe('bhd jod kwd omr tnd');
    expect(codesWith(({ step }) => step === 10).join(' ')).toBe('bhd jod kwd omr tnd');
  });
  test('knows those that have two at Stripe and none for people', () => {
    expect(codesWith(({ wireDigits, shownDigits }) => wireDigits !== shownDigits)).toEqual(['isk', 'ugx']);
    expect(codesWith(({ step }) => step === 100)).toEqual(['isk', 'ugx']);
  });
  test.each([
    ['usd', 50],
    ['gbp', 30],
    ['huf', 17_500],
    ['jpy', 50],
    ['mxn', 1000],
    ['bhd', 500],
    ['isk', 100],
    ['zar', 50],
  ])('knows what Stripe charges at least in %s: %p', (code, minimum) =>
    expect(Currency.rule(code as Currency).minimum).toBe(minimum),
  );
  test('has minimums that can be charged', () => {
    for (const { minimum, step } of rules) {
      expect(minimum).toBeGreaterThan(0);
      expect(minimum % step).toBe(0);
    }
  });
  test.each(['USD', 'xyz', '', 'usd ', '__proto__', 'constructor', 'toString'])(
    'does not know %p',
    (code) => {
      expect(Currency.is(code)).toBe(false);
      expect(() => Currency.rule(code as Currency)).toThrow('no rule');
    },
  );
});
