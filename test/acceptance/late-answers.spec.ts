import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import { payByCard } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { payAndLeave } from '../support/a-leaving-customer.js';
import { eventually } from '../support/a-store.js';
import { AtOnce } from '../support/at-once.js';
import { logged } from '../support/log-of.js';
import { movableClock, pass } from '../support/passing-time.js';
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
  [swept, unswept] = await Promise.all([
    RunningApp.start({ SWEEP_INTERVAL_MS: '300' }, movableClock),
    RunningApp.start({ SWEEP_INTERVAL_MS: '3600000' }, movableClock),
  ]);
  together.begin();
}, 30_000);
afterAll(() => Promise.all([swept.remove(), unswept.remove()]));

const isPaid = ({ payment_status }: Json) => payment_status === 'paid';
const isFree = ({ amount_reserved, available }: Json) => amount_reserved === 0 && available === 10000;
const revokeKey = (app: RunningApp, { account }: AFaultyStore) =>
  ownerOf(app).call('POST', `accounts/${account}/revoke_key`);

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
    const { order, link, hosted } = await faulty.anOpenPage();
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

describe('a link whose time is over while its page is open', () => {
  // Stripe lets no page end before half an hour, so this one outlives its link.
  const expiring = () => ({ expires_at: new Date(Date.now() + 10 * MINUTE_MS).toISOString() });

  test(
    'closes the page when Pay is pressed again, and says that it has expired',
    async () => {
      const faulty = await AFaultyStore.in(unswept);
      const { order, link, hosted } = await faulty.anOpenPage(expiring());
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
      const { order } = await faulty.anOpenPage(expiring());
      await pass(swept, 11 * MINUTE_MS);
      await faulty.store.until(order, isFree);
      expect(await pagesOf(faulty)).toEqual(['expired']);
      expect((await faulty.store.charge(order)).status).toBe(201);
      expect(await faulty.captures(order)).toBe(1);
    },
    PATIENCE_MS,
  );
});
