import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { open, submit } from '../../src/cli/tour/customer.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';

let app: RunningApp;
let shop: AFaultyStore;

beforeAll(async () => {
  app = await RunningApp.start();
  shop = await AFaultyStore.in(app);
}, 30_000);
afterAll(() => app.remove());

describe('money that came past Stripe', () => {
  test('counts like any other, and is recorded once', async () => {
    const order = await shop.store.anOrder();
    const key = randomUUID();
    const cheque = { amount: 2000, method: 'cheque', reference: 'No. 7' };
    const first = await shop.store.receive(order, cheque, key);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      channel: 'offline',
      status: 'captured',
      amount: 2000,
      amount_captured: 2000,
      amount_applied: 2000,
      offline: { method: 'cheque', reference: 'No. 7' },
      stripe: { payment_intent: null },
    });
    expect((await shop.store.receive(order, cheque, key)).body).toEqual(first.body);
    expect(await shop.store.order(order)).toMatchObject({
      payment_status: 'partially_paid',
      amount_captured: 2000,
      balance_due: 8000,
    });
    expect((await shop.store.charge(order)).body.amount).toBe(8000);
  });

  test('closes the page that the customer has open', async () => {
    const order = await shop.store.anOrder();
    const { body: link } = await shop.store.link(order, { send: false });
    const page = await submit(await open(link.url));
    expect((await shop.store.receive(order, { amount: 10_000 })).status).toBe(201);
    expect((await open(page.url)).html).toMatch(/expired/i);
    await shop.store.until(order, ({ payment_status }) => payment_status === 'paid');
  });

  test('above the balance is kept as excess', async () => {
    const order = await shop.store.anOrder();
    expect((await shop.store.receive(order, { amount: 12_000 })).body).toMatchObject({
      amount_applied: 10_000,
      amount_excess: 2000,
    });
    expect(await shop.store.order(order)).toMatchObject({ payment_status: 'overpaid', overpaid: 2000 });
  });

  test('is reversed with a reason, and the order owes it again', async () => {
    const order = await shop.store.anOrder();
    const { body: payment } = await shop.store.receive(order, { amount: 10_000, method: 'cheque' });
    const path = `/v1/payments/${payment.id}/reverse`;
    expect((await shop.store.client.post(path, {})).status).toBe(422);
    const reversed = await shop.store.client.post(path, { reason: 'the cheque bounced' });
    expect([reversed.status, reversed.body.status]).toEqual([200, 'voided']);
    expect(await shop.store.order(order)).toMatchObject({ payment_status: 'unpaid', balance_due: 10_000 });
    await eventually(async () => {
      const { data } = (await shop.store.client.get(`/v1/orders/${order}/history`)).body;
      return data.find(({ reason }: { reason: string }) => reason === 'the cheque bounced');
    });
  });

  test('is given back by hand: no call to Stripe', async () => {
    const order = await shop.store.anOrder();
    const { body: payment } = await shop.store.receive(order, { amount: 10_000 });
    const { body } = await shop.store.refund(payment.id, { amount: 4000 });
    expect(body).toMatchObject({ status: 'succeeded', stripe: { refund: null } });
    expect(await shop.store.order(order)).toMatchObject({ amount_refunded: 4000, payment_status: 'paid' });
    const reverse = await shop.store.client.post(`/v1/payments/${payment.id}/reverse`, { reason: 'late' });
    expect(reverse.body.code).toBe('refund_exceeds_captured');
  });

  test('is refused for a cancelled order, in the future, and for money at Stripe', async () => {
    const order = await shop.store.anOrder();
    const future = new Date(Date.now() + 3600_000).toISOString();
    expect((await shop.store.receive(order, { received_at: future })).body.code).toBe('validation_failed');
    const { body: charged } = await shop.store.charge(order, { amount: 3000 });
    const reverse = await shop.store.client.post(`/v1/payments/${charged.id}/reverse`, { reason: 'no' });
    expect(reverse.body.code).toBe('validation_failed');
    const other = await shop.store.anOrder();
    await shop.store.client.post(`/v1/orders/${other}/cancel`, { refund_policy: 'none', reason: 'gone' });
    expect((await shop.store.receive(other)).body.code).toBe('order_cancelled');
  });
});

describe('cancelling an order that has money', () => {
  const cancel = (order: string, refund_policy: string, reason?: string) =>
    shop.store.client.post(`/v1/orders/${order}/cancel`, { refund_policy, ...(reason && { reason }) });

  test('with refund_all gives everything back, and ends when it is back', async () => {
    const order = await shop.store.anOrder();
    const { body: card } = await shop.store.charge(order, { amount: 6000 });
    await shop.store.receive(order, { amount: 1000 });
    const { status, body } = await cancel(order, 'refund_all', 'out of stock');
    expect([status, body.status]).toEqual([200, 'cancelling']);
    expect((await shop.store.charge(order)).body.code).toBe('order_cancelled');
    expect(await shop.store.until(order, (now) => now.status === 'cancelled')).toMatchObject({
      amount_refunded: 7000,
      amount_paid: 0,
      balance_due: 0,
      refund_status: 'full',
    });
    const { data } = await shop.stripe.refunds.list({ charge: card.stripe.charge });
    expect(data.map(({ amount }) => amount)).toEqual([6000]);
    expect((await cancel(order, 'refund_all', 'out of stock')).status).toBe(200);
    expect((await cancel(order, 'none', 'again')).body.code).toBe('order_cancelled');
  });

  test('with refund_all gives no money back that the customer has as credit already', async () => {
    const order = await shop.store.anOrder();
    const { body: card } = await shop.store.charge(order);
    await shop.store.client.patch(`/v1/orders/${order}`, { total: 7000 });
    const path = `/v1/exceptions?order=${order}&kind=overpaid`;
    const { id } = await eventually(async () => (await shop.store.client.get(path)).body.data[0]);
    const credit = { action: 'keep_as_credit', reason: 'next time' };
    await shop.store.client.post(`/v1/exceptions/${id}/resolve`, credit, { key: randomUUID() });
    await shop.store.until(order, (now) => now.amount_moved_to_credit === 3000);
    await cancel(order, 'refund_all', 'out of stock');
    expect(await shop.store.until(order, (now) => now.status === 'cancelled')).toMatchObject({
      amount_refunded: 7000,
      amount_moved_to_credit: 3000,
      amount_paid: 0,
      refund_status: 'full',
    });
    const { data } = await shop.stripe.refunds.list({ charge: card.stripe.charge });
    expect(data.map(({ amount }) => amount)).toEqual([7000]);
  });

  test('with keep_credit keeps it as credit', async () => {
    const order = await shop.store.anOrder();
    await shop.store.charge(order, { amount: 3000 });
    expect((await cancel(order, 'keep_credit', 'moved')).body).toMatchObject({
      status: 'cancelled',
      amount_moved_to_credit: 3000,
      amount_paid: 0,
      balance_due: 0,
      overpaid: 0,
    });
  });

  test('with none keeps it, and needs a reason', async () => {
    const order = await shop.store.anOrder();
    await shop.store.charge(order, { amount: 3000 });
    expect((await cancel(order, 'none')).body.code).toBe('validation_failed');
    expect((await cancel(order, 'none', 'deposit is not returned')).body).toMatchObject({
      status: 'cancelled',
      amount_paid: 3000,
      balance_due: 0,
    });
  });

  test('gives back with refund_all what a slow bank owes only once it has it', async () => {
    const order = await shop.store.anOrder();
    await shop.store.charge(order, { payment_method: 'pm_card_pendingRefund' });
    await cancel(order, 'refund_all', 'out of stock');
    const refund = await eventually(async () =>
      (await shop.store.transactions(order)).find(
        ({ object, stripe }) => object === 'refund' && stripe.refund,
      ),
    );
    expect((await shop.store.order(order)).status).toBe('cancelling');
    await shop.owner.call('POST', `refunds/${refund.stripe.refund}/succeed`);
    await shop.store.until(order, (now) => now.status === 'cancelled');
  });
});

describe('a card', () => {
  test('that its bank refused for good is not tried again', async () => {
    const order = await shop.store.anOrder();
    const lost = { payment_method: 'pm_card_visa_chargeDeclinedLostCard' };
    expect((await shop.store.charge(order, lost)).body.code).toBe('card_declined');
    const before = (await shop.stripe.paymentIntents.list({ limit: 100 })).data.length;
    const again = await shop.store.charge(order, lost);
    expect([again.status, again.body.code]).toEqual([402, 'card_blocked']);
    expect((await shop.stripe.paymentIntents.list({ limit: 100 })).data.length).toBe(before);
  });

  test('whose bank wants to hear from the customer is answered with a link, in the same step', async () => {
    const order = await shop.store.anOrder();
    const ask = { payment_method: 'pm_card_authenticationRequired', on_authentication_required: 'send_link' };
    const key = randomUUID();
    const first = await shop.store.charge(order, { ...ask, amount: 4000 }, key);
    expect([first.status, first.body.code]).toEqual([402, 'authentication_required']);
    expect(first.body.payment_link).toMatchObject({ status: 'active', rule: 'fixed', amount: 4000 });
    const again = await shop.store.charge(order, { ...ask, amount: 4000 }, key);
    expect(again.body.payment_link.id).toBe(first.body.payment_link.id);
    const rows = await shop.store.transactions(order);
    expect(rows.filter(({ object }) => object === 'payment_link')).toHaveLength(1);
  });
});
