import { describe, expect, test } from '@jest/globals';
import { aMovement, bookingOf, booksOf, november } from '../../../../test/support/two-books.js';
import { type Books, type Movement, movementKey } from './books.js';
import { compare, unexplainedFirst } from './comparison.js';
import { difference } from './difference.js';

const charge = aMovement();
const october = aMovement({ source: 'ch_0', payment: 'pay_0', at: '2026-10-20T12:00:00.000Z' });
const told = (books: Partial<Books>, ...movements: Movement[]) =>
  compare({ ...booksOf(...movements), ...books }, november);

describe('what lies outside of the period', () => {
  test('is no difference, whichever book has it alone', () => {
    expect(told({ bookings: [] }, october).differences).toEqual([]);
    expect(told({ movements: [] }, october).differences).toEqual([]);
  });
  test('is in no total and no balance', () =>
    expect(told({}, october, charge)).toMatchObject({
      totals: [{ ledger_total: 10_000, stripe_total: 10_000 }],
      balances: [{ gross: 10_000, fees: 320 }],
      matched: 1,
    }));
  test('of a payout is not looked at', () => {
    const payout = { id: 'po_1', amount: 7_180, sum: 7_000, currency: 'usd' };
    const of = (at: string) => told({ payouts: [{ ...payout, at }] }, charge).differences;
    expect(of('2026-10-31T00:00:00.000Z')).toEqual([]);
    expect(of(november.to)).toEqual([]);
    expect(of(november.from)).toHaveLength(1);
  });
});

describe('what is booked in another period than it came', () => {
  const early = aMovement({ at: '2026-10-31T23:59:59.000Z' });

  test('is compared where it was booked, with every other difference that it has', () =>
    expect(
      told({ bookings: [bookingOf(early, { amount: 9_000 })] }, early).differences.map(({ kind }) => kind),
    ).toEqual(['amount_differs', 'booked_in_another_period']));
  test('is not compared where it came', () => {
    const late = aMovement({ at: '2026-11-30T23:59:59.000Z', fee: null });
    const bookings = [bookingOf(late, { amount: 9_000, currency: 'eur' })];
    expect(told({ bookings }, late)).toMatchObject({
      differences: [{ kind: 'booked_in_another_period' }],
      matched: 0,
      totals: [],
    });
  });
});

describe('what counts as told alike', () => {
  test('is of the same amount and the same currency', () => {
    expect(told({}, charge).matched).toBe(1);
    expect(told({ bookings: [bookingOf(charge, { amount: 9_999 })] }, charge).matched).toBe(0);
    expect(told({ bookings: [bookingOf(charge, { currency: 'eur' })] }, charge).matched).toBe(0);
  });
  test('is in both books', () => {
    expect(told({ bookings: [] }, charge).matched).toBe(0);
    expect(told({ movements: [] }, charge).matched).toBe(0);
  });
});

describe('what only our log has', () => {
  test('counts in our total where Stripe does not know it', () =>
    expect(told({ bookings: [] }, charge).totals).toMatchObject([{ ledger_total: 10_000, stripe_total: 0 }]));
  test('counts nowhere yet where Stripe is still to book it', () =>
    expect(told({ bookings: [], unbooked: new Set([movementKey(charge)]) }, charge).totals).toEqual([]));
});

describe('a fee', () => {
  test('differs also where it is of another currency', () => {
    const [found] = told(
      { movements: [{ ...charge, fee: { amount: 320, currency: 'eur' } }] },
      charge,
    ).differences;
    expect(found).toMatchObject({ kind: 'fee_differs', amount: 320, currency: 'usd' });
  });
  test('is looked at for charges alone', () => {
    const refund = aMovement({ kind: 'refund', source: 're_1', amount: -2_500, fee: null });
    const bookings = [
      bookingOf(refund, { balance: { amount: -2_500, currency: 'usd', fee: 10, net: -2_510 } }),
    ];
    expect(told({ bookings }, refund).differences).toEqual([]);
  });
});

describe('movements by one object', () => {
  const out = aMovement({ kind: 'dispute', source: 'dp_1', amount: -4_000, fee: null });
  const again = { ...out, amount: -1_000, at: '2026-11-25T12:00:00.000Z' };

  test('go with their bookings in the order of time, however either book is sorted', () => {
    const bookings = [bookingOf(again, { id: 'txn_2' }), bookingOf(out, { id: 'txn_1' })];
    expect(told({ bookings }, out, again)).toMatchObject({ differences: [], matched: 2 });
    expect(told({ bookings: bookings.toReversed() }, again, out)).toMatchObject({
      differences: [],
      matched: 2,
    });
  });
});

describe('differences', () => {
  const at = (source: string, day: string, kind: 'unknown_at_stripe' | 'not_booked_yet') =>
    difference(kind, aMovement({ source, at: `2026-11-${day}T12:00:00.000Z` }), null);
  const order = (...found: ReturnType<typeof at>[]) => unexplainedFirst(found).map(({ source }) => source);

  test('come in one order, however they were found: unexplained first, then the newest, then by name', () => {
    const found = [
      at('ch_z', '12', 'unknown_at_stripe'),
      at('ch_b', '11', 'unknown_at_stripe'),
      at('ch_c', '11', 'unknown_at_stripe'),
      at('ch_y', '14', 'not_booked_yet'),
      at('ch_e', '13', 'not_booked_yet'),
      at('ch_f', '13', 'not_booked_yet'),
    ];
    const expected = ['ch_z', 'ch_b', 'ch_c', 'ch_y', 'ch_e', 'ch_f'];
    expect(order(...found)).toEqual(expected);
    expect(order(...found.toReversed())).toEqual(expected);
    const mixed = [3, 1, 5, 0, 4, 2].flatMap((place) => found.slice(place, place + 1));
    expect(order(...mixed)).toEqual(expected);
  });
});
