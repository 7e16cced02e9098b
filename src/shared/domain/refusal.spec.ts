import { expect, test } from '@jest/globals';
import { Refusal } from './refusal.js';

test('a refusal says in one line of the log which rule said no, and why', () => {
  const refusal = new Refusal('order_settled', 'Nothing is due on this order.');
  expect(String(refusal)).toBe('Refusal: order_settled: Nothing is due on this order.');
  expect(refusal).toBeInstanceOf(Error);
  expect(refusal.facts).toEqual({});
});
