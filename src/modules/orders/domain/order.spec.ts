import { describe, test } from '@jest/globals';
import {
  ada,
  applied,
  becomes,
  cancelled,
  cancelling,
  deskLamps,
  disputed,
  dollars,
  importing,
  invoiced,
  opened,
  released,
  reserved,
  someTerms,
  total,
  withdrawn,
} from '../../../../test/support/an-order.js';
import { specification, stopsAtTheUnheardOf } from '../../../../test/support/specification.js';
import type { Currency } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';
import type { OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';

const { given } = specification(orderDecider);

const changed = (from: number, to: number): OrderEvent => ({ type: 'OrderTotalChanged', data: { from, to } });
const revised = (terms = someTerms()): OrderEvent => ({ type: 'OrderRevised', data: { terms } });
const apply = (amount: number) =>
  ({ type: 'ApplyPayment', payment: 'pay_1', captured: dollars(amount) }) as const;

describe('importing an order', () => {
  test('opens it', () => given().when(importing()).then(opened()));
  test('is the same twice', () => given(opened()).when(importing()).thenNothing());
  test('is the same whatever the order of its fields', () => {
    const terms = Object.fromEntries(Object.entries(someTerms()).reverse()) as ReturnType<typeof someTerms>;
    given(opened()).when(importing(terms)).thenNothing();
  });
  test('opens a free order as unpaid, with nothing due', () =>
    given()
      .when(importing(total(0)))
      .then(opened(total(0))));
  test('revises an order that is there already', () => {
    const terms = someTerms({ number: 'SO-1042b' });
    given(opened()).when(importing(terms)).then(revised(terms));
  });
  test('never changes the currency', () =>
    given(opened())
      .when(importing(someTerms(), 'eur' as Currency))
      .refused('currency_mismatch', { currency: 'usd' }));
  test('is already so for a cancelled order with the same terms', () =>
    given(opened(), cancelled(10_000)).when(importing()).thenNothing());
  test('does not revive a cancelled order', () =>
    given(opened(), cancelled(10_000))
      .when(importing(total(5000)))
      .refused('order_cancelled'));
});

describe('revising an order', () => {
  const lower = (minor: number) => ({ type: 'ReviseOrder', changes: total(minor) }) as const;

  test('needs an order', () => given().when({ type: 'ReviseOrder', changes: {} }).refused('not_found'));
  test('without a change decides nothing', () =>
    given(opened())
      .when({ type: 'ReviseOrder', changes: { total: 10_000 } })
      .thenNothing());
  test('of the total says from where to where', () =>
    given(opened())
      .when(lower(9000))
      .then(revised(total(9000)), changed(10_000, 9000)));
  test('with new lines alone takes their sum and the shipping as the total', () => {
    const lines = [{ ...deskLamps, amount: 4000, tax_amount: 800 }];
    given(opened())
      .when({ type: 'ReviseOrder', changes: { lines } })
      .then(revised(someTerms({ lines, total: 5200 })), changed(10_000, 5200));
  });
  test('without any lines any more keeps the total', () =>
    given(opened())
      .when({ type: 'ReviseOrder', changes: { lines: [] } })
      .then(revised(someTerms({ lines: [] }))));
  test('of the total alone is refused where there are lines that say otherwise', () =>
    given(opened())
      .when({ type: 'ReviseOrder', changes: { total: 9000 } })
      .refused('lines_do_not_add_up', { expected: 10_000, total: 9000 }));
  test('of lines and total together is refused where they do not fit', () =>
    given(opened())
      .when({ type: 'ReviseOrder', changes: { lines: [deskLamps], total: 9000 } })
      .refused('lines_do_not_add_up', { expected: 10_000, total: 9000 }));
  test('issues the next revision of the invoice', () => {
    const terms = someTerms({ customer: { ...ada, name: 'A. King' } });
    given(opened(), invoiced())
      .when({ type: 'ReviseOrder', changes: { customer: terms.customer } })
      .then(revised(terms), invoiced(2));
  });
  test('of metadata leaves the invoice as it is', () => {
    const terms = someTerms({ metadata: { channel: 'web' } });
    given(opened(), invoiced())
      .when({ type: 'ReviseOrder', changes: { metadata: { channel: 'web' } } })
      .then(revised(terms));
  });
  test('raises a paid order back to partially paid', () =>
    given(opened(), applied('pay_1', 10_000))
      .when(lower(12_000))
      .then(revised(total(12_000)), changed(10_000, 12_000), becomes('paid', 'partially_paid', 2000)));
  test('lowers a partially paid order to paid', () =>
    given(opened(), applied('pay_1', 3000))
      .when(lower(3000))
      .then(revised(total(3000)), changed(10_000, 3000), becomes('partially_paid', 'paid', 0)));
  test('below what was paid makes it overpaid', () =>
    given(opened(), applied('pay_1', 3000))
      .when(lower(2000))
      .then(revised(total(2000)), changed(10_000, 2000), becomes('partially_paid', 'overpaid', 0)));
  test('of the total waits for payments under way', () =>
    given(opened(), reserved('pay_1', 3000))
      .when(lower(9000))
      .refused('payment_in_flight', { payments: ['pay_1'], amount_reserved: 3000, retryable: true }));
  test('of the total goes on once the payment has ended', () =>
    given(opened(), reserved('pay_1', 3000), released('pay_1', 3000))
      .when(lower(9000))
      .then(revised(total(9000)), changed(10_000, 9000)));
  test('of anything but the total need not wait', () => {
    const terms = someTerms({ due_date: null });
    given(opened(), reserved('pay_1', 3000))
      .when({ type: 'ReviseOrder', changes: { due_date: null } })
      .then(revised(terms));
  });
  test('of a cancelled order is refused', () =>
    given(opened(), cancelled(10_000)).when(lower(9000)).refused('order_cancelled'));
});

describe('the terms', () => {
  const off = (changes: Parameters<typeof someTerms>[0]) => given().when(importing(someTerms(changes)));

  test('must add up', () =>
    off({ total: 10_001 }).refused('lines_do_not_add_up', {
      expected: 10_000,
      total: 10_001,
      param: '/total',
    }));
  test('may hold a discount as a negative line', () => {
    const discount = {
      ...deskLamps,
      description: 'Discount',
      unit_amount: -500,
      amount: -500,
      tax_amount: 0,
    };
    const terms = someTerms({ lines: [deskLamps, discount], total: 9500 });
    given().when(importing(terms)).then(opened(terms));
  });
  test.each([-1, 0.5, 100_000_000, Number.NaN, Number.POSITIVE_INFINITY])('refuse a total of %p', (minor) =>
    given()
      .when(importing(total(minor)))
      .refused('validation_failed', { param: '/total' }),
  );
  test('take the largest amount that Stripe takes', () =>
    given()
      .when(importing(total(99_999_999)))
      .then(opened(total(99_999_999))));
  test('refuse a negative sum of lines', () =>
    off({ lines: [{ ...deskLamps, amount: -8000 }], total: -6000 }).refused('validation_failed'));
  test('refuse shipping above the total where there are no lines', () =>
    off({ lines: [], shipping_amount: 401, total: 400 }).refused('validation_failed', {
      param: '/shipping_amount',
    }));
  test.each([
    ['kwd', 12_345, 10],
    ['isk', 1250, 100],
    ['ugx', 101, 100],
  ])('in %s refuse %p', (currency, minor, multiple_of) =>
    given()
      .when(importing(total(minor), currency as Currency))
      .refused('validation_failed', { multiple_of, param: '/total' }),
  );
});

describe('the invoice', () => {
  const issue = { type: 'IssueInvoice', number: 'INV-000017' } as const;

  test('is issued once', () => given(opened()).when(issue).then(invoiced()));
  test('keeps its number for ever', () =>
    given(opened(), invoiced())
      .when({ ...issue, number: 'INV-000018' })
      .thenNothing());
  test('needs an order', () => given().when(issue).refused('not_found'));
});

describe('money that came', () => {
  test('in part makes the order partially paid and frees its hold', () => {
    const step = given(opened(), reserved('pay_1', 3000)).when(apply(30));
    step.then(applied('pay_1', 3000), becomes('unpaid', 'partially_paid', 7000));
    step.thenState({ reservations: new Map(), applied: new Map([['pay_1', 3000]]) });
  });
  test('in full makes it paid', () =>
    given(opened(), reserved('pay_1', 10_000))
      .when(apply(100))
      .then(applied('pay_1', 10_000), becomes('unpaid', 'paid', 0)));
  test('is counted once, however often it is told', () =>
    given(opened(), applied('pay_1', 3000)).when(apply(30)).thenNothing());
  test('without a hold is counted all the same', () =>
    given(opened())
      .when(apply(30))
      .then(applied('pay_1', 3000), becomes('unpaid', 'partially_paid', 7000)));
  test('above the balance is excess', () =>
    given(opened(), applied('pay_0', 8000))
      .when(apply(30))
      .then(applied('pay_1', 2000, 1000), becomes('partially_paid', 'overpaid', 0)));
  test('on a paid order is all excess', () =>
    given(opened(), applied('pay_0', 10_000))
      .when(apply(30))
      .then(applied('pay_1', 0, 3000), becomes('paid', 'overpaid', 0)));
  test('on a cancelled order is recorded, and is all excess', () =>
    given(opened(), cancelled(10_000))
      .when(apply(30))
      .then(applied('pay_1', 0, 3000), becomes('unpaid', 'overpaid', 0)));
  test('while the order is being cancelled is recorded, and is all excess', () =>
    given(opened(), applied('pay_0', 3000), cancelling)
      .when(apply(30))
      .then(applied('pay_1', 0, 3000)));
  test('on a cancelled order that owes again is all excess', () =>
    given(opened(), applied('pay_1', 10_000), cancelled(0), disputed('lost'), withdrawn(10_000))
      .when({ type: 'ApplyPayment', payment: 'pay_2', captured: dollars(100) })
      .then(applied('pay_2', 0, 10_000), becomes('unpaid', 'paid', 0)));
  test('after its hold was released is counted', () =>
    given(opened(), reserved('pay_1', 3000), released('pay_1', 3000))
      .when(apply(30))
      .then(applied('pay_1', 3000), becomes('unpaid', 'partially_paid', 7000)));
  test('in another currency does not count towards the order', () =>
    given(opened())
      .when({ type: 'ApplyPayment', payment: 'pay_1', captured: Money.of(3000, 'eur') })
      .refused('currency_mismatch', { currency: 'usd' }));
});

describe('an order', () => {
  test('that was never opened is none, whatever is said of it', () =>
    given(reserved('pay_1', 3000)).thenState({ status: 'none' }));
  test('does nothing that nobody has heard of', () => stopsAtTheUnheardOf(orderDecider, opened()));
});
