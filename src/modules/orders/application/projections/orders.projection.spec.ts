import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  applied,
  invoiced,
  lamps,
  opened,
  reserved,
  someTerms,
  total,
} from '../../../../../test/support/an-order.js';
import { orderHistories } from '../../../../../test/support/order-histories.js';
import type { Told } from '../../../../shared/application/projection.js';
import { fold } from '../../../../shared/domain/decider.js';
import { disputeStatusOf } from '../../domain/dispute.js';
import type { OrderEvent } from '../../domain/order.events.js';
import { orderDecider } from '../../domain/order.js';
import { amountsOf, type ExistingOrder } from '../../domain/order.state.js';
import type { OrderRow } from './order-row.js';
import { orders } from './orders.projection.js';

const told = (event: OrderEvent, revision: number): Told<OrderEvent> => ({
  ...event,
  id: `${revision}`,
  stream: 'order-01',
  revision,
  position: revision + 1,
  at: `2026-11-23T10:00:${String(revision).padStart(2, '0')}.000Z`,
  metadata: {},
});
const project = (...events: readonly OrderEvent[]) =>
  events
    .map(told)
    .reduce<OrderRow | undefined>(
      (row, event) => orders.project(row, event, 'order_01') ?? undefined,
      undefined,
    );

const paid: OrderEvent = {
  type: 'PaymentStatusChanged',
  data: { from: 'unpaid', to: 'paid', balance_due: 0 },
};

describe('an order as clients see it', () => {
  test('is keyed by the id in its stream', () => {
    expect(orders.keys(told(opened(), 0))).toEqual(['order_01']);
  });

  test('is all that the contract says', () => {
    expect(project(opened(), invoiced(), reserved('pay_1', 3000))).toEqual({
      id: 'order_01',
      object: 'order',
      external_id: 'SO-1042',
      store: lamps,
      livemode: false,
      status: 'open',
      currency: 'usd',
      ...someTerms(),
      amount_captured: 0,
      amount_refunded: 0,
      amount_disputed: 0,
      amount_contested: 0,
      amount_moved_to_credit: 0,
      amount_credited: 0,
      amount_written_off: 0,
      amount_paid: 0,
      amount_reserved: 3000,
      balance_due: 10_000,
      available: 7000,
      overpaid: 0,
      payment_status: 'unpaid',
      refund_status: 'none',
      dispute_status: 'none',
      paid_at: null,
      invoice: { number: 'INV-000017', revision: 1 },
      created_at: '2026-11-23T10:00:00.000Z',
      revision: 3,
      customer_id: 'cust_07',
      customer_external_id: 'c-7',
      held: { pay_1: 3000 },
      disputes: {},
    });
  });

  test('says since when it is paid, while it is', () => {
    expect(project(opened(), applied('pay_1', 10_000), paid)?.paid_at).toBe('2026-11-23T10:00:02.000Z');
    const more: OrderEvent[] = [
      { type: 'OrderRevised', data: { terms: total(12_000) } },
      { type: 'OrderTotalChanged', data: { from: 10_000, to: 12_000 } },
      { type: 'PaymentStatusChanged', data: { from: 'paid', to: 'partially_paid', balance_due: 2000 } },
    ];
    expect(project(opened(), applied('pay_1', 10_000), paid, ...more)).toMatchObject({
      paid_at: null,
      payment_status: 'partially_paid',
      balance_due: 2000,
    });
  });

  test('does not begin in the middle', () => {
    expect(project(applied('pay_1', 10_000))).toBeUndefined();
  });

  test('agrees with the order itself, whatever happened', () => {
    fc.assert(
      fc.property(orderHistories, (steps) => {
        const events = steps.flatMap((step) => step.events);
        const order = fold(orderDecider, events) as ExistingOrder;
        const row = project(...events);
        const { balanceDue, available, overpaid, netPaid, paymentStatus, refundStatus } = amountsOf(order);
        expect(row).toMatchObject({
          ...order.terms,
          status: order.status,
          invoice: order.invoice,
          amount_captured: order.ledger.captured,
          amount_refunded: order.ledger.refunded,
          amount_disputed: order.ledger.withdrawn,
          amount_contested: order.ledger.contested,
          amount_moved_to_credit: order.ledger.movedToCredit,
          amount_credited: order.ledger.credited,
          amount_reserved: order.ledger.reserved,
          amount_written_off: order.ledger.writtenOff,
          amount_paid: netPaid,
          balance_due: balanceDue,
          available,
          overpaid,
          payment_status: paymentStatus,
          refund_status: refundStatus,
          dispute_status: disputeStatusOf(order.disputes.values()),
          disputes: Object.fromEntries(order.disputes),
          revision: events.length,
        });
        expect(row?.held).toEqual(
          Object.fromEntries([...order.reservations].map(([payment, { amount }]) => [payment, amount])),
        );
        expect(row?.paid_at === null).toBe(paymentStatus !== 'paid');
      }),
      { numRuns: 1000 },
    );
  });
});
