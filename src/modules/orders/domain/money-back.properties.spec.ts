import { describe, expect, test } from '@jest/globals';
import { always, existing, folded, single } from '../../../../test/support/order-histories.js';
import type { OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';
import { amountsOf, type ExistingOrder, type Order } from './order.state.js';
import { totalOf } from './terms.js';

const { decide, evolve } = orderDecider;
type Taken = Extract<OrderEvent, { type: 'DisputeFundsWithdrawn' }>;

/** What a decision that was taken before may be about, now that more of its money is gone. */
const collectableAnew = (before: ExistingOrder, { data }: Taken) =>
  amountsOf(before).collectable - (before.disputes.get(data.dispute)?.withdrawn ?? 0);

describe('whatever becomes of money that came', () => {
  test('a credit refund of what the order has never raises what is due', () =>
    always((steps) => {
      for (const { before, event } of single(steps, 'RefundApplied')) {
        const { amount, effect } = event.data;
        if (effect !== 'credit' || amount > amountsOf(before).netPaid) continue;
        const [{ balanceDue, overpaid }, next] = [amountsOf(before), amountsOf(folded(before, event))];
        expect(next.balanceDue).toBe(balanceDue);
        expect(next.overpaid).toBe(Math.max(0, overpaid - amount));
      }
    }));

  test('a refund that reopens what the order has raises what is due by exactly what is more than an overpayment', () =>
    always((steps) => {
      for (const { before, event } of single(steps, 'RefundApplied')) {
        const { amount, effect, credited } = event.data;
        if (effect !== 'reopen') continue;
        expect(credited).toBe(0);
        const { balanceDue, overpaid, netPaid } = amountsOf(before);
        if (amount > netPaid) continue;
        expect(amountsOf(folded(before, event)).balanceDue).toBe(balanceDue + Math.max(0, amount - overpaid));
      }
    }));

  test('a refund that did not come about leaves the order as if it had never been', () =>
    always((steps) => {
      for (const { before, event } of single(steps, 'RefundApplied')) {
        const { refund } = event.data;
        const undone = decide({ type: 'ReverseRefund', refund, why: 'failed' }, folded(before, event));
        expect(existing(undone.reduce(evolve, folded(before, event))).ledger).toEqual(before.ledger);
      }
    }));

  test('money that a dispute took is due again, and collected only once that is decided', () =>
    always((steps) => {
      for (const { before, event } of single(steps, 'DisputeFundsWithdrawn')) {
        const [was, is] = [amountsOf(before), amountsOf(folded(before, event))];
        if (event.data.amount <= was.netPaid)
          expect(is.balanceDue).toBe(was.balanceDue + Math.max(0, event.data.amount - was.overpaid));
        expect(is.collectable).toBeLessThanOrEqual(Math.max(was.collectable, collectableAnew(before, event)));
      }
      for (const { before, event } of single(steps, 'LostDisputeDecided')) {
        const [was, is] = [amountsOf(before), amountsOf(folded(before, event))];
        if (event.data.decision === 'write_off') expect(is.collectable).toBe(was.collectable);
        else expect(is.balanceDue).toBe(was.balanceDue);
        expect(is.overpaid).toBe(was.overpaid);
      }
    }));

  test('money that comes back from a dispute never raises what is due', () =>
    always((steps) => {
      for (const { before, event } of single(steps, 'DisputeFundsReinstated')) {
        const [was, is] = [amountsOf(before), amountsOf(folded(before, event))];
        expect(is.balanceDue).toBeLessThanOrEqual(was.balanceDue);
        expect(event.data.written_back).toBeLessThanOrEqual(event.data.amount);
      }
    }));

  test('what is resolved was too much, and is not any more; nothing becomes due by it', () =>
    always((steps) => {
      for (const { command, before, events, after } of steps) {
        if (command.type !== 'ResolveExcess' || events.length === 0) continue;
        const [was, is] = [amountsOf(existing(before)), amountsOf(existing(after))];
        const [resolved] = events.filter((event) => event.type === 'ExcessResolved');
        const rest = was.overpaid - (resolved?.data.amount ?? 0);
        expect(is.overpaid).toBe(Math.max(0, rest));
        expect(is.balanceDue).toBeLessThanOrEqual(was.balanceDue);
        if (existing(before).cancelled === null) expect(rest).toBeGreaterThanOrEqual(0);
      }
    }));

  test('lines add up, whatever is raised', () =>
    always((steps) => {
      for (const { after } of steps) {
        const { lines, total: all, shipping_amount } = existing(after).terms;
        if (lines.length > 0) expect(totalOf({ lines, shipping_amount })).toBe(all);
      }
    }));

  test('an order that was cancelled owed nothing then, and whatever keeps nothing had nothing left', () =>
    always((steps) => {
      for (const { events, after } of steps) {
        const cancelled = events.find((event) => event.type === 'OrderCancelled');
        if (!cancelled) continue;
        const { balanceDue, netPaid, overpaid } = amountsOf(existing(after));
        expect(balanceDue).toBe(0);
        if (cancelled.data.policy !== 'none') expect(Math.max(netPaid, overpaid)).toBeLessThanOrEqual(0);
      }
    }));

  test('a cancellation that can end does end, once its money is gone or becomes credit', () =>
    always((steps) => {
      for (const { after } of steps) {
        const order = existing(after);
        if (order.status !== 'cancelling') continue;
        const credit = {
          type: 'ResolveExcess',
          resolution: 'credit',
          amount: null,
          reference: null,
        } as const;
        const ended = [credit, { type: 'CompleteCancellation' } as const].reduce(
          (now: Order, command) => decide(command, now).reduce(evolve, now),
          order,
        );
        expect(ended).toMatchObject({ status: 'cancelled', cancelled: 'refund_all' });
        expect(amountsOf(existing(ended))).toMatchObject({ balanceDue: 0, overpaid: 0 });
      }
    }));

  test('a dispute never goes back, and what it took is known to the penny', () =>
    always((steps) => {
      const verdicts = ['won', 'lost', 'prevented'];
      for (const { command, before, after } of steps) {
        if (command.type !== 'ApplyDispute') continue;
        const was = existing(before).disputes.get(command.dispute);
        const is = existing(after).disputes.get(command.dispute);
        if (was && verdicts.includes(was.status)) expect(verdicts).toContain(is?.status);
        if (is?.status === command.status) expect(is?.withdrawn).toBe(command.withdrawn.minor);
        else expect(is).toEqual(was);
      }
    }));
});
