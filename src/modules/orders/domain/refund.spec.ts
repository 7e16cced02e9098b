import { describe, test } from '@jest/globals';
import {
  applied,
  applyRefund,
  becomes,
  dollars,
  opened,
  refunded,
  total,
  unrefunded,
  withdrawn,
} from '../../../../test/support/an-order.js';
import { specification } from '../../../../test/support/specification.js';
import { Money } from '../../../shared/domain/money.js';
import { emptyLedger } from './amounts.js';
import type { OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';

const { given } = specification(orderDecider);
const paid = [opened(), applied('pay_1', 10_000)];
const ledger = { ...emptyLedger, total: 10_000, captured: 10_000 };

describe('a refund for goods that came back', () => {
  test('lowers what is owed by as much, so that a paid order stays paid', () => {
    const step = given(...paid).when(applyRefund('refund_1', 30));
    step.then(refunded('refund_1', 3000));
    step.thenState({ ledger: { ...ledger, refunded: 3000, credited: 3000 } });
  });
  test('of all that came leaves a paid order paid, with nothing owed', () =>
    given(...paid)
      .when(applyRefund('refund_1', 100))
      .then(refunded('refund_1', 10_000)));
  test('returns an overpayment first, which nobody owed', () =>
    given(opened(), applied('pay_1', 10_000, 2000))
      .when(applyRefund('refund_1', 50))
      .then(refunded('refund_1', 5000, 3000), becomes('overpaid', 'paid', 0)));
  test.each([
    [19.99, 1999, 0, []],
    [20, 2000, 0, [becomes('overpaid', 'paid', 0)]],
    [20.01, 2001, 1, [becomes('overpaid', 'paid', 0)]],
  ] as [number, number, number, OrderEvent[]][])(
    'of %p where 20 is too much lowers what is owed by the rest alone',
    (asked, amount, credited, more) =>
      given(opened(), applied('pay_1', 10_000, 2000))
        .when(applyRefund('refund_1', asked))
        .then(refunded('refund_1', amount, credited), ...more),
  );
  test('never credits more than is owed', () =>
    given(opened(total(4000)), applied('pay_1', 4000), refunded('refund_1', 3000))
      .when(applyRefund('refund_2', 30))
      .then(refunded('refund_2', 3000, 1000), becomes('paid', 'unpaid', 2000)));
  test('credits nothing where more went out than came', () =>
    given(opened(total(4000)), applied('pay_1', 4000), refunded('refund_1', 4000), withdrawn(1000))
      .when(applyRefund('refund_2', 1))
      .then(refunded('refund_2', 100, 0)));
  test('of a part of what came in part leaves what is due', () =>
    given(opened(), applied('pay_1', 3000))
      .when(applyRefund('refund_1', 30))
      .then(refunded('refund_1', 3000), becomes('partially_paid', 'unpaid', 7000)));
});

describe('a refund of a wrong charge', () => {
  test('makes exactly as much due again', () => {
    const step = given(...paid).when(applyRefund('refund_1', 40, 'reopen'));
    step.then(refunded('refund_1', 4000, 0, 'reopen'), becomes('paid', 'partially_paid', 4000));
    step.thenState({ ledger: { ...ledger, refunded: 4000 } });
  });
  test('of all that came makes the order unpaid', () =>
    given(...paid)
      .when(applyRefund('refund_1', 100, 'reopen'))
      .then(refunded('refund_1', 10_000, 0, 'reopen'), becomes('paid', 'unpaid', 10_000)));
});

describe('a refund', () => {
  test('counts once', () =>
    given(...paid, refunded('refund_1', 3000))
      .when(applyRefund('refund_1', 30))
      .thenNothing());
  test('needs an order', () => given().when(applyRefund('refund_1', 30)).refused('not_found'));
  test('in another currency does not count', () =>
    given(...paid)
      .when({
        type: 'ApplyRefund',
        refund: 'refund_1',
        payment: 'pay_1',
        amount: Money.of(3000, 'eur'),
        effect: 'credit',
      })
      .refused('currency_mismatch', { currency: 'usd' }));
  test('counts also for a payment that the order has not heard of yet', () =>
    given(opened())
      .when(applyRefund('refund_1', 30, 'reopen'))
      .then(refunded('refund_1', 3000, 0, 'reopen')));
});

describe('a refund that did not come about', () => {
  const reverse = { type: 'ReverseRefund', refund: 'refund_1', why: 'failed' } as const;

  test('is taken back, and its credit with it', () => {
    const step = given(...paid, refunded('refund_1', 3000)).when(reverse);
    step.then(unrefunded('refund_1', 3000));
    step.thenState({ ledger });
  });
  test('returns the status that was', () =>
    given(...paid, refunded('refund_1', 4000, 0, 'reopen'))
      .when(reverse)
      .then(unrefunded('refund_1', 4000, 0), becomes('partially_paid', 'paid', 0)));
  test('takes back only what that refund credited', () =>
    given(opened(), applied('pay_1', 10_000, 2000), refunded('refund_1', 5000, 3000))
      .when(reverse)
      .then(unrefunded('refund_1', 5000, 3000), becomes('paid', 'overpaid', 0)));
  test('is taken back once', () =>
    given(...paid, refunded('refund_1', 3000), unrefunded('refund_1', 3000))
      .when(reverse)
      .thenNothing());
  test('and never counted has nothing to take back', () =>
    given(...paid, refunded('refund_2', 3000))
      .when(reverse)
      .thenNothing());
  test('never counts again', () =>
    given(...paid, refunded('refund_1', 3000), unrefunded('refund_1', 3000))
      .when(applyRefund('refund_1', 30))
      .thenNothing());
});

describe('an offline payment that was no money after all', () => {
  const reverse = { type: 'ReversePayment', payment: 'pay_1', why: 'The cheque bounced' } as const;
  const reversed = (amount: number): OrderEvent => ({
    type: 'PaymentReversed',
    data: { payment: 'pay_1', amount, why: 'The cheque bounced' },
  });

  test('is due again in full, and remembered', () => {
    const step = given(...paid).when(reverse);
    step.then(reversed(10_000), becomes('paid', 'unpaid', 10_000));
    step.thenState({ ledger: { ...emptyLedger, total: 10_000 }, applied: new Map([['pay_1', 0]]) });
  });
  test('leaves what came otherwise', () =>
    given(opened(), applied('pay_0', 4000), applied('pay_1', 6000))
      .when(reverse)
      .then(reversed(6000), becomes('paid', 'partially_paid', 6000)));
  test('takes its excess with it', () =>
    given(opened(), applied('pay_1', 10_000, 500))
      .when(reverse)
      .then(reversed(10_500), becomes('overpaid', 'unpaid', 10_000)));
  test('is taken back once', () =>
    given(...paid, reversed(10_000))
      .when(reverse)
      .thenNothing());
  test('never counts again', () =>
    given(...paid, reversed(10_000))
      .when({ type: 'ApplyPayment', payment: 'pay_1', captured: dollars(100) })
      .thenNothing());
  test('before it was counted is never counted', () => {
    given(opened()).when(reverse).then(reversed(0));
    given(opened(), reversed(0))
      .when({ type: 'ApplyPayment', payment: 'pay_1', captured: dollars(100) })
      .thenNothing();
    given(opened(), reversed(0)).when(reverse).thenNothing();
  });
});
