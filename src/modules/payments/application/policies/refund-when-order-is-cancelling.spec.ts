import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import { settled } from '../../../../../test/support/virtual-clock.js';
import type { DisputeFact } from '../../domain/dispute.js';

let desk: APaymentDesk;
beforeEach(async () => {
  desk = await APaymentDesk.open();
});
afterEach(() => desk.close());

/** An order of 100.00 that was paid by two cards, and a bank that disputes a part of the first. */
async function halfDisputed(amount: number) {
  const order = await desk.anOrder();
  const first = await desk.pay(order, 4000);
  const second = await desk.pay(order, 6000);
  const dispute = async (about: Partial<DisputeFact>) => {
    desk.refunds.dispute(first.intent, { amount, ...about });
    await desk.lookBack(first.payment);
  };
  const given = () => [desk.refunds.given(first.intent), desk.refunds.given(second.intent)];
  return { order, first, dispute, given };
}
const statusOf = async (order: Parameters<APaymentDesk['order']>[0]) => (await desk.order(order)).status;

describe('an order that gives everything back when it is cancelled', () => {
  test('is cancelled once all of it has gone back', async () => {
    const { order, given } = await halfDisputed(4000);
    await desk.cancel(order, 'refund_all');
    await desk.hear('CancellationRequested', order);
    expect(given()).toEqual([[4000], [6000]]);
    expect(await statusOf(order)).toBe('cancelled');
  });

  test('is not held up by a payment that a bank disputes a part of: the others go back all the same', async () => {
    const { order, dispute, given } = await halfDisputed(1000);
    await desk.cancel(order, 'refund_all');
    await dispute({});
    await desk.hear('CancellationRequested', order);
    expect(given()).toEqual([[], [6000]]);
    expect(await statusOf(order)).toBe('cancelling');
    await dispute({ status: 'won', fundsMoved: 2 });
    await desk.hear('FundsReinstated', order);
    expect(given()).toEqual([[4000], [6000]]);
    expect(await statusOf(order)).toBe('cancelled');
  });

  test('disputed while it is cancelled, ends with the dispute where the bank keeps the money', async () => {
    const { order, dispute, given } = await halfDisputed(4000);
    await desk.cancel(order, 'refund_all');
    await dispute({});
    await desk.hear('CancellationRequested', order);
    expect(given()).toEqual([[], [6000]]);
    await dispute({ status: 'lost' });
    await desk.hear('DisputeClosed', order);
    expect(await statusOf(order)).toBe('cancelled');
  });

  test('disputed while it is cancelled, gives back what the bank returns', async () => {
    const { order, dispute, given } = await halfDisputed(4000);
    await desk.cancel(order, 'refund_all');
    await dispute({});
    await desk.hear('CancellationRequested', order);
    await dispute({ status: 'won', fundsMoved: 2 });
    await desk.hear('FundsReinstated', order);
    expect(given()).toEqual([[4000], [6000]]);
    expect(await statusOf(order)).toBe('cancelled');
  });

  test('gives it back also where the order has not heard yet that the bank returned it', async () => {
    const { order, dispute, given } = await halfDisputed(4000);
    await desk.cancel(order, 'refund_all');
    await dispute({});
    await desk.hear('CancellationRequested', order);
    const hearing = desk.before('DisputeRecorded');
    const returned = dispute({ status: 'won', fundsMoved: 2 });
    await hearing.reached;
    const heard = desk.hear('FundsReinstated', order);
    await settled();
    hearing.go();
    await Promise.all([returned, heard]);
    expect(given()).toEqual([[4000], [6000]]);
  });
});
