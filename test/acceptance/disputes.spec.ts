import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/cli/tour/quittance.client.js';
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

async function disputedOrder(complaint: object = {}) {
  const order = await shop.store.anOrder();
  const { body: payment } = await shop.store.charge(order);
  const made = await shop.owner.call('POST', `charges/${payment.stripe.charge}/dispute`, complaint);
  const dispute = await seen(order, ({ status }) => status === 'open' || status === 'inquiry');
  return { order, payment, dispute, atStripe: String(made['id']) };
}

/** The order's one dispute, once it is as it should be. */
function seen(order: string, isSo: (dispute: Json) => boolean): Promise<Json> {
  return eventually(async () => {
    const rows = await shop.store.transactions(order);
    return rows.find((row) => row.object === 'dispute' && isSo(row));
  });
}

const act = (dispute: string, action: string) => shop.owner.call('POST', `disputes/${dispute}/${action}`);

describe('a dispute', () => {
  test('takes the money out of the order, which owes it again but is not asked for it', async () => {
    const { order, payment, dispute, atStripe } = await disputedOrder();
    expect(dispute).toMatchObject({
      payment: payment.id,
      amount: 10_000,
      reason: 'fraudulent',
      stripe: { dispute: atStripe, charge: payment.stripe.charge },
    });
    const after = await shop.store.until(order, ({ amount_disputed }) => amount_disputed === 10_000);
    expect(after).toMatchObject({
      dispute_status: 'open',
      payment_status: 'unpaid',
      balance_due: 10_000,
      amount_contested: 10_000,
      available: 0,
    });
    expect((await shop.store.client.get(`/v1/disputes/${dispute.id}`)).body).toMatchObject({
      id: dispute.id,
      status: 'open',
    });
  });

  test('that is won brings it back', async () => {
    const { order, atStripe } = await disputedOrder();
    await shop.store.until(order, ({ amount_disputed }) => amount_disputed === 10_000);
    await act(atStripe, 'win');
    await shop.store.until(order, ({ dispute_status }) => dispute_status === 'won');
    expect(await shop.store.until(order, ({ amount_disputed }) => amount_disputed === 0)).toMatchObject({
      payment_status: 'paid',
      balance_due: 0,
    });
  });

  test('that is lost keeps it', async () => {
    const { order, atStripe } = await disputedOrder();
    await act(atStripe, 'lose');
    expect(await shop.store.until(order, ({ dispute_status }) => dispute_status === 'lost')).toMatchObject({
      amount_disputed: 10_000,
      balance_due: 10_000,
      available: 0,
    });
  });

  test('stands against a refund, which is neither asked of Stripe nor recorded', async () => {
    const { order, payment } = await disputedOrder();
    const reply = await shop.store.refund(payment.id, { amount: 100 });
    expect([reply.status, reply.body.code]).toEqual([409, 'payment_disputed']);
    const rows = await shop.store.transactions(order);
    expect(rows.some(({ object }) => object === 'refund')).toBe(false);
    expect((await shop.stripe.refunds.list({ charge: payment.stripe.charge })).data).toEqual([]);
  });

  test('may be a question first, which takes nothing, may be answered by a refund, and may become one', async () => {
    const { order, payment, atStripe } = await disputedOrder({ case_type: 'inquiry' });
    expect(await shop.store.order(order)).toMatchObject({
      dispute_status: 'inquiry',
      payment_status: 'paid',
      amount_disputed: 0,
    });
    await act(atStripe, 'escalate');
    await shop.store.until(order, ({ dispute_status }) => dispute_status === 'open');
    await shop.store.until(order, ({ amount_disputed }) => amount_disputed === 10_000);

    const asked = await disputedOrder({ case_type: 'inquiry' });
    expect((await shop.store.refund(asked.payment.id)).status).toBe(201);
    expect(payment.id).not.toBe(asked.payment.id);
  });
});
