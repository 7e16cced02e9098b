import { describe, expect, test } from '@jest/globals';
import { amounts, emptyLedger } from './amounts.js';

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
    [
      'a dispute holds a part of what is due',
      { total: 100, captured: 30, withdrawn: 30, contested: 30, reserved: 20 },
      { balanceDue: 100, collectable: 70, available: 50 },
    ],
    [
      'disputes hold more than is due',
      { total: 100, captured: 150, withdrawn: 60, contested: 60 },
      { balanceDue: 10, collectable: 0, available: 0, overpaid: 0 },
    ],
    [
      'a decided dispute is collected again',
      { total: 100, captured: 100, withdrawn: 40 },
      { balanceDue: 40, collectable: 40, available: 40 },
    ],
    [
      'more was written off and credited than was asked',
      { total: 100, captured: 30, writtenOff: 60, credited: 50 },
      { owed: 0, overpaid: 30, paymentStatus: 'overpaid' },
    ],
    [
      'more went out than came',
      { total: 100, captured: 130, movedToCredit: 30, withdrawn: 130 },
      { netPaid: -30, owed: 100, balanceDue: 130, paymentStatus: 'unpaid' },
    ],
    [
      'more went out than came, and all of it was written off',
      { total: 100, captured: 130, movedToCredit: 30, withdrawn: 130, writtenOff: 130 },
      { netPaid: -30, owed: -30, balanceDue: 0, overpaid: 0, paymentStatus: 'unpaid' },
    ],
    [
      'more went out than came, and more was written off than that',
      { total: 100, captured: 130, movedToCredit: 30, withdrawn: 130, writtenOff: 150 },
      { owed: -30, balanceDue: 0, overpaid: 0 },
    ],
    [
      'all of it went back and was credited',
      { total: 100, captured: 100, refunded: 100, credited: 100 },
      { balanceDue: 0, paymentStatus: 'paid' },
    ],
    [
      'a part came, went back, and the rest was given up',
      { total: 100, captured: 30, refunded: 30, credited: 30, writtenOff: 70 },
      { balanceDue: 0, paymentStatus: 'unpaid' },
    ],
    [
      'a dispute took all of it, and it was given up',
      { total: 100, captured: 100, withdrawn: 100, writtenOff: 100 },
      { balanceDue: 0, paymentStatus: 'unpaid' },
    ],
    [
      'all of it became credit',
      { total: 100, captured: 100, movedToCredit: 100, writtenOff: 100 },
      { balanceDue: 0, paymentStatus: 'paid' },
    ],
    [
      'all but a penny came and became credit',
      { total: 100, captured: 99, movedToCredit: 99, writtenOff: 100 },
      { balanceDue: 0, paymentStatus: 'unpaid' },
    ],
    [
      'a penny is left',
      { total: 100, captured: 100, refunded: 99, writtenOff: 99 },
      { balanceDue: 0, paymentStatus: 'paid' },
    ],
    ['nothing was refunded', { total: 100, captured: 100 }, { refundStatus: 'none' }],
    ['nothing came and nothing was refunded', { total: 100 }, { refundStatus: 'none' }],
    [
      'all but a penny was refunded',
      { total: 100, captured: 100, refunded: 99 },
      { refundStatus: 'partial' },
    ],
    ['all was refunded', { total: 100, captured: 100, refunded: 100 }, { refundStatus: 'full' }],
    [
      'what did not become credit was refunded',
      { total: 100, captured: 130, movedToCredit: 30, refunded: 100 },
      { refundStatus: 'full' },
    ],
    [
      'what a dispute left was refunded',
      { total: 100, captured: 100, withdrawn: 40, refunded: 60 },
      { refundStatus: 'partial' },
    ],
  ] as const)('%s', (_, sums, expected) => {
    expect(amounts({ ...emptyLedger, ...sums })).toMatchObject(expected);
  });
});
