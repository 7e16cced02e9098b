import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { movableClock, pass } from '../support/passing-time.js';
import { RunningApp } from '../support/running-app.js';
import { ownerOf } from '../support/sandbox-owner.js';

const PATIENCE_MS = 50_000;
const MINUTE_MS = 60_000;
const KEY_REFUSED = { kind: 'status_before', status: 401 };

/** Sweeps three times a second. */
let app: RunningApp;
beforeAll(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '300' }, movableClock);
}, 30_000);
afterAll(() => app.remove());

const isPaid = ({ payment_status }: Json) => payment_status === 'paid';
const revokeKey = ({ account }: AFaultyStore) => ownerOf(app).call('POST', `accounts/${account}/revoke_key`);
const disconnect = ({ store }: AFaultyStore) => store.client.post(`/v1/stores/${store.id}/disconnect`);

/** A charge with the customer present, who is sent to their bank. */
async function challenged({ store }: AFaultyStore) {
  const order = await store.anOrder();
  const terms = { payment_method: 'pm_card_authenticationRequired', return_url: 'https://shop.test/thanks' };
  const { body: payment } = await store.charge(order, terms);
  expect(payment.status).toBe('requires_action');
  return { order, payment };
}

test('a store whose key was revoked is disconnected with payments under way', async () => {
  const faulty = await AFaultyStore.in(app);
  const challenge = await challenged(faulty);
  const page = await faulty.anOpenPage();
  await revokeKey(faulty);
  const { status } = await disconnect(faulty);
  expect(status).toBe(200);
  // Both may still capture at Stripe, so both are still held.
  for (const { order } of [challenge, page])
    expect(await faulty.store.order(order)).toMatchObject({ amount_reserved: 10000 });
});

describe('a payment that Stripe no longer lets us see', () => {
  const voided = async ({ store }: AFaultyStore, payment: string) => {
    const { status, body } = await store.client.post(`/v1/payments/${payment}/void`);
    return [status, body.code ?? body.status];
  };

  test(
    'is not voided while its store is connected, nor before its time is over, and is after that',
    async () => {
      const faulty = await AFaultyStore.in(app);
      const { order: atBank, payment } = await challenged(faulty);
      const { order: onPage } = await faulty.anOpenPage();
      const { data: pages } = await faulty.stripe.checkout.sessions.list();
      const [charge, page] = [String(payment.id), String(pages[0]?.client_reference_id)];
      await revokeKey(faulty);
      await pass(app, 16 * MINUTE_MS);
      expect(await voided(faulty, charge)).toEqual([409, 'store_disconnected']);

      await disconnect(faulty);
      expect(await voided(faulty, charge)).toEqual([200, 'voided']);
      expect(await faulty.store.order(atBank)).toMatchObject({ amount_reserved: 0, available: 10000 });
      expect(await voided(faulty, page)).toEqual([409, 'store_disconnected']);
      expect(await faulty.store.order(onPage)).toMatchObject({ amount_reserved: 10000 });

      await pass(app, 46 * MINUTE_MS);
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
    await revokeKey(faulty);
    await mend();
    await pass(app, 16 * MINUTE_MS);
    return { order, payment: String(payment.id) };
  }

  async function getsANewKey({ store, account }: AFaultyStore): Promise<void> {
    const { secret_key: key } = await ownerOf(app).call('POST', `accounts/${account}/roll_key`);
    expect((await store.client.patch(`/v1/stores/${store.id}`, { stripe_secret_key: key })).status).toBe(200);
  }

  test(
    'stays held however long nobody can ask, and is known once there is a key that works',
    async () => {
      const faulty = await AFaultyStore.in(app);
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
      const faulty = await AFaultyStore.in(app);
      const { store } = faulty;
      const { order, payment } = await takenUnheard(faulty);
      await disconnect(faulty);
      expect(await voided(faulty, payment)).toEqual([200, 'voided']);
      expect((await store.receive(order, { amount: 10000 })).status).toBe(201);
      await getsANewKey(faulty);
      const late = await store.until(order, ({ overpaid }) => overpaid > 0);
      expect(late).toMatchObject({ amount_captured: 20000, overpaid: 10000 });
    },
    PATIENCE_MS,
  );
});
