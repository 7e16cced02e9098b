import { describe, expect, test } from '@jest/globals';
import { checkAmount } from './amounts.js';
import { isCurrency, shown, smallestCharge, stepOf } from './currencies.js';
import { cardNamed, cardNumbered, passesLuhn, testCards } from './test-cards.js';

describe('currencies', () => {
  test.each([
    [12_345, 'usd', '123.45 USD'],
    [5, 'gbp', '0.05 GBP'],
    [1_234_567, 'jpy', '1,234,567 JPY'],
    [1_234_560, 'kwd', '1,234.560 KWD'],
    [-2000, 'eur', '-20.00 EUR'],
    [17_500, 'huf', '175.00 HUF'],
  ])('%i is shown as it is written', (amount, currency, text) => expect(shown(amount, currency)).toBe(text));

  test('have a smallest charge and a step', () => {
    expect([smallestCharge('usd'), smallestCharge('gbp'), smallestCharge('jpy')]).toEqual([50, 30, 50]);
    expect([stepOf('kwd'), stepOf('isk'), stepOf('usd')]).toEqual([10, 100, 1]);
    expect([isCurrency('usd'), isCurrency('xxx')]).toEqual([true, false]);
  });

  test.each([
    [0, 'usd'],
    [49, 'usd'],
    [100_000_000, 'usd'],
    [10_001, 'kwd'],
    [1050, 'isk'],
  ])('%i %s is not charged', (amount, currency) => expect(() => checkAmount(amount, currency)).toThrow());
});

describe('test cards', () => {
  test('have numbers that pass the check digit, and a name each', () => {
    expect(testCards.filter(({ number }) => !passesLuhn(number))).toEqual([]);
    expect(new Set(testCards.map(({ number }) => number)).size).toBe(testCards.length);
    for (const card of testCards)
      expect([cardNamed(card.name), cardNumbered(card.number)]).toEqual([card, card]);
  });

  test('are known with and without their brand', () => {
    expect(cardNamed('chargeDeclined')).toBe(cardNamed('visa_chargeDeclined'));
    expect(cardNamed('nobody')).toBeUndefined();
  });
});
