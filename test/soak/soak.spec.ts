import { expect, test } from '@jest/globals';
import { soak } from './soak.js';

/** How often a slow machine gets to it; another one kills about twenty times in that half minute. */
const KILLS_AT_LEAST = 6;

test('a server that is killed again and again, with faults on every wire, loses nothing acknowledged and counts nothing twice', async () => {
  const terms = { minutes: 0.5, orders: 16, killsPerMinute: 60, kills: KILLS_AT_LEAST, faults: 0.1, seed: 7 };
  const { figures, struck, broken } = await soak(terms);
  expect(broken).toEqual([]);
  expect(figures['kills']).toBeGreaterThanOrEqual(KILLS_AT_LEAST);
  expect(figures['orders']).toBeGreaterThanOrEqual(terms.orders);
  expect(figures['captured']).toBeGreaterThan(0);
  expect(struck.size).toBeGreaterThan(10);
}, 300_000);
