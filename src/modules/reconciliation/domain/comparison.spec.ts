import { describe, expect, test } from '@jest/globals';
import { aMovement, bookingOf, booksOf, november } from '../../../../test/support/two-books.js';
import { type Booking, type Books, movementKey } from './books.js';
import { compare } from './comparison.js';

const charge = aMovement();
const refund = aMovement({ kind: 'refund', source: 're_1', amount: -2_500, fee: null });
const books = booksOf(charge, refund);

function found(changed: Partial<Books>) {
  return compare({ ...books, ...changed }, november).differences;
}

const kinds = (changed: Partial<Books>) => found(changed).map(({ kind }) => kind);

/** The books, with the booking of the charge changed. */
const chargeBooked = (changes: Partial<Booking>) => ({
  bookings: [bookingOf(charge, changes), bookingOf(refund)],
});

describe('books that tell the same', () => {
  test('have no difference, and the same total', () => {
    const { differences, matched, totals } = compare(books, november);
    expect([differences, matched]).toEqual([[], 2]);
    expect(totals).toEqual([
      {
        currency: 'usd',
        ledger_total: 7_500,
        stripe_total: 7_500,
        elsewhere_total: 0,
        captured: 10_000,
        refunded: 2_500,
        disputed: 0,
      },
    ]);
  });

  test('say what Stripe kept and what it sent to the bank', () => {
    const payout = bookingOf(charge, {
      id: 'txn_po',
      kind: 'payout',
      source: 'po_1',
      balance: { amount: -7_000, currency: 'usd', fee: 0, net: -7_000 },
    });
    const fee = { ...payout, id: 'txn_fee', kind: 'other' as const };
    const monthly = { ...fee, balance: { amount: -200, currency: 'usd', fee: 0, net: -200 } };
    const { balances, differences } = compare(
      { ...books, bookings: [...books.bookings, payout, monthly] },
      november,
    );
    expect(differences).toEqual([]);
    expect(balances).toEqual([
      { currency: 'usd', gross: 7_500, fees: 320, net: 7_180, paid_out: 7_000, other: -200 },
    ]);
  });

  test('compare what the customer paid, where the balance is kept in another currency', () => {
    const converted = { balance: { amount: 9_200, currency: 'eur', fee: 297, net: 8_903 } };
    const movements = [{ ...charge, fee: { amount: 297, currency: 'eur' } }, refund];
    const { differences, totals, balances } = compare(
      { ...books, movements, ...chargeBooked(converted) },
      november,
    );
    expect(differences).toEqual([]);
    expect(totals.map(({ currency }) => currency)).toEqual(['usd']);
    expect(balances.map(({ currency }) => currency)).toEqual(['eur', 'usd']);
  });

  test('hold no offline money, and nothing of another period', () => {
    const before = aMovement({ source: 'ch_0', at: '2026-10-31T23:00:00.000Z' });
    const books = booksOf(before);
    expect(compare(books, november)).toMatchObject({ differences: [], matched: 0, totals: [] });
  });
});

describe('a difference is named', () => {
  test('where our log has a charge that Stripe does not know', () => {
    expect(found({ bookings: [bookingOf(refund)] })).toEqual([
      expect.objectContaining({
        id: 'unknown_at_stripe:ch_1.charge',
        kind: 'unknown_at_stripe',
        stripe: null,
        source: 'ch_1',
        payment: 'pay_1',
        order: 'order_1',
        ledger: { amount: 10_000, currency: 'usd' },
        booked: null,
        amount: -10_000,
        explanation: null,
      }),
    ]);
  });

  test('where Stripe has a refund of a payment of ours that our log does not know', () => {
    expect(found({ movements: [charge] })).toEqual([
      expect.objectContaining({
        kind: 'missing_here',
        stripe: 'txn_re_1_refund',
        payment: 'pay_1',
        amount: -2_500,
        explanation: null,
      }),
    ]);
  });

  test('where the amounts differ: by how much', () => {
    const [difference] = found(chargeBooked({ amount: 10_500 }));
    expect(difference).toMatchObject({ kind: 'amount_differs', amount: 500, explanation: null });
  });

  test('where the currencies differ', () => {
    expect(kinds(chargeBooked({ currency: 'eur' }))).toEqual(['currency_differs']);
  });

  test('where the fee differs, or was never recorded here', () => {
    const [difference] = found(chargeBooked({ balance: { ...balanceOf(charge), fee: 350 } }));
    expect(difference).toMatchObject({
      kind: 'fee_differs',
      ledger: { amount: 320 },
      booked: { amount: 350 },
      amount: 30,
    });
    const movements = [{ ...charge, fee: null }, refund];
    expect(kinds({ movements, bookings: [bookingOf(charge), bookingOf(refund)] })).toEqual(['fee_differs']);
  });

  test('where a payout is not the sum of what is in it, but not where Stripe does not tell', () => {
    const at = '2026-11-12T00:00:00.000Z';
    const payout = { id: 'po_1', amount: 7_180, currency: 'usd', at };
    expect(kinds({ payouts: [{ ...payout, sum: 7_180 }] })).toEqual([]);
    expect(kinds({ payouts: [{ ...payout, sum: null }] })).toEqual([]);
    expect(found({ payouts: [{ ...payout, sum: 7_000 }] })).toMatchObject([
      { kind: 'payout_differs', stripe: 'po_1', amount: 180 },
    ]);
  });

  test('with those first that nobody has explained', () => {
    const elsewhere = bookingOf(charge, { id: 'txn_x', source: 'ch_x', charge: 'ch_x', payment: null });
    expect(kinds({ bookings: [elsewhere, bookingOf(charge)] })).toEqual([
      'unknown_at_stripe',
      'made_elsewhere',
    ]);
  });
});

describe('what only looks like a difference is explained', () => {
  test('a payment that was not made by us', () => {
    const elsewhere = bookingOf(charge, { id: 'txn_x', source: 'ch_x', charge: 'ch_x', payment: null });
    const bookings = [...books.bookings, elsewhere];
    expect(found({ bookings })).toMatchObject([
      { kind: 'made_elsewhere', explanation: expect.stringContaining('Not made by Quittance') },
    ]);
    const [total] = compare({ ...books, bookings }, november).totals;
    expect(total).toMatchObject({ ledger_total: 7_500, stripe_total: 17_500, elsewhere_total: 10_000 });
  });

  test('money that Stripe has taken and not booked yet; it counts once it is booked', () => {
    const unbooked = new Set([movementKey(charge)]);
    const changed = { bookings: [bookingOf(refund)], unbooked };
    expect(found(changed)).toMatchObject([
      { kind: 'not_booked_yet', explanation: expect.stringContaining('not booked it yet') },
    ]);
    const [total] = compare({ ...books, ...changed }, november).totals;
    expect(total).toMatchObject({ ledger_total: -2_500, stripe_total: -2_500 });
  });

  test('money that came in the last second here and is booked in the first second of the next month there', () => {
    const late = aMovement({ at: '2026-11-30T23:59:59.500Z' });
    const december = { from: november.to, to: '2027-01-01T00:00:00.000Z' };
    const told = [november, december].map((period) => compare(booksOf(late), period));
    expect(told.map(({ differences }) => differences)).toMatchObject([
      [{ kind: 'booked_in_another_period', explanation: expect.any(String) }],
      [{ kind: 'booked_in_another_period', explanation: expect.any(String) }],
    ]);
    expect(told.map(({ matched }) => matched)).toEqual([0, 1]);
    expect(told[1]?.totals).toMatchObject([{ ledger_total: 10_000, stripe_total: 10_000 }]);
  });
});

describe('money that moves to and fro', () => {
  const out = aMovement({ kind: 'dispute', source: 'dp_1', amount: -4_000, fee: null });
  const back = { ...out, kind: 'dispute_return', amount: 4_000, at: '2026-11-20T12:00:00.000Z' } as const;
  const again = { ...out, at: '2026-11-25T12:00:00.000Z' };

  test('is compared movement by movement, in the order of time', () => {
    const bookings = [out, back, again].map((movement, at) => bookingOf(movement, { id: `txn_${at}` }));
    const moved = { movements: [again, back, out], bookings };
    expect(compare({ ...books, ...moved }, november)).toMatchObject({ matched: 3, differences: [] });
    const lost = { ...moved, movements: [out, back] };
    expect(found(lost)).toMatchObject([{ kind: 'missing_here', stripe: 'txn_2', amount: -4_000 }]);
  });
});

function balanceOf({ amount, currency }: typeof charge) {
  return { amount, currency, fee: 320, net: amount - 320 };
}
