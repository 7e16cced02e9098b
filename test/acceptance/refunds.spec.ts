import { randomUUID } from 'node:crypto';
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

/** An order of 100.00 USD that was paid by card. */
async function paidOrder(paymentMethod = 'pm_card_visa') {
  const order = await shop.store.anOrder();
  const { status, body: payment } = await shop.store.charge(order, { payment_method: paymentMethod });
  expect(status).toBe(201);
  return { order, payment };
}

/** What Stripe has given back of a payment. */
async function refundedAtStripe(payment: Json): Promise<number> {
  const { data } = await shop.stripe.refunds.list({ payment_intent: payment.stripe.payment_intent });
  return data
    .filter(({ status }) => status === 'succeeded' || status === 'pending')
    .reduce((sum, { amount }) => sum + amount, 0);
}

const refund = (id: string) => shop.store.client.get(`/v1/refunds/${id}`);
const paymentNow = async (id: string) => (await shop.store.client.get(`/v1/payments/${id}`)).body;

describe('a refund', () => {
  test('gives back a part: a credit, so that the order stays Paid', async () => {
    const { order, payment } = await paidOrder();
    const wish = { amount: 1000, reason: 'requested_by_customer', note: 'lamp broken' };
    const { status, body } = await shop.store.refund(payment.id, wish);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      object: 'refund',
      payment: payment.id,
      order: payment.order,
      amount: 1000,
      currency: 'usd',
      status: 'succeeded',
      effect: 'credit',
      source: 'quittance',
      note: 'lamp broken',
      failure_reason: null,
    });
    const atStripe = await shop.stripe.refunds.retrieve(body.stripe.refund);
    expect(atStripe.metadata).toMatchObject({ refund: body.id, payment: payment.id, store: shop.store.id });
    expect(await shop.store.order(order)).toMatchObject({
      payment_status: 'paid',
      refund_status: 'partial',
      amount_refunded: 1000,
      amount_credited: 1000,
      amount_paid: 9000,
      balance_due: 0,
    });
    expect(await paymentNow(payment.id)).toMatchObject({ amount_refunded: 1000, status: 'captured' });
    expect((await refund(body.id)).body).toEqual(body);
    const told = (await shop.store.history(order)).map(({ type }) => type);
    expect(told).toEqual(expect.arrayContaining(['refund.requested', 'refund.succeeded', 'refund.applied']));
  });

  test('is told to the customer, in one mail', async () => {
    const email = `${randomUUID()}@example.test`;
    const customer = { external_id: null, name: 'Ada Lovelace', email };
    const order = await shop.store.anOrder({ customer });
    const { body: payment } = await shop.store.charge(order);
    const { body } = await shop.store.refund(payment.id, { amount: 1000 });
    const ofRefund = async () => {
      const mails = (await (await fetch(`${app.inboxUrl}/api/messages?to=${email}`)).json()) as Json[];
      const subject = `Lamps & Co: refund for order ${order}, 10.00 USD`;
      return mails.filter((mail) => mail.subject === subject);
    };
    await eventually(async () => ((await ofRefund()).length > 0 ? true : undefined));
    await shop.store.client.post(`/v1/payments/${payment.id}/sync`);
    expect(await ofRefund()).toHaveLength(1);
    expect(body.status).toBe('succeeded');
  });

  test('may reopen the debt instead', async () => {
    const { order, payment } = await paidOrder();
    await shop.store.refund(payment.id, { amount: 4000, effect: 'reopen' });
    expect(await shop.store.order(order)).toMatchObject({
      payment_status: 'partially_paid',
      balance_due: 4000,
      amount_credited: 0,
    });
    expect((await shop.store.charge(order)).body.amount).toBe(4000);
  });

  test('without an amount gives back all that is left, once', async () => {
    const { order, payment } = await paidOrder();
    await shop.store.refund(payment.id, { amount: 2500 });
    const key = randomUUID();
    const first = await shop.store.refund(payment.id, {}, key);
    const again = await shop.store.refund(payment.id, {}, key);
    expect([first.status, again.status, first.body.amount]).toEqual([201, 201, 7500]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await refundedAtStripe(payment)).toBe(10_000);
    expect(await shop.store.order(order)).toMatchObject({ refund_status: 'full', amount_paid: 0 });
  });

  test('asked for fifty times at once is made as often as it fits, and never more', async () => {
    const { payment } = await paidOrder();
    const asked = await Promise.all(
      Array.from({ length: 50 }, () => shop.store.refund(payment.id, { amount: 3000 })),
    );
    expect(asked.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(new Set(asked.map(({ body }) => body.code).filter(Boolean))).toEqual(
      new Set(['refund_exceeds_captured']),
    );
    expect(await refundedAtStripe(payment)).toBe(9000);
  });

  test('that the bank takes its time over is pending, counts, and then succeeds', async () => {
    const { order, payment } = await paidOrder('pm_card_pendingRefund');
    const { body } = await shop.store.refund(payment.id, { amount: 3000 });
    expect(body.status).toBe('pending');
    expect(await shop.store.order(order)).toMatchObject({ amount_refunded: 3000, refund_status: 'partial' });
    await shop.owner.call('POST', `refunds/${body.stripe.refund}/succeed`);
    await eventually(async () => (await refund(body.id)).body.status === 'succeeded' || undefined);
  });

  test('that fails after it had succeeded puts balance and status back', async () => {
    const { order, payment } = await paidOrder();
    const { body } = await shop.store.refund(payment.id, { amount: 4000, effect: 'reopen' });
    expect((await shop.store.order(order)).payment_status).toBe('partially_paid');
    await shop.owner.call('POST', `refunds/${body.stripe.refund}/fail`, { reason: 'lost_or_stolen_card' });
    await shop.store.until(order, ({ payment_status }) => payment_status === 'paid');
    expect(await shop.store.order(order)).toMatchObject({ amount_refunded: 0, balance_due: 0 });
    expect((await refund(body.id)).body).toMatchObject({
      status: 'failed',
      failure_reason: 'lost_or_stolen_card',
    });
    expect((await shop.store.refund(payment.id)).body).toMatchObject({ amount: 10_000 });
  });

  test('made at Stripe itself appears here, as a credit', async () => {
    const { order, payment } = await paidOrder();
    await shop.owner.call('POST', `charges/${payment.stripe.charge}/refund`, { amount: 2000 });
    await shop.store.until(order, ({ amount_refunded }) => amount_refunded === 2000);
    const rows = await shop.store.transactions(order);
    expect(rows.filter(({ object }) => object === 'refund')).toMatchObject([
      { source: 'stripe', effect: 'credit', amount: 2000, status: 'succeeded' },
    ]);
    expect(await shop.store.order(order)).toMatchObject({ payment_status: 'paid', amount_credited: 2000 });
  });

  test.each([
    ['hang_after', { kind: 'hang_after' }],
    ['reset_after', 'reset_after'],
    ['a stored 500', { kind: 'status_after', status: 500 }],
    ['html', 'html_502'],
  ])(
    'is made once where Stripe’s answer is lost: %s',
    async (_name, effect) => {
      const { order, payment } = await paidOrder();
      await shop.fault(effect, { method: 'POST', path: '/v1/refunds' });
      const { status, body } = await shop.store.refund(payment.id, { amount: 3000 });
      expect(status).toBe(201);
      await shop.store.until(order, ({ amount_refunded }) => amount_refunded === 3000, 20_000);
      expect((await refund(body.id)).body.status).toBe('succeeded');
      expect(await refundedAtStripe(payment)).toBe(3000);
    },
    40_000,
  );
});

describe('no refund, no call to Stripe and no event', () => {
  const unchanged = async (
    order: string,
    payment: Json,
    ask: () => Promise<{ status: number; body: Json }>,
  ) => {
    const before = await shop.store.order(order);
    const reply = await ask();
    expect(await shop.store.order(order)).toEqual(before);
    expect(await refundedAtStripe(payment)).toBe(before.amount_refunded);
    return [reply.status, reply.body.code];
  };

  test('above what is left', async () => {
    const { order, payment } = await paidOrder();
    await shop.store.refund(payment.id, { amount: 9000 });
    const ask = () => shop.store.refund(payment.id, { amount: 1001 });
    expect(await unchanged(order, payment, ask)).toEqual([409, 'refund_exceeds_captured']);
  });
  test('in another currency', async () => {
    const { order, payment } = await paidOrder();
    const ask = () => shop.store.refund(payment.id, { amount: 1000, currency: 'eur' });
    expect(await unchanged(order, payment, ask)).toEqual([422, 'currency_mismatch']);
  });
  test('of a payment that failed', async () => {
    const order = await shop.store.anOrder();
    const { body } = await shop.store.charge(order, { payment_method: 'pm_card_visa_chargeDeclined' });
    const ask = () => shop.store.refund(body.payment.id, { amount: 1000 });
    expect(await unchanged(order, body.payment, ask)).toEqual([409, 'refund_exceeds_captured']);
  });
  test.each([
    [{ amount: 0 }, 'validation_failed'],
    [{ amount: -5 }, 'validation_failed'],
    [{ amount: 10.5 }, 'validation_failed'],
    [{ effect: 'forgive' }, 'validation_failed'],
    [{ amount: 100, surprise: true }, 'validation_failed'],
  ])('for %j', async (body, code) => {
    const { order, payment } = await paidOrder();
    expect(await unchanged(order, payment, () => shop.store.refund(payment.id, body))).toEqual([422, code]);
  });
  test('without an Idempotency-Key, or with one of another refund', async () => {
    const { order, payment } = await paidOrder();
    const path = `/v1/payments/${payment.id}/refunds`;
    expect(await unchanged(order, payment, () => shop.store.client.post(path, { amount: 100 }))).toEqual([
      400,
      'idempotency_key_required',
    ]);
    const key = randomUUID();
    await shop.store.refund(payment.id, { amount: 100 }, key);
    expect(
      await unchanged(order, payment, () => shop.store.refund(payment.id, { amount: 200 }, key)),
    ).toEqual([422, 'idempotency_key_reused']);
  });
  test('of money that is the customer’s credit by now', async () => {
    const order = await shop.store.anOrder();
    const { body: payment } = await shop.store.charge(order, { amount: 3000 });
    const cancel = { refund_policy: 'keep_credit', reason: 'moved' };
    expect((await shop.store.client.post(`/v1/orders/${order}/cancel`, cancel)).status).toBe(200);
    const ask = () => shop.store.refund(payment.id, { amount: 100 });
    expect(await unchanged(order, payment, ask)).toEqual([409, 'refund_exceeds_captured']);
    expect((await shop.store.refund(payment.id)).body.code).toBe('refund_exceeds_captured');
  });
  test('of another store’s payment', async () => {
    const { payment } = await paidOrder();
    const other = await AFaultyStore.in(app);
    expect((await other.store.refund(payment.id, { amount: 100 })).status).toBe(404);
    const { body } = await shop.store.refund(payment.id, { amount: 100 });
    expect((await other.store.client.get(`/v1/refunds/${body.id}`)).status).toBe(404);
  });
});
