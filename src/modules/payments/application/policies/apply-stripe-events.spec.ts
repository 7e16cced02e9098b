import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import { lamps } from '../../../../../test/support/an-order.js';

let desk: APaymentDesk;
beforeEach(async () => {
  desk = await APaymentDesk.open();
});
afterEach(() => desk.close());

describe('an event about money that went back', () => {
  test('waits while Stripe does not accept the key of the store, and counts once it does', async () => {
    const { order, intent } = await desk.paid();
    desk.refunds.giveBack(intent, 2000);
    desk.refunds.shut(true);
    const tell = () => desk.hearStripe('refund.created', { payment_intent: intent });
    await expect(tell()).rejects.toMatchObject({ code: 'store_disconnected' });
    desk.refunds.shut(false);
    await tell();
    expect((await desk.order(order)).ledger).toMatchObject({ refunded: 2000 });
  });

  test('is not waited for where the store was disconnected', async () => {
    const { order, intent } = await desk.paid();
    desk.refunds.giveBack(intent, 2000);
    desk.refunds.shut(true);
    desk.stores.status = 'disconnected';
    await desk.hearStripe('refund.created', { payment_intent: intent });
    expect((await desk.order(order)).ledger).toMatchObject({ refunded: 0 });
  });

  test('is about the payment that the money came by, whatever its copied metadata says', async () => {
    const [other, own] = [await desk.paid(), await desk.paid()];
    desk.refunds.giveBack(own.intent, 2000);
    const copied = { payment: other.payment, store: lamps, payment_intent: own.intent };
    await desk.hearStripe('refund.created', copied);
    expect((await desk.order(own.order)).ledger).toMatchObject({ refunded: 2000 });
    expect((await desk.order(other.order)).ledger).toMatchObject({ refunded: 0 });
  });
});
