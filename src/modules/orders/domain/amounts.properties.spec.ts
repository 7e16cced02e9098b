import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { amounts, type Ledger } from './amounts.js';

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

describe('the amounts of any order', () => {
  test('never owe both ways, and never go below nothing', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const { balanceDue, overpaid, available, owed, netPaid, collectable } = amounts(ledger);
        expect(Math.min(balanceDue, overpaid)).toBe(0);
        expect(Math.min(balanceDue, overpaid, available, owed, netPaid)).toBeGreaterThanOrEqual(0);
        expect(netPaid + balanceDue - overpaid).toBe(owed);
        expect(available).toBeLessThanOrEqual(collectable);
        expect(collectable).toBeLessThanOrEqual(balanceDue);
      }),
      { numRuns: 2000 },
    );
  });

  test('say paid when money came and nothing is due or too much, unless all of it is gone and the rest given up', () => {
    fc.assert(
      fc.property(ledgers, (ledger) => {
        const { balanceDue, overpaid, netPaid, paymentStatus } = amounts(ledger);
        expect(paymentStatus === 'overpaid').toBe(overpaid > 0);
        const isKept = netPaid > 0 || ledger.writtenOff <= ledger.movedToCredit;
        const isSettled = overpaid === 0 && balanceDue === 0 && ledger.captured > 0;
        expect(paymentStatus === 'paid').toBe(isSettled && isKept);
        if (paymentStatus === 'partially_paid') expect(Math.min(netPaid, balanceDue)).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
