import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import { settled } from '../../../../../test/support/virtual-clock.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';

let desk: APaymentDesk;
beforeEach(async () => {
  desk = await APaymentDesk.open();
});
afterEach(() => desk.close());

const refundsOf = async (payment: PaymentId) =>
  [...(await desk.payment(payment)).refunds.values()].map(({ source, status, amount }) => [
    source,
    status,
    amount,
  ]);
const ledger = async (order: OrderId) => (await desk.order(order)).ledger;

describe('news that are old when they arrive', () => {
  test('do not take a refund that was made meanwhile for somebody else’s', async () => {
    const { order, payment } = await desk.paid();
    const asking = desk.before('refundsOf asked');
    const looked = desk.lookBack(payment);
    await asking.reached;
    const recording = desk.before('RefundSucceeded');
    const refunded = desk.refund(payment, 'refund_1', 1000);
    await recording.reached;
    asking.go();
    await settled();
    recording.go();
    await Promise.all([looked, refunded]);
    expect(await refundsOf(payment)).toEqual([['quittance', 'succeeded', 1000]]);
    expect(await ledger(order)).toMatchObject({ refunded: 1000 });
  });

  test('do not take again what a dispute that was won has given back', async () => {
    const { order, payment, intent } = await desk.paid();
    desk.refunds.dispute(intent);
    await desk.lookBack(payment);
    expect(await ledger(order)).toMatchObject({ withdrawn: 10_000 });
    const old = desk.before('disputesOf');
    const looked = desk.lookBack(payment);
    await old.reached;
    desk.refunds.dispute(intent, { status: 'won', fundsMoved: 2 });
    await desk.lookBack(payment);
    old.go();
    await looked;
    await settled();
    expect(await ledger(order)).toMatchObject({ withdrawn: 0 });
    const [dispute] = (await desk.payment(payment)).disputes.values();
    expect(dispute).toMatchObject({ status: 'won', withdrawn: 0 });
  });
});

describe('a refund whose answer was lost', () => {
  test('is found, not made again, where the call is repeated once Stripe has forgotten its key', async () => {
    const { order, payment, intent } = await desk.paid();
    desk.refunds.loseAnswer();
    await desk.refund(payment, 'refund_1', 1000);
    expect(await refundsOf(payment)).toEqual([['quittance', 'requested', 1000]]);
    desk.refunds.forgetKeys();
    await desk.refund(payment, 'refund_1', 1000);
    expect(desk.refunds.given(intent)).toEqual([1000]);
    expect(await refundsOf(payment)).toEqual([['quittance', 'succeeded', 1000]]);
    expect(await ledger(order)).toMatchObject({ refunded: 1000 });
  });
});

describe('a refund that the key has no right to make', () => {
  test('fails at once where it was only just asked for', async () => {
    const { order, payment, intent } = await desk.paid();
    desk.refunds.isForbidden = true;
    await desk.refund(payment, 'refund_1', 1000);
    expect(await refundsOf(payment)).toEqual([['quittance', 'failed', 1000]]);
    expect(desk.refunds.given(intent)).toEqual([]);
    expect(await ledger(order)).toMatchObject({ refunded: 0 });
  });

  test('waits for the right where it was asked for before', async () => {
    const { order, payment, intent } = await desk.paid();
    desk.refunds.shut(true);
    await desk.refund(payment, 'refund_1', 1000);
    desk.refunds.shut(false);
    desk.refunds.isForbidden = true;
    await desk.refund(payment, 'refund_1', 1000);
    expect(await refundsOf(payment)).toEqual([['quittance', 'requested', 1000]]);
    desk.refunds.isForbidden = false;
    await desk.refund(payment, 'refund_1', 1000);
    expect(desk.refunds.given(intent)).toEqual([1000]);
    expect(await ledger(order)).toMatchObject({ refunded: 1000 });
  });

  test('waits for it too where another process has asked for it in the same moment', async () => {
    const { order, payment, intent } = await desk.paid();
    const asking = desk.before('RefundRequested');
    const asked = desk.refund(payment, 'refund_1', 1000);
    await asking.reached;
    const other = await desk.restarted();
    desk.refunds.loseAnswer();
    await other.refund(payment, 'refund_1', 1000);
    desk.refunds.isForbidden = true;
    asking.go();
    await asked;
    expect(await refundsOf(payment)).toEqual([['quittance', 'succeeded', 1000]]);
    expect(desk.refunds.given(intent)).toEqual([1000]);
    expect(await ledger(order)).toMatchObject({ refunded: 1000 });
    await other.close();
  });
});
