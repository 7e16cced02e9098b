import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AStore, eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';
import { capturesOf, stripeAccount } from '../support/stripe-account.js';

let app: RunningApp;
let store: AStore;

beforeAll(async () => {
  app = await RunningApp.start();
  store = await AStore.connectedTo(app);
}, 30_000);
afterAll(() => app.remove());

describe('Charge Card', () => {
  test('charges the customer, makes a payment here and at Stripe, and the order becomes Paid', async () => {
    const order = await store.anOrder();
    const { status, body: payment } = await store.charge(order);
    expect(status).toBe(201);
    expect(payment).toMatchObject({
      object: 'payment',
      channel: 'card',
      status: 'captured',
      amount: 10000,
      amount_captured: 10000,
      amount_applied: 10000,
      amount_excess: 0,
      card: { brand: 'visa', last4: '4242' },
    });
    expect(await store.order(order)).toMatchObject({
      payment_status: 'paid',
      amount_paid: 10000,
      balance_due: 0,
      available: 0,
    });
    const atStripe = await stripeAccount(app.sandboxUrl).paymentIntents.retrieve(
      payment.stripe.payment_intent,
    );
    expect(atStripe).toMatchObject({
      status: 'succeeded',
      amount_received: 10000,
      metadata: { store: store.id, order_number: order, payment: payment.id },
    });
  });

  test('charges a part, and the order says so until the rest is charged', async () => {
    const order = await store.anOrder();
    expect((await store.charge(order, { amount: 3000 })).status).toBe(201);
    expect(await store.order(order)).toMatchObject({
      payment_status: 'partially_paid',
      balance_due: 7000,
      paid_at: null,
    });
    expect((await store.charge(order)).body.amount).toBe(7000);
    const paid = await store.order(order);
    expect(paid).toMatchObject({ payment_status: 'paid', balance_due: 0 });
    expect(paid.paid_at).toMatch(/^\d{4}-/);
  });

  test('charges yen and dinars as Stripe counts them', async () => {
    const yen = await store.anOrder({ currency: 'jpy', total: 5430 });
    expect((await store.charge(yen)).body).toMatchObject({
      amount: 5430,
      currency: 'jpy',
      status: 'captured',
    });
    const dinar = await store.anOrder({ currency: 'kwd', total: 12340 });
    expect((await store.charge(dinar)).body).toMatchObject({
      amount: 12340,
      currency: 'kwd',
      status: 'captured',
    });
    expect(
      (await store.charge(await store.anOrder({ currency: 'kwd', total: 12340 }), { amount: 1001 })).status,
    ).toBe(422);
  });

  test('keeps the decline code for the operator and a kind word for the customer, and frees the balance', async () => {
    const order = await store.anOrder();
    const { status, body } = await store.charge(order, {
      amount: 3000,
      payment_method: 'pm_card_visa_chargeDeclinedLostCard',
    });
    expect(status).toBe(402);
    expect(body).toMatchObject({
      code: 'card_declined',
      decline_code: 'lost_card',
      payment: { status: 'failed' },
    });
    expect(body.customer_message).not.toMatch(/lost|stolen|fraud/i);
    expect(await store.order(order)).toMatchObject({
      payment_status: 'unpaid',
      amount_reserved: 0,
      available: 10000,
    });
    const intent = body.payment.stripe.payment_intent;
    await eventually(async () => {
      const { status: state } = await stripeAccount(app.sandboxUrl).paymentIntents.retrieve(intent);
      return state === 'canceled' || undefined;
    });
  });

  test('offers a payment link where the bank wants to hear from an absent customer', async () => {
    const { status, body } = await store.charge(await store.anOrder(), {
      amount: 3000,
      payment_method: 'pm_card_authenticationRequired',
    });
    expect(status).toBe(402);
    expect(body).toMatchObject({
      code: 'authentication_required',
      offer: { type: 'payment_link', amount: 3000 },
    });
  });

  test('leads a customer who is present to their bank', async () => {
    const order = await store.anOrder();
    const { status, body } = await store.charge(order, {
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://shop.test/thanks',
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect' } });
    expect(await store.order(order)).toMatchObject({ amount_reserved: 10000, available: 0 });
  });

  test('refuses a payment method that Stripe does not know, with Stripe’s reason', async () => {
    const { status, body } = await store.charge(await store.anOrder(), {
      payment_method: 'pm_nobody_has_this',
    });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'payment_method_unusable', param: '/payment_method' });
  });
});

describe('the balance', () => {
  const captured = async (order: string) => (await capturesOf(stripeAccount(app.sandboxUrl), order)).length;

  test.each([
    [
      { amount: 10001 },
      409,
      { code: 'amount_exceeds_balance', amount: 10001, balance_due: 10000, available: 10000 },
    ],
    [{ amount: 49 }, 422, { code: 'amount_below_minimum', minimum: 50 }],
    [{ amount: 9970 }, 422, { code: 'amount_leaves_unpayable_rest', minimum: 50, rest: 30 }],
  ])('refuses %j before Stripe is asked, with the numbers', async (body, status, problem) => {
    const order = await store.anOrder();
    const reply = await store.charge(order, body);
    expect(reply.status).toBe(status);
    expect(reply.body).toMatchObject(problem);
    expect(await captured(order)).toBe(0);
    expect(await store.transactions(order)).toEqual([]);
  });

  test('of a paid order takes nothing more', async () => {
    const order = await store.anOrder();
    await store.charge(order);
    expect((await store.charge(order)).body.code).toBe('order_settled');
    expect((await store.charge(order, { amount: 100 })).body.code).toBe('order_settled');
  });

  test('is charged once by fifty calls at the same time with fifty keys', async () => {
    const order = await store.anOrder();
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => store.charge(order, { amount: 10000 })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status, body } of replies.filter((reply) => reply.status !== 201)) {
      expect(status).toBe(409);
      expect(['balance_reserved', 'order_settled']).toContain(body.code);
    }
    expect(await captured(order)).toBe(1);
    expect(await store.order(order)).toMatchObject({ payment_status: 'paid', amount_captured: 10000 });
  });

  test('is charged once by fifty calls at the same time with one key, which all get the same answer', async () => {
    const order = await store.anOrder();
    const key = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => store.charge(order, { amount: 10000 }, key)),
    );
    const first = replies[0]?.body;
    for (const { status, body } of replies) {
      expect(status).toBe(201);
      expect(body).toEqual(first);
    }
    expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(49);
    expect(await captured(order)).toBe(1);
  });
});

describe('an Idempotency-Key', () => {
  test('is required', async () => {
    const order = await store.anOrder();
    const reply = await store.client.post(`/v1/orders/${order}/charges`, { payment_method: 'pm_card_visa' });
    expect([reply.status, reply.body.code]).toEqual([400, 'idempotency_key_required']);
  });

  test('answers a repeated call with the first payment, also a declined one', async () => {
    const order = await store.anOrder();
    const key = randomUUID();
    const declined = { amount: 3000, payment_method: 'pm_card_visa_chargeDeclined' };
    const [first, second] = [
      await store.charge(order, declined, key),
      await store.charge(order, declined, key),
    ];
    expect(second.status).toBe(402);
    expect(second.body.payment.id).toBe(first.body.payment.id);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });

  test('belongs to one body', async () => {
    const order = await store.anOrder();
    const key = randomUUID();
    await store.charge(order, { amount: 3000 }, key);
    const reply = await store.charge(order, { amount: 4000 }, key);
    expect([reply.status, reply.body.code]).toEqual([422, 'idempotency_key_reused']);
  });
});

test('the history explains every amount, with Stripe’s ids and who asked', async () => {
  const order = await store.anOrder();
  await store.charge(order, { amount: 3000 });
  const history = await eventually(async () => {
    const events = await store.history(order);
    return events.some(({ type }) => type === 'payment.applied') ? events : undefined;
  });
  const types = history.map(({ type }) => type);
  for (const type of [
    'order.opened',
    'payment.reserved',
    'payment.initiated',
    'payment.intent_created',
    'payment.captured',
  ]) {
    expect(types).toContain(type);
  }
  const captured = history.find(({ type }) => type === 'payment.captured');
  expect(captured).toMatchObject({
    summary: 'Card ending 4242 was charged 30.00 USD',
    actor: { type: 'api_key' },
  });
});

test('the fee that Stripe keeps is told once Stripe names it', async () => {
  const { body: payment } = await store.charge(await store.anOrder(), { amount: 3000 });
  const settled = await eventually(async () => {
    const { body } = await store.client.get(`/v1/payments/${payment.id}`);
    return body.fee ? body : undefined;
  }, 15_000);
  expect(settled.fee.amount + settled.net.amount).toBe(settled.amount_captured);
});
