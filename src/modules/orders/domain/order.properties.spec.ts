import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  applied,
  cancelled,
  cancelling,
  decided,
  disputed,
  invoiced,
  opened,
  refunded,
  reinstated,
  released,
  reserved,
  resolved,
  sums,
  total,
  unrefunded,
  withdrawn,
  writtenOff,
} from '../../../../test/support/an-order.js';
import { always, eventsOf, existing } from '../../../../test/support/order-histories.js';
import { fold } from '../../../shared/domain/decider.js';
import type { OrderCommand } from './order.commands.js';
import type { OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';
import { amountsOf, initialOrder, type Order } from './order.state.js';
import { paymentSums } from './payment-sums.js';

const { decide } = orderDecider;
const statusOf = (order: Order) => (order.status === 'none' ? 'unpaid' : amountsOf(order).paymentStatus);

/** A part without a name of its own may be asked for again, and means another part then. */
const isPart = (command: OrderCommand) =>
  (command.type === 'WriteOffBalance' || (command.type === 'ResolveExcess' && command.amount !== null)) &&
  command.reference === null;

describe('whatever is asked of an order, in whatever order', () => {
  test('no money is lost: captured = applied + excess, and the ledger is their sum less what bounced', () =>
    always((steps) => {
      const facts = eventsOf(steps, 'PaymentApplied');
      for (const { data } of facts) {
        expect(data.captured).toBe(data.applied + data.excess);
        expect(Math.min(data.applied, data.excess)).toBeGreaterThanOrEqual(0);
      }
      const bounced = eventsOf(steps, 'PaymentReversed').reduce((all, { data }) => all + data.amount, 0);
      const sum = facts.reduce((all, { data }) => all + data.captured, 0) - bounced;
      const { ledger, applied: counted } = existing(steps.at(-1)?.after ?? initialOrder);
      expect(ledger.captured).toBe(sum);
      expect([...counted.values()].reduce((all, captured) => all + captured, 0)).toBe(sum);
    }));

  test('due and overpaid are never both positive, and nothing is ever negative', () =>
    always((steps) => {
      for (const { after } of steps) {
        const { netPaid, owed, ...rest } = sums(existing(after));
        expect(Math.min(rest.balanceDue, rest.overpaid)).toBe(0);
        expect(netPaid + rest.balanceDue - rest.overpaid).toBe(owed);
        expect(owed).toBeGreaterThanOrEqual(Math.min(0, netPaid));
        for (const value of Object.values(rest))
          if (typeof value === 'number') expect(value).toBeGreaterThanOrEqual(0);
        expect(rest.contested).toBeLessThanOrEqual(rest.withdrawn);
      }
    }));

  test('money is spoken for once: what came is kept, credited to the customer, refunded or disputed', () =>
    always((steps) => {
      for (const { after } of steps) {
        const { captured, refunded, withdrawn, movedToCredit, netPaid } = sums(existing(after));
        expect(netPaid).toBe(captured - refunded - withdrawn - movedToCredit);
        const each = [...existing(after).applied.keys()].map((payment) =>
          paymentSums(existing(after), payment),
        );
        expect(each.reduce((sum, payment) => sum + payment.captured, 0)).toBe(captured);
        const back = [...existing(after).refunds.values()].filter(({ reversed }) => !reversed);
        expect(back.reduce((sum, { amount }) => sum + amount, 0)).toBe(refunded);
        const taken = [...existing(after).disputes.values()];
        expect(taken.reduce((sum, dispute) => sum + dispute.withdrawn, 0)).toBe(withdrawn);
      }
    }));

  test('what is held is what is reserved, and was within the balance when it was taken', () =>
    always((steps) => {
      for (const { before, events, after } of steps) {
        const held = [...existing(after).reservations.values()].reduce((sum, { amount }) => sum + amount, 0);
        expect(existing(after).ledger.reserved).toBe(held);
        for (const event of events) {
          if (event.type !== 'PaymentReserved') continue;
          expect(event.data.amount).toBeGreaterThan(0);
          expect(event.data.amount).toBeLessThanOrEqual(amountsOf(existing(before)).available);
          expect(held).toBeLessThanOrEqual(amountsOf(existing(after)).collectable);
        }
      }
    }));

  test('the status follows from the amounts, and its change is told exactly when it changes', () =>
    always((steps) => {
      for (const { before, events, after } of steps) {
        const told = events.filter((event) => event.type === 'PaymentStatusChanged');
        const [from, to] = [statusOf(before), statusOf(after)];
        const balance_due = amountsOf(existing(after)).balanceDue;
        expect(told.map(({ data }) => data)).toEqual(from === to ? [] : [{ from, to, balance_due }]);
        if (told.length > 0) expect(events.at(-1)).toBe(told[0]);
      }
    }));

  test('asking again for what was done decides to nothing', () =>
    always((steps) => {
      for (const { command: done, events, after } of steps) {
        if (events.length > 0 && !isPart(done)) expect(decide(done, after)).toEqual([]);
      }
    }));

  test('a payment is counted once, and holds at most once', () =>
    always((steps) => {
      const counted = steps
        .flatMap(({ events }) => events)
        .flatMap((event) => (event.type === 'PaymentApplied' ? [event.data.payment] : []));
      expect(new Set(counted).size).toBe(counted.length);
      for (const { after } of steps) {
        for (const held of existing(after).reservations.keys())
          expect(existing(after).applied.has(held)).toBe(false);
      }
    }));

  test('the total of the terms is the total of the ledger', () =>
    always((steps) => {
      for (const { after } of steps) expect(existing(after).terms.total).toBe(existing(after).ledger.total);
    }));

  test('the history alone gives the same order', () =>
    always((steps) => {
      const events = steps.flatMap((step) => step.events);
      expect(fold(orderDecider, events)).toEqual(steps.at(-1)?.after);
    }));
});

test('any recorded events fold, in any order: a fact is never refused', () => {
  const facts: OrderEvent[] = [
    opened(),
    invoiced(2),
    reserved('pay_1', 3000),
    reserved('pay_1', 4000),
    released('pay_1', 3000),
    released('pay_9', 3000),
    applied('pay_1', 3000, 20_000),
    applied('pay_2', 0, 0),
    { type: 'OrderRevised', data: { terms: total(5) } },
    { type: 'OrderTotalChanged', data: { from: 1, to: 5 } },
    { type: 'PaymentStatusChanged', data: { from: 'paid', to: 'unpaid', balance_due: 3 } },
    cancelled(9),
    cancelling,
    refunded('refund_1', 500),
    unrefunded('refund_1', 500),
    unrefunded('refund_2', 500),
    disputed('lost'),
    disputed('won'),
    withdrawn(3000),
    reinstated(4000, 100),
    decided('write_off', 3000),
    decided('collect_again', 0, 'dispute_2'),
    { type: 'PaymentReversed', data: { payment: 'pay_1', amount: 3000, why: 'bounced' } },
    resolved('credit', 100),
    resolved('raise_total', 100, 'exc_1'),
    writtenOff(7),
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...facts), { maxLength: 30 }), (events) => {
      const order = fold(orderDecider, events);
      expect(order.status === 'none').toBe(!events.some(({ type }) => type === 'OrderOpened'));
      if (order.status !== 'none') expect(() => amountsOf(order)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});
