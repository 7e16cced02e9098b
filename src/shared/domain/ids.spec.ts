import { expect, test } from '@jest/globals';
import { bareId } from './ids.js';

test('an id without its prefix names the stream, also where more of them come', () => {
  expect(bareId('order_0192f3a4')).toBe('0192f3a4');
  expect(bareId('stripe_evt_1')).toBe('evt_1');
});
