import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  applied,
  invoiced,
  opened,
  released,
  reserved,
  sums,
  total,
} from '../../../../test/support/an-order.js';
import { orderHistories, type Step } from '../../../../test/support/order-histories.js';
import { fold } from '../../../shared/domain/decider.js';
import type { OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';
import { amountsOf, type ExistingOrder, initialOrder, type Order } from './order.state.js';

const { decide } = orderDecider;
const always = (check: (steps: readonly Step[]) => void) =>
  fc.assert(fc.property(orderHistories, check), { numRuns: 600 });
const existing = (order: Order) => order as ExistingOrder;
const statusOf = (order: Order) => (order.status === 'none' ? 'unpaid' : amountsOf(order).paymentStatus);

describe('whatever is asked of an order, in whatever order', () => {
  test('no money is lost: captured = applied + excess, and the ledger is their sum', () =>
    always((steps) => {
      const facts = steps.flatMap(({ events }) => events).filter((event) => event.type === 'PaymentApplied');
      for (const { data } of facts) {
        expect(data.captured).toBe(data.applied + data.excess);
        expect(Math.min(data.applied, data.excess)).toBeGreaterThanOrEqual(0);
      }
      const sum = facts.reduce((all, { data }) => all + data.captured, 0);
      expect(existing(steps.at(-1)?.after ?? initialOrder).ledger.captured).toBe(sum);
    }));

  test('due and overpaid are never both positive, and nothing is ever negative', () =>
    always((steps) => {
      for (const { after } of steps) {
        const all = sums(existing(after));
        expect(Math.min(all.balanceDue, all.overpaid)).toBe(0);
        for (const value of Object.values(all))
          if (typeof value === 'number') expect(value).toBeGreaterThanOrEqual(0);
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
          expect(held).toBeLessThanOrEqual(amountsOf(existing(after)).balanceDue);
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
        if (events.length > 0) expect(decide(done, after)).toEqual([]);
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
    { type: 'OrderCancelled', data: { policy: 'none', written_off: 9 } },
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
