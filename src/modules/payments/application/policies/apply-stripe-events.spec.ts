import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import { lamps } from '../../../../../test/support/an-order.js';
import { awaiting } from '../../../../../test/support/virtual-clock.js';
import { GatewayUnreachable } from '../ports/payment-gateway.port.js';

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

  test('waits while nobody has told that the money came, and counts once somebody has', async () => {
    const order = await desk.anOrder();
    desk.gateway.loseAnswerTo('confirmIntent');
    desk.gateway.isDeaf = true;
    await awaiting(desk.clock, desk.charge(order));
    const payment = await desk.heldBy(order);
    const { intent } = await desk.payment(payment);
    desk.refunds.names(intent ?? '', payment);
    desk.refunds.giveBack(intent ?? '', 2000);
    const tell = () => desk.hearStripe('refund.created', { payment_intent: intent });
    await expect(awaiting(desk.clock, tell())).rejects.toThrow(GatewayUnreachable);
    desk.gateway.isDeaf = false;
    await tell();
    expect((await desk.order(order)).ledger).toMatchObject({ captured: 10_000, refunded: 2000 });
  });

  test('waits while the store is disconnected, and counts once it is connected again', async () => {
    const { order, intent } = await desk.paid();
    desk.refunds.giveBack(intent, 2000);
    desk.refunds.shut(true);
    desk.stores.status = 'disconnected';
    const tell = () => desk.hearStripe('refund.created', { payment_intent: intent });
    await expect(tell()).rejects.toMatchObject({ code: 'store_disconnected' });
    desk.refunds.shut(false);
    desk.stores.status = 'connected';
    await tell();
    expect((await desk.order(order)).ledger).toMatchObject({ refunded: 2000 });
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
