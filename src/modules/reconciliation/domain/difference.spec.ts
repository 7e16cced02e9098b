import { describe, expect, test } from '@jest/globals';
import { aMovement, bookingOf } from '../../../../test/support/two-books.js';
import { difference, feeDifference, payoutDifference } from './difference.js';

const charge = aMovement();
const dollars = (amount: number) => ({ amount, currency: 'usd' });

describe('a difference', () => {
  test('that only our log has is told by our log', () =>
    expect(difference('unknown_at_stripe', charge, null)).toEqual({
      id: 'unknown_at_stripe:ch_1.charge',
      kind: 'unknown_at_stripe',
      stripe: null,
      source: 'ch_1',
      payment: 'pay_1',
      order: 'order_1',
      at: '2026-11-10T12:00:00.000Z',
      ledger: dollars(10_000),
      booked: null,
      amount: -10_000,
      currency: 'usd',
      explanation: null,
    }));
  test('that only Stripe has is told by Stripe', () =>
    expect(difference('missing_here', null, bookingOf(charge))).toEqual({
      id: 'missing_here:txn_ch_1_charge',
      kind: 'missing_here',
      stripe: 'txn_ch_1_charge',
      source: 'ch_1',
      payment: 'pay_1',
      order: null,
      at: '2026-11-10T12:00:02.000Z',
      ledger: null,
      booked: dollars(10_000),
      amount: 10_000,
      currency: 'usd',
      explanation: null,
    }));
  test('that Stripe books under nothing at all has neither source nor payment', () =>
    expect(
      difference('made_elsewhere', null, bookingOf(charge, { source: null, payment: null })),
    ).toMatchObject({ source: null, payment: null, id: 'made_elsewhere:txn_ch_1_charge' }));
  test('in amount is Stripe’s amount less ours, at the time when Stripe booked it', () =>
    expect(difference('amount_differs', charge, bookingOf(charge, { amount: 9_000 }))).toMatchObject({
      id: 'amount_differs:txn_ch_1_charge',
      at: '2026-11-10T12:00:02.000Z',
      order: 'order_1',
      ledger: dollars(10_000),
      booked: dollars(9_000),
      amount: -1_000,
      currency: 'usd',
    }));
  test('in currency is all that Stripe booked: ours is not of that currency', () =>
    expect(difference('currency_differs', charge, bookingOf(charge, { currency: 'eur' }))).toMatchObject({
      ledger: dollars(10_000),
      booked: { amount: 10_000, currency: 'eur' },
      amount: 10_000,
      currency: 'eur',
    }));
  test.each([
    ['made_elsewhere', /Not made by Quittance/],
    ['not_booked_yet', /has not booked it yet/],
    ['booked_in_another_period', /counts where Stripe booked it/],
  ] as const)('that is %s needs nobody to explain it', (kind, sentence) =>
    expect(difference(kind, charge, bookingOf(charge)).explanation).toMatch(sentence),
  );
});

describe('another fee', () => {
  test('is told as Stripe kept it and as we know it, of the charge', () =>
    expect(
      feeDifference(charge, bookingOf(charge, { balance: { ...dollars(10_000), fee: 350, net: 9_650 } })),
    ).toMatchObject({
      id: 'fee_differs:txn_ch_1_charge',
      kind: 'fee_differs',
      payment: 'pay_1',
      ledger: dollars(320),
      booked: dollars(350),
      amount: 30,
      currency: 'usd',
    }));
  test('than none that we know of is all of it', () =>
    expect(feeDifference(aMovement({ fee: null }), bookingOf(charge))).toMatchObject({
      ledger: null,
      booked: dollars(320),
      amount: 320,
    }));
});

test('a payout that is not the sum of what is in it is told with both', () =>
  expect(
    payoutDifference({ id: 'po_1', at: '2026-11-12T00:00:00.000Z', ...dollars(7_180), sum: 7_000 }, 7_000),
  ).toEqual({
    id: 'payout_differs:po_1',
    kind: 'payout_differs',
    stripe: 'po_1',
    source: 'po_1',
    payment: null,
    order: null,
    at: '2026-11-12T00:00:00.000Z',
    ledger: dollars(7_000),
    booked: dollars(7_180),
    amount: 180,
    currency: 'usd',
    explanation: null,
  }));
