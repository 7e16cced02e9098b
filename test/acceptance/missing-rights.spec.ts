import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { open, payByCard, submit } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { AtOnce } from '../support/at-once.js';
import { RunningApp } from '../support/running-app.js';

const PATIENCE_MS = 50_000;
/** What a restricted key of Stripe's hears where it may not do what was asked. */
const FORBIDDEN = { kind: 'status_before', status: 403 };

const together = new AtOnce(PATIENCE_MS);
let app: RunningApp;
beforeAll(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '300' });
  together.begin();
}, 30_000);
afterAll(() => app.remove());

const forbid = (faulty: AFaultyStore, path: string, method = 'POST') =>
  faulty.fault(FORBIDDEN, { path, method }, 'unlimited');
const told = ({ status, body }: Readonly<{ status: number; body: Json }>) => [
  status,
  body.code,
  body.stripe_code,
];
const rightMissing = [502, 'stripe_error', 'permission_missing'];
const isFree = ({ amount_reserved, available }: Json) => amount_reserved === 0 && available === 10000;

describe('a key without the right to', () => {
  together.test('charge is told at once, and holds nothing', async () => {
    const faulty = await AFaultyStore.in(app);
    const order = await faulty.store.anOrder();
    const mend = await forbid(faulty, '/v1/payment_intents');
    expect(told(await faulty.store.charge(order))).toEqual(rightMissing);
    expect(await faulty.store.order(order)).toMatchObject({ amount_reserved: 0, available: 10000 });
    await mend();
    expect((await faulty.store.charge(order)).status).toBe(201);
  });

  together.test('open a page shows the customer that they cannot pay now, and holds nothing', async () => {
    const faulty = await AFaultyStore.in(app);
    const order = await faulty.store.anOrder();
    const { body: link } = await faulty.store.link(order, { send: false });
    const mend = await forbid(faulty, '/v1/checkout/sessions');
    expect((await submit(await open(link.url))).status).toBe(503);
    await faulty.store.until(order, isFree);
    await mend();
    await payByCard(await submit(await open(link.url)));
    await faulty.store.until(order, ({ payment_status }) => payment_status === 'paid');
    expect(await faulty.captures(order)).toBe(1);
  });

  together.test(
    'close a page is told so wherever it stands in the way, and the customer can still pay',
    async () => {
      const faulty = await AFaultyStore.in(app);
      const { store } = faulty;
      const order = await store.anOrder();
      const { body: link } = await store.link(order, { send: false });
      const hosted = await submit(await open(link.url));
      await forbid(faulty, '/v1/checkout/sessions/*/expire');
      const [page] = (await faulty.stripe.checkout.sessions.list()).data;
      const asked = [
        () => store.client.post(`/v1/payment_links/${link.id}/revoke`),
        () => store.charge(order),
        () => store.client.post(`/v1/orders/${order}/cancel`, { refund_policy: 'none' }),
        () => app.client.post(`/v1/stores/${store.id}/disconnect`),
        () => store.client.post(`/v1/payments/${page?.client_reference_id}/void`),
      ];
      for (const ask of asked) expect(told(await ask())).toEqual(rightMissing);
      expect((await app.client.get(`/v1/stores/${store.id}`)).body.status).not.toBe('disconnected');
      await payByCard(hosted);
      await store.until(order, ({ payment_status }) => payment_status === 'paid');
    },
  );

  together.test('look at a payment leaves it unknown and held until it is given', async () => {
    const faulty = await AFaultyStore.in(app);
    const { store } = faulty;
    const order = await store.anOrder();
    await faulty.fault('reset_after', { method: 'POST', path: '/v1/payment_intents/*/confirm' });
    const mend = await faulty.fault(FORBIDDEN, { path: '/v1/payment_intents/*' }, 'unlimited');
    const { status, body: payment } = await store.charge(order);
    expect([status, payment.status]).toEqual([202, 'unknown']);
    expect((await store.order(order)).amount_reserved).toBe(10000);
    await mend();
    await store.until(order, ({ payment_status }) => payment_status === 'paid');
    expect(await faulty.captures(order)).toBe(1);
  });

  together.test('give money back is told so, and gives none', async () => {
    const faulty = await AFaultyStore.in(app);
    const { store } = faulty;
    const order = await store.anOrder();
    const { body: payment } = await store.charge(order);
    const mend = await forbid(faulty, '/v1/refunds');
    const refund = () => store.refund(payment.id, { amount: 1000 });
    expect(told(await refund())).toEqual(rightMissing);
    await mend();
    expect((await refund()).status).toBe(201);
    expect((await faulty.stripe.refunds.list()).data.map(({ amount }) => amount)).toEqual([1000]);
  });
});
