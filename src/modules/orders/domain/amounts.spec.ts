import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { amounts, emptyLedger, type Ledger } from './amounts.js';

const minor = fc.integer({ min: 0, max: 99_999_999 });

/** Any ledger that facts can add up to: never more given back than came. */
const ledgers: fc.Arbitrary<Ledger> = fc
  .record({
    total: minor,
    captured: minor,
    back: fc.tuple(minor, minor, minor, minor),
    credited: minor,
    writtenOff: minor,
    reserved: minor,
  })
  .map(({ back, captured, ...rest }) => {
    const refunded = Math.min(back[0], captured);
    const withdrawn = Math.min(back[1], captured - refunded);
    const movedToCredit = Math.min(back[2], captured - refunded - withdrawn);
    const contested = Math.min(back[3], withdrawn);
    return { ...rest, captured, refunded, withdrawn, contested, movedToCredit };
  });

describe('the amounts of an order', () => {
  test.each([
    [
      'nothing came',
      { total: 100 },
      { balanceDue: 100, available: 100, overpaid: 0, paymentStatus: 'unpaid' },
    ],
    ['nothing is asked', {}, { balanceDue: 0, available: 0, paymentStatus: 'unpaid' }],
    ['a part came', { total: 100, captured: 30 }, { balanceDue: 70, paymentStatus: 'partially_paid' }],
    ['all came', { total: 100, captured: 100 }, { balanceDue: 0, paymentStatus: 'paid' }],
    ['more came', { total: 100, captured: 130 }, { overpaid: 30, balanceDue: 0, paymentStatus: 'overpaid' }],
    [
      'a part is held',
      { total: 100, reserved: 40 },
      { balanceDue: 100, available: 60, paymentStatus: 'unpaid' },
    ],
    [
      'all of it went back',
      { total: 100, captured: 100, refunded: 100 },
      { balanceDue: 100, paymentStatus: 'unpaid' },
    ],
    [
      'goods came back and were credited',
      { total: 100, captured: 100, refunded: 40, credited: 40 },
      { owed: 60, balanceDue: 0, paymentStatus: 'paid' },
    ],
    [
      'a wrong charge went back',
      { total: 100, captured: 100, refunded: 40 },
      { balanceDue: 40, paymentStatus: 'partially_paid' },
    ],
    [
      'the rest was written off',
      { total: 100, captured: 30, writtenOff: 70 },
      { owed: 30, paymentStatus: 'paid' },
    ],
    [
      'a dispute took it',
      { total: 100, captured: 100, withdrawn: 100 },
      { balanceDue: 100, paymentStatus: 'unpaid' },
    ],
    [
      'the excess became credit',
      { total: 100, captured: 130, movedToCredit: 30 },
      { netPaid: 100, paymentStatus: 'paid' },
    ],
  ] as const)('%s', (_, sums, expected) => {
    expect(amounts({ ...emptyLedger, ...sums })).toMatchObject(expected);
  });

  test('never owe both ways, and never go below nothing', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const { balanceDue, overpaid, available, owed, netPaid } = amounts(ledger);
        expect(Math.min(balanceDue, overpaid)).toBe(0);
        expect(Math.min(balanceDue, overpaid, available, owed, netPaid)).toBeGreaterThanOrEqual(0);
        expect(netPaid + balanceDue - overpaid).toBe(owed);
        expect(available).toBeLessThanOrEqual(balanceDue);
      }),
      { numRuns: 2000 },
    );
  });

  test('say paid exactly when money came and nothing is due or too much', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const { balanceDue, overpaid, netPaid, paymentStatus } = amounts(ledger);
        expect(paymentStatus === 'overpaid').toBe(overpaid > 0);
        expect(paymentStatus === 'paid').toBe(overpaid === 0 && balanceDue === 0 && ledger.captured > 0);
        if (paymentStatus === 'partially_paid') expect(Math.min(netPaid, balanceDue)).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
