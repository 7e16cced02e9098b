import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import { open, payByCard, submit } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { payAndLeave } from '../support/a-leaving-customer.js';
import { eventually } from '../support/a-store.js';
import { AtOnce } from '../support/at-once.js';
import { logged } from '../support/log-of.js';
import { RunningApp } from '../support/running-app.js';
import { ownerOf } from '../support/sandbox-owner.js';

const PATIENCE_MS = 50_000;
const MINUTE_MS = 60_000;
const KEY_REFUSED = { kind: 'status_before', status: 401 };

const together = new AtOnce(PATIENCE_MS);
/** Sweeps three times a second, and its clock can be moved. */
let swept: RunningApp;
/** Sweeps when it starts, and then not for the length of a test; its clock can be moved too. */
let unswept: RunningApp;

beforeAll(async () => {
  const clock = join(import.meta.dirname, '../support/moved-clock.mjs');
  [swept, unswept] = await Promise.all([
    RunningApp.start({ SWEEP_INTERVAL_MS: '300' }, ['--import', clock]),
    RunningApp.start({ SWEEP_INTERVAL_MS: '3600000' }, ['--import', clock]),
  ]);
  together.begin();
}, 30_000);
afterAll(() => Promise.all([swept.remove(), unswept.remove()]));

const isPaid = ({ payment_status }: Json) => payment_status === 'paid';
const isFree = ({ amount_reserved, available }: Json) => amount_reserved === 0 && available === 10000;
const revokeKey = (app: RunningApp, { account }: AFaultyStore) =>
  ownerOf(app).call('POST', `accounts/${account}/revoke_key`);

/** An order with a link, whose page the customer has open at Stripe. */
async function pageOf({ store }: AFaultyStore, terms: Record<string, unknown> = {}) {
  const order = await store.anOrder();
  const { body: link } = await store.link(order, { send: false, ...terms });
  const hosted = await submit(await open(link.url));
  expect(hosted.url).toContain('/c/pay/');
  return { order, link, hosted };
}

/** A charge with the customer present, who is sent to their bank. */
async function challenged({ store }: AFaultyStore) {
  const order = await store.anOrder();
  const terms = { payment_method: 'pm_card_authenticationRequired', return_url: 'https://shop.test/thanks' };
  const { body: payment } = await store.charge(order, terms);
  expect(payment.status).toBe('requires_action');
  return { order, payment };
}

const pagesOf = async ({ stripe }: AFaultyStore) =>
  (await stripe.checkout.sessions.list()).data.map(({ status }) => status);

describe('a key that Stripe refuses after a confirm was sent', () => {
  together.test(
    'leaves the charge unknown and held, until the key works again; it is charged once',
    async () => {
      const faulty = await AFaultyStore.in(swept);
      const { store } = faulty;
      const order = await store.anOrder();
      // The SDK asks once more by itself after a reset, and hears that the key is refused.
      await faulty.fault('reset_after', { method: 'POST', path: '/v1/payment_intents/*/confirm' });
      const mend = await faulty.fault(KEY_REFUSED, { path: '/v1/payment_intents/*' }, 'unlimited');
      const key = randomUUID();
      const first = await store.charge(order, {}, key);
      expect([first.status, first.body.status]).toEqual([202, 'unknown']);
      expect(await store.order(order)).toMatchObject({ amount_reserved: 10000, payment_status: 'unpaid' });
      expect((await store.charge(order)).status).toBe(409);

      await mend();
      await store.until(order, isPaid);
      const repeated = await store.charge(order, {}, key);
      expect([repeated.status, repeated.body.id]).toEqual([201, first.body.id]);
      expect((await store.charge(order)).body.code).toBe('order_settled');
      expect(await store.order(order)).toMatchObject({
        amount_captured: 10000,
        amount_reserved: 0,
        overpaid: 0,
      });
      expect(await faulty.captures(order)).toBe(1);
    },
  );
});

describe('a declined charge that is asked for again', () => {
  const declined = { payment_method: 'pm_card_chargeDeclined' };

  together.test('answers the same when Stripe no longer knows its intent', async () => {
    const faulty = await AFaultyStore.in(swept);
    const order = await faulty.store.anOrder();
    const key = randomUUID();
    const first = await faulty.store.charge(order, declined, key);
    expect([first.status, first.body.code]).toEqual([402, 'card_declined']);
    const gone = { kind: 'status_before', status: 404 };
    await faulty.fault(gone, { path: '/v1/payment_intents/*' }, 'unlimited');
    const again = await faulty.store.charge(order, declined, key);
    expect([again.status, again.body]).toEqual([402, expect.objectContaining(sameRefusal(first.body))]);
  });

  together.test('answers the same when the store’s key is revoked', async () => {
    const faulty = await AFaultyStore.in(swept);
    const order = await faulty.store.anOrder();
    const key = randomUUID();
    const first = await faulty.store.charge(order, declined, key);
    await revokeKey(swept, faulty);
    const again = await faulty.store.charge(order, declined, key);
    expect([again.status, again.body]).toEqual([402, expect.objectContaining(sameRefusal(first.body))]);
  });

  const sameRefusal = ({ code, decline_code, customer_message }: Json) => ({
    code,
    decline_code,
    customer_message,
  });
});

describe('an intent that somebody else made with the customer’s metadata', () => {
  together.test('is not taken for the customer’s payment, who still pays all that is due', async () => {
    const faulty = await AFaultyStore.in(unswept);
    const { store, stripe } = faulty;
    const { order, link, hosted } = await pageOf(faulty);
    const [page] = (await stripe.checkout.sessions.list({ limit: 1 })).data;
    const copied = await stripe.paymentIntents.create({
      amount: 100,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      allowed_payment_method_types: ['card'],
      confirm: true,
      error_on_requires_action: true,
      metadata: page?.metadata ?? {},
    });
    expect(copied.status).toBe('succeeded');
    await eventually(() => toldOf(copied));
    expect(await store.order(order)).toMatchObject({ amount_captured: 0, amount_reserved: 10000 });
    expect((await store.client.get(`/v1/payment_links/${link.id}`)).body.status).not.toBe('paid');

    await payAndLeave(hosted);
    const paid = await store.until(order, isPaid);
    expect(paid).toMatchObject({ amount_captured: 10000, balance_due: 0, overpaid: 0 });
  });

  /** The webhook about it has come, and is done with. */
  async function toldOf({ id }: Stripe.PaymentIntent): Promise<true | undefined> {
    const done = new Set(
      logged(unswept, 'StripeEventApplied', 'StripeEventIgnored').map(({ stream }) => stream),
    );
    const came = logged(unswept, 'StripeEventReceived').some(
      ({ stream, data }) =>
        data['type'] === 'payment_intent.succeeded' &&
        (data['object'] as Json).payment_intent === id &&
        done.has(stream),
    );
    return came || undefined;
  }
});

together.test('a store whose key was revoked is disconnected with payments under way', async () => {
  const faulty = await AFaultyStore.in(swept);
  const challenge = await challenged(faulty);
  const page = await pageOf(faulty);
  await revokeKey(swept, faulty);
  const { status } = await swept.client.post(`/v1/stores/${faulty.store.id}/disconnect`);
  expect(status).toBe(200);
  // Both may still capture at Stripe, so both are still held.
  for (const { order } of [challenge, page])
    expect(await faulty.store.order(order)).toMatchObject({ amount_reserved: 10000 });
});

/** Time passes for the product and for Stripe. */
async function pass(app: RunningApp, ms: number): Promise<void> {
  const moved = new Promise((resolve) => app.listen(resolve));
  app.send({ forwardMs: ms });
  await moved;
  // The sandbox's alarms are set by real time: it is to look at its clock now.
  await ownerOf(app).advance(0);
}

describe('a link whose time is over while its page is open', () => {
  // Stripe lets no page end before half an hour, so this one outlives its link.
  const expiring = () => ({ expires_at: new Date(Date.now() + 10 * MINUTE_MS).toISOString() });

  test(
    'closes the page when Pay is pressed again, and says that it has expired',
    async () => {
      const faulty = await AFaultyStore.in(unswept);
      const { order, link, hosted } = await pageOf(faulty, expiring());
      await pass(unswept, 11 * MINUTE_MS);
      expect(await pagesOf(faulty)).toEqual(['open']);
      const late = await fetch(link.url, { method: 'POST', redirect: 'manual', body: new URLSearchParams() });
      expect(late.status).toBe(410);
      expect(await pagesOf(faulty)).toEqual(['expired']);
      await payByCard(hosted).catch(() => undefined);
      expect(await faulty.store.order(order)).toMatchObject({ amount_reserved: 0, amount_captured: 0 });
      expect(await faulty.captures(order)).toBe(0);
    },
    PATIENCE_MS,
  );

  test(
    'has its page closed by the sweep alone',
    async () => {
      const faulty = await AFaultyStore.in(swept);
      const { order } = await pageOf(faulty, expiring());
      await pass(swept, 11 * MINUTE_MS);
      await faulty.store.until(order, isFree);
      expect(await pagesOf(faulty)).toEqual(['expired']);
      expect((await faulty.store.charge(order)).status).toBe(201);
      expect(await faulty.captures(order)).toBe(1);
    },
    PATIENCE_MS,
  );
});

describe('a payment that Stripe no longer lets us see', () => {
  const voided = async ({ store }: AFaultyStore, payment: string) => {
    const { status, body } = await store.client.post(`/v1/payments/${payment}/void`);
    return [status, body.code ?? body.status];
  };

  test(
    'is not voided while its store is connected, nor before its time is over, and is after that',
    async () => {
      const faulty = await AFaultyStore.in(swept);
      const { order: atBank, payment } = await challenged(faulty);
      const { order: onPage } = await pageOf(faulty);
      const { data: pages } = await faulty.stripe.checkout.sessions.list();
      const [charge, page] = [String(payment.id), String(pages[0]?.client_reference_id)];
      await revokeKey(swept, faulty);
      await pass(swept, 16 * MINUTE_MS);
      expect(await voided(faulty, charge)).toEqual([409, 'store_disconnected']);

      await faulty.store.client.post(`/v1/stores/${faulty.store.id}/disconnect`);
      expect(await voided(faulty, charge)).toEqual([200, 'voided']);
      expect(await faulty.store.order(atBank)).toMatchObject({ amount_reserved: 0, available: 10000 });
      expect(await voided(faulty, page)).toEqual([409, 'store_disconnected']);
      expect(await faulty.store.order(onPage)).toMatchObject({ amount_reserved: 10000 });

      await pass(swept, 46 * MINUTE_MS);
      expect(await voided(faulty, page)).toEqual([200, 'voided']);
      expect(await faulty.store.order(onPage)).toMatchObject({ amount_reserved: 0, available: 10000 });
    },
    PATIENCE_MS,
  );

  /** Stripe takes the money, its answer is lost, and then the store's key. */
  async function takenUnheard(faulty: AFaultyStore) {
    const { store } = faulty;
    const order = await store.anOrder();
    await faulty.fault('reset_after', { method: 'POST', path: '/v1/payment_intents/*/confirm' });
    const mend = await faulty.fault(KEY_REFUSED, { path: '/v1/payment_intents/*' }, 'unlimited');
    const { body: payment } = await store.charge(order);
    expect(payment.status).toBe('unknown');
    await revokeKey(swept, faulty);
    await mend();
    await pass(swept, 16 * MINUTE_MS);
    return { order, payment: String(payment.id) };
  }

  async function getsANewKey({ store, account }: AFaultyStore): Promise<void> {
    const { secret_key: key } = await ownerOf(swept).call('POST', `accounts/${account}/roll_key`);
    expect((await store.client.patch(`/v1/stores/${store.id}`, { stripe_secret_key: key })).status).toBe(200);
  }

  test(
    'stays held however long nobody can ask, and is known once there is a key that works',
    async () => {
      const faulty = await AFaultyStore.in(swept);
      const { store } = faulty;
      const { order, payment } = await takenUnheard(faulty);
      expect(await voided(faulty, payment)).toEqual([409, 'store_disconnected']);
      expect(await store.order(order)).toMatchObject({ amount_reserved: 10000, available: 0 });
      await getsANewKey(faulty);
      await store.until(order, isPaid);
      expect(await voided(faulty, payment)).toEqual([409, 'order_settled']);
    },
    PATIENCE_MS,
  );

  test(
    'is known after it was given up too, once its store is connected again',
    async () => {
      const faulty = await AFaultyStore.in(swept);
      const { store } = faulty;
      const { order, payment } = await takenUnheard(faulty);
      await store.client.post(`/v1/stores/${store.id}/disconnect`);
      expect(await voided(faulty, payment)).toEqual([200, 'voided']);
      expect((await store.receive(order, { amount: 10000 })).status).toBe(201);
      await getsANewKey(faulty);
      const late = await store.until(order, ({ overpaid }) => overpaid > 0);
      expect(late).toMatchObject({ amount_captured: 20000, overpaid: 10000 });
    },
    PATIENCE_MS,
  );
});
