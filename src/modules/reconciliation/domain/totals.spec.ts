import { describe, expect, test } from '@jest/globals';
import { aMovement, bookingOf } from '../../../../test/support/two-books.js';
import type { Movement, Pair } from './books.js';
import { isMovement } from './books.js';
import { balancesOf, totalsOf } from './totals.js';

/** The movement, and its booking where Stripe has one. */
function told(changes: Partial<Movement> = {}, isBooked = true): Pair {
  const movement = aMovement(changes);
  const booking = bookingOf(movement);
  return { movement, booking: isBooked && isMovement(booking) ? booking : null };
}

/** What only Stripe has. */
function booked(changes: Partial<Movement>, payment: string | null): Pair {
  const booking = bookingOf(aMovement(changes), { payment });
  return { movement: null, booking: isMovement(booking) ? booking : null };
}

const dispute = { kind: 'dispute', source: 'dp_1', amount: -4_000, fee: null } as const;
const refund = { kind: 'refund', source: 're_1', amount: -2_500, fee: null } as const;

describe('what moved in a currency of customers', () => {
  test('is told by its kinds: captured, refunded and disputed, less what came back', () =>
    expect(
      totalsOf([
        told(),
        told(refund),
        told({ ...refund, source: 're_2' }),
        told({ ...refund, kind: 'refund_return', amount: 2_500 }),
        told(dispute),
        told({ ...dispute, source: 'dp_2', amount: -1_500 }),
        told({ ...dispute, kind: 'dispute_return', amount: 4_000 }),
      ]),
    ).toEqual([
      {
        currency: 'usd',
        ledger_total: 6_000,
        stripe_total: 6_000,
        elsewhere_total: 0,
        captured: 10_000,
        refunded: 2_500,
        disputed: 1_500,
      },
    ]));
  test('is on each side what that side knows', () =>
    expect(totalsOf([told({}, false), booked({ amount: 3_000 }, 'pay_9')])).toMatchObject([
      { ledger_total: 10_000, stripe_total: 3_000, elsewhere_total: 0, captured: 3_000 },
    ]));
  test('was made elsewhere only where neither we know of it nor it names a payment of ours', () =>
    expect(
      totalsOf([booked({ amount: 3_000 }, null), { ...told(), booking: booked({}, null).booking }]),
    ).toMatchObject([{ elsewhere_total: 3_000, stripe_total: 13_000 }]));
  test('comes first where most moved, in and out alike', () => {
    const currencies = totalsOf([
      told({ currency: 'aud', amount: 3_000 }),
      told({ currency: 'cad', amount: 5_000 }),
      told({ currency: 'cad', amount: -5_000 }),
      told({ currency: 'bbd', amount: 4_000 }),
      told({ currency: 'bbd', amount: 4_000 }),
    ]).map(({ currency }) => currency);
    expect(currencies).toEqual(['cad', 'bbd', 'aud']);
  });
  test('comes in the order of the alphabet where as much moved', () => {
    const same = (...currencies: string[]) =>
      totalsOf(currencies.map((currency) => told({ currency }))).map(({ currency }) => currency);
    expect(same('usd', 'eur', 'gbp')).toEqual(['eur', 'gbp', 'usd']);
    expect(same('eur', 'gbp', 'usd')).toEqual(['eur', 'gbp', 'usd']);
  });
  test('is nothing where nothing moved', () => expect(totalsOf([])).toEqual([]));
});

describe('what came of it in a balance', () => {
  const balance = (amount: number, fee = 0, currency = 'usd') => ({
    balance: { amount, currency, fee, net: amount - fee },
  });
  const charge = aMovement();

  test('is summed over charges, refunds and disputes; payouts and whatever else stand beside it', () =>
    expect(
      balancesOf([
        bookingOf(charge, balance(10_000, 320)),
        bookingOf(charge, balance(5_000, 180)),
        bookingOf(charge, { kind: 'dispute', ...balance(-4_000, 1_500) }),
        bookingOf(charge, { kind: 'payout', ...balance(-6_000) }),
        bookingOf(charge, { kind: 'payout', ...balance(-500) }),
        bookingOf(charge, { kind: 'other', ...balance(-200, 10) }),
        bookingOf(charge, { kind: 'other', ...balance(-100) }),
      ]),
    ).toEqual([{ currency: 'usd', gross: 11_000, fees: 2_000, net: 9_000, paid_out: 6_500, other: -310 }]));
  test('is told for each currency, in the order of the alphabet', () => {
    const currencies = (...names: string[]) =>
      balancesOf(names.map((name) => bookingOf(charge, balance(100, 0, name)))).map(
        ({ currency }) => currency,
      );
    expect(currencies('usd', 'eur', 'gbp')).toEqual(['eur', 'gbp', 'usd']);
    expect(currencies('eur', 'gbp', 'usd')).toEqual(['eur', 'gbp', 'usd']);
  });
});
