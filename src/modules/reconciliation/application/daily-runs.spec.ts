import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ABookkeeper, keyRefused, rightMissing, store } from '../../../../test/support/a-bookkeeper.js';
import { settled } from '../../../../test/support/virtual-clock.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { DailyRuns } from './daily-runs.js';
import { BooksForbidden } from './ports/stripe-books.port.js';
import { reconciliationRuns } from './projections/reconciliation-runs.projection.js';

const DAY_MS = 24 * 3_600_000;

let bookkeeper: ABookkeeper;
beforeEach(async () => {
  bookkeeper = new ABookkeeper();
  await bookkeeper.start();
});
afterEach(() => bookkeeper.close());

const statuses = async () => {
  const { rows } = await bookkeeper.readModel.find(reconciliationRuns, {
    where: { store, trigger: 'daily' },
    limit: 100,
  });
  return rows.map(({ from, status }) => `${from.slice(0, 10)} ${status}`).sort();
};

test.each([
  ['a key that works', keyRefused],
  ['a right that its key lacks', () => new BooksForbidden('no right to read payouts')],
])('a day waits for %s', async (_, refusal) => {
  bookkeeper.books.failures.push(refusal(), refusal());
  await askedFor();
  expect(await statuses()).toEqual(['2026-11-19 running']);
  await bookkeeper.clock.advance(600_000);
  await settled(50);
  expect(await statuses()).toEqual(['2026-11-19 clean']);
});

test('a day waits for a right to look at a payment of it', async () => {
  await bookkeeper.anUnheardPayment('pay_1');
  bookkeeper.book('pay_1', { at: '2026-11-19T12:00:00.000Z' });
  bookkeeper.onLook = rightMissing;
  await askedFor();
  expect(await statuses()).toEqual(['2026-11-19 running']);
  bookkeeper.onLook = () => undefined;
  await bookkeeper.clock.advance(600_000);
  await settled(50);
  expect(await statuses()).toEqual(['2026-11-19 clean']);
});

test('no more than a week of days waits for it; those after them are made up for then', async () => {
  bookkeeper.books.failures.push(...new Array<Refusal>(100_000).fill(keyRefused()));
  for (let day = 0; day < 45; day++) {
    await askedFor();
    await bookkeeper.clock.advance(DAY_MS);
  }
  expect((await statuses()).filter((each) => each.endsWith('running'))).toHaveLength(7);
  bookkeeper.books.failures.length = 0;
  await bookkeeper.clock.advance(600_000);
  await settled(200);
  await askedFor();
  await settled(400);
  const made = await statuses();
  expect(made.filter((each) => !each.endsWith('clean'))).toEqual([]);
  expect(made).toHaveLength(46);
});

async function askedFor(): Promise<readonly string[]> {
  const { commands, readModel, stores, ids, clock } = bookkeeper;
  await new DailyRuns(commands, readModel, stores, ids, clock).request();
  await settled(50);
  const where = { store, trigger: 'daily' };
  const { rows } = await readModel.find(reconciliationRuns, { where, limit: 100 });
  return rows.map(({ from }) => from.slice(0, 10)).sort();
}

test('each day is compared once, two hours after it has ended', async () => {
  expect(await askedFor()).toEqual(['2026-11-19']);
  expect(await askedFor()).toEqual(['2026-11-19']);
  await bookkeeper.clock.advance(16 * 3_600_000);
  expect(await askedFor()).toEqual(['2026-11-19']);
  await bookkeeper.clock.advance(2 * 3_600_000);
  expect(await askedFor()).toEqual(['2026-11-19', '2026-11-20']);
});

test('days that nobody was there for are made up for', async () => {
  await askedFor();
  await bookkeeper.clock.advance(3 * DAY_MS);
  expect(await askedFor()).toEqual(['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']);
});
