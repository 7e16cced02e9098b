import { describe, expect, test } from '@jest/globals';
import {
  applied,
  becomes,
  cancelled,
  cancelling,
  decided,
  deskLamps,
  disputed,
  dollars,
  invoiced,
  opened,
  refunded,
  released,
  reserve,
  reserved,
  resolved,
  someTerms,
  sums,
  total,
  withdrawn,
  writtenOff,
} from '../../../../test/support/an-order.js';
import { specification } from '../../../../test/support/specification.js';
import { fold } from '../../../shared/domain/decider.js';
import { Money } from '../../../shared/domain/money.js';
import type { ExcessResolution, OrderEvent, Terms } from './order.events.js';
import { orderDecider } from './order.js';
import type { ExistingOrder } from './order.state.js';
import { checkAmount } from './reservation.js';

const { given } = specification(orderDecider);
const resolve = (
  resolution: ExcessResolution,
  amount: number | null = null,
  reference: string | null = null,
) =>
  ({
    type: 'ResolveExcess',
    resolution,
    amount: amount === null ? null : dollars(amount),
    reference,
  }) as const;
const writeOff = (amount: number | null = null, reference: string | null = null) =>
  ({ type: 'WriteOffBalance', amount: amount === null ? null : dollars(amount), reference }) as const;
const euros = { minor: 100, currency: Money.of(100, 'eur').currency };
const changed = (from: number, to: number): OrderEvent => ({ type: 'OrderTotalChanged', data: { from, to } });
const revised = (terms: Terms): OrderEvent => ({ type: 'OrderRevised', data: { terms } });
const overpaid = [opened(), applied('pay_1', 10_000, 2000)];

describe('money above what is owed', () => {
  test('becomes credit of the customer', () =>
    given(...overpaid)
      .when(resolve('credit'))
      .then(resolved('credit', 2000), becomes('overpaid', 'paid', 0)));
  test('becomes credit in part', () =>
    given(...overpaid)
      .when(resolve('credit', 19.99))
      .then(resolved('credit', 1999)));
  test('raises the total of an order without lines', () => {
    const terms = total(5000);
    given(opened(terms), applied('pay_1', 5000, 2000))
      .when(resolve('raise_total'))
      .then(
        resolved('raise_total', 2000),
        revised(total(7000)),
        changed(5000, 7000),
        becomes('overpaid', 'paid', 0),
      );
  });
  test('raises the total by one more line where there are lines, and the invoice says so', () => {
    const adjustment = {
      description: 'Adjustment',
      sku: null,
      quantity: '1',
      unit_amount: 500,
      amount: 500,
      tax_amount: 0,
    };
    const terms = someTerms({ lines: [deskLamps, adjustment], total: 10_500 });
    given(...overpaid, invoiced())
      .when(resolve('raise_total', 5))
      .then(resolved('raise_total', 500), revised(terms), changed(10_000, 10_500), invoiced(2));
  });
  test('raises what is owed by the amount, also where more was written off than the total', () => {
    const order = [
      opened(total(5000)),
      applied('pay_1', 1000),
      writtenOff(4000),
      revised(total(3000)),
      changed(5000, 3000),
    ];
    given(...order)
      .when(resolve('raise_total'))
      .then(
        resolved('raise_total', 1000),
        revised(total(5000)),
        changed(3000, 5000),
        becomes('overpaid', 'paid', 0),
      );
  });
  test('counts what was credited when the total is raised', () =>
    given(opened(total(5000)), applied('pay_1', 5000), refunded('refund_1', 1000), applied('pay_2', 0, 700))
      .when(resolve('raise_total'))
      .then(
        resolved('raise_total', 700),
        revised(total(5700)),
        changed(5000, 5700),
        becomes('overpaid', 'paid', 0),
      ));
  test.each(['credit', 'raise_total'] as const)('that is not there asks for no %s', (resolution) =>
    given(opened(), applied('pay_1', 10_000)).when(resolve(resolution)).thenNothing(),
  );
  test('of an unpaid order is none', () => given(opened()).when(resolve('credit', 1)).thenNothing());
  test('cannot be more than there is', () =>
    given(...overpaid)
      .when(resolve('credit', 20.01))
      .refused('validation_failed', { param: '/amount', overpaid: 2000, currency: 'usd' }));
  test('cannot be nothing', () =>
    given(...overpaid)
      .when(resolve('credit', 0))
      .refused('validation_failed', { param: '/amount' }));
  test('is not in another currency', () =>
    given(...overpaid)
      .when({ ...resolve('credit'), amount: euros })
      .refused('currency_mismatch', { param: '/currency', currency: 'usd' }));
  test.each(['credit', 'raise_total'] as const)('is resolved once under one name: %s', (resolution) =>
    given(...overpaid, resolved(resolution, 500, 'exc_1'))
      .when(resolve(resolution, 5, 'exc_1'))
      .thenNothing(),
  );
  test('that goes back on a cancellation raises nothing where none of it is too much', () =>
    given(opened(), applied('pay_1', 3000), cancelling).when(resolve('raise_total')).thenNothing());
  test('is resolved without a name as often as it is asked for', () => {
    const step = given(...overpaid, resolved('credit', 500)).when(resolve('credit', 5));
    step.then(resolved('credit', 500));
    step.thenState({ settled: new Set() });
  });
  test('is resolved again under another name', () =>
    given(...overpaid, resolved('credit', 500, 'exc_1'))
      .when(resolve('credit', 5, 'exc_2'))
      .then(resolved('credit', 500, 'exc_2')));
  test('raises no total of a cancelled order', () =>
    given(...overpaid, cancelled(0))
      .when(resolve('raise_total'))
      .refused('order_cancelled'));
  test('raises no total above what Stripe takes', () =>
    given(opened(total(99_999_999)), applied('pay_1', 99_999_999, 1))
      .when(resolve('raise_total'))
      .refused('validation_failed', { param: '/total' }));
  test('of an order that needs one', () => given().when(resolve('credit')).refused('not_found'));
});

describe('writing off what is due', () => {
  test('asks for all of it no more', () =>
    given(opened(), applied('pay_1', 3000))
      .when(writeOff())
      .then(writtenOff(7000), becomes('partially_paid', 'paid', 0)));
  test('asks for a part of it no more', () => given(opened()).when(writeOff(0.01)).then(writtenOff(1)));
  test('may leave the least that Stripe charges, and no less', () => {
    given(opened()).when(writeOff(99.5)).then(writtenOff(9950));
    given(opened())
      .when(writeOff(99.51))
      .refused('amount_leaves_unpayable_rest', { rest: 49, minimum: 50, param: '/amount', amount: 9951 });
  });
  test('is how a balance ends that is too small to be charged', () =>
    given(opened(), applied('pay_1', 9970))
      .when(writeOff())
      .then(writtenOff(30), becomes('partially_paid', 'paid', 0)));
  test('is refused above what is due', () =>
    given(opened())
      .when(writeOff(100.01))
      .refused('amount_exceeds_balance', { balance_due: 10_000, amount: 10_001, param: '/amount' }));
  test('is refused where nothing is due', () =>
    given(opened(), applied('pay_1', 10_000)).when(writeOff()).refused('order_settled'));
  test('of nothing is refused', () =>
    given(opened()).when(writeOff(0)).refused('validation_failed', { param: '/amount' }));
  test('in another currency is refused', () =>
    given(opened())
      .when({ ...writeOff(), amount: euros })
      .refused('currency_mismatch'));
  test('waits for payments under way', () => {
    given(opened(), reserved('pay_1', 3000)).when(writeOff(1)).refused('payment_in_flight');
    given(opened(), reserved('pay_1', 3000), released('pay_1', 3000)).when(writeOff(1)).then(writtenOff(100));
  });
  test.each([[cancelled(0)], [cancelling]])('of a cancelled order is refused', (end) =>
    given(opened(), end).when(writeOff()).refused('order_cancelled'),
  );
  test('happens once under one name', () => {
    given(opened(), writtenOff(100, 'key_1')).when(writeOff(1, 'key_1')).thenNothing();
    given(opened(), writtenOff(100, 'key_1')).when(writeOff(1, 'key_2')).then(writtenOff(100, 'key_2'));
  });
  test('needs an order', () => given().when(writeOff()).refused('not_found'));
});

describe('what a dispute holds', () => {
  const open = [opened(), applied('pay_1', 3000), disputed('open'), withdrawn(3000)];
  const order = (...events: OrderEvent[]) => fold(orderDecider, events) as ExistingOrder;

  test('is not written off with the rest', () =>
    given(...open)
      .when(writeOff())
      .then(writtenOff(7000)));
  test('cannot be written off by asking', () =>
    given(...open)
      .when(writeOff(70.01))
      .refused('amount_exceeds_balance', { balance_due: 10_000, available: 7000, amount_contested: 3000 }));
  test('is not held by a new payment', () => {
    given(...open)
      .when(reserve('pay_2', null))
      .then(reserved('pay_2', 7000));
    given(...open)
      .when(reserve('pay_2', dollars(70.01)))
      .refused('amount_exceeds_balance');
  });
  test('is not asked for by a link', () => {
    expect(checkAmount(order(...open), null)).toBe(7000);
    expect(() => checkAmount(order(...open), dollars(70.01))).toThrow(
      '70.01 USD was asked for; 100.00 USD is due, of which 0.00 USD is reserved and 30.00 USD disputed.',
    );
  });
  test('and nothing else being due cannot be asked for at all', () => {
    const all = [opened(), applied('pay_1', 10_000), disputed('open'), withdrawn(10_000)];
    given(...all)
      .when(writeOff())
      .refused('payment_disputed', { balance_due: 10_000, amount_contested: 10_000 });
    given(...all)
      .when(reserve('pay_2', null))
      .refused('payment_disputed');
    given(...all, decided('collect_again'))
      .when(reserve('pay_2', null))
      .then(reserved('pay_2', 10_000));
  });
  test('is not named where there is none', () =>
    expect(() => checkAmount(order(opened()), dollars(100.01))).toThrow(
      '100.01 USD was asked for; 100.00 USD is due, of which 0.00 USD is reserved.',
    ));
  test('is owed beside what else is due', () =>
    expect(sums(order(...open))).toMatchObject({ balanceDue: 10_000, collectable: 7000 }));
});
