import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { open, submit, words } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AStore, eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';
import { stripeAccount } from '../support/stripe-account.js';

let app: RunningApp;

beforeAll(async () => {
  app = await RunningApp.start();
}, 30_000);
afterAll(() => app.remove());

const aName = { name: 'Books Ltd', notification_email: 'ops@books.test' };

test('a merchant names a store, is led to Stripe and back, and can charge', async () => {
  const { body: named } = await app.client.post('/v1/stores', aName);
  expect(named).toMatchObject({ status: 'named', stripe_account: null });
  const atStripe = await open(named.connect_url);
  const back = await submit(atStripe, { decision: 'connect' });
  expect(back.url).toContain('/v1/stores/oauth/callback');
  expect(words(back.html)).toMatch(/connected/i);

  const { body: store } = await app.client.get(`/v1/stores/${named.id}`);
  expect(store).toMatchObject({ status: 'connected', livemode: false, connect_url: null, problems: [] });
  const client = app.client.forStore(store.id);
  await client.put('/v1/orders/B-1', {
    number: 'B-1',
    currency: 'usd',
    customer: { name: 'Ada Lovelace', email: 'ada@example.test' },
    total: 5000,
  });
  const charge = { payment_method: 'pm_card_visa' };
  expect((await client.post('/v1/orders/B-1/charges', charge, { key: 'first' })).status).toBe(201);
});

test('a merchant who says no at Stripe is not connected, and may start again', async () => {
  const { body: named } = await app.client.post('/v1/stores', aName);
  const back = await submit(await open(named.connect_url), { decision: 'deny' });
  expect(back.status).toBe(400);
  expect((await app.client.get(`/v1/stores/${named.id}`)).body.status).toBe('named');
});

test('a round trip to Stripe ends once: the same address again connects nothing', async () => {
  const { body: named } = await app.client.post('/v1/stores', aName);
  const back = await submit(await open(named.connect_url), { decision: 'deny' });
  const replayed = new URL(back.url);
  replayed.searchParams.delete('error');
  replayed.searchParams.set('code', 'ac_stolen');
  expect((await open(replayed.href)).status).toBeGreaterThanOrEqual(400);
  expect((await app.client.get(`/v1/stores/${named.id}`)).body.status).toBe('named');
});

test('a store is connected by key, with exactly one webhook endpoint of ours at its account', async () => {
  const store = await AStore.connectedTo(app, 'sk_test_demo_tea');
  const { body } = await app.client.get(`/v1/stores/${store.id}`);
  expect(body).toMatchObject({
    status: 'connected',
    stripe_account: { country: 'JP', default_currency: 'jpy' },
  });
  const { data } = await stripeAccount(app.sandboxUrl, 'sk_test_demo_tea').webhookEndpoints.list();
  expect(data.map(({ id, url, status }) => ({ id, url, status }))).toEqual([body.webhook_endpoint]);
  expect(JSON.stringify(body)).not.toContain('sk_test');
});

test('a key that Stripe refuses connects nothing and is not kept', async () => {
  const before = (await app.client.get('/v1/stores')).body.data.length;
  const { status, body } = await app.client.post('/v1/stores', {
    ...aName,
    stripe_secret_key: 'sk_test_nobodys',
  });
  expect(status).toBe(422);
  expect(body.errors).toEqual([expect.objectContaining({ pointer: '/stripe_secret_key' })]);
  expect((await app.client.get('/v1/stores')).body.data).toHaveLength(before);
});

test('the address for integration errors can be tried out', async () => {
  const { body: store } = await app.client.post('/v1/stores', {
    ...aName,
    notification_email: 'alarm@books.test',
  });
  expect((await app.client.post(`/v1/stores/${store.id}/test_notification`)).status).toBeLessThan(300);
  await eventually(async () => {
    const mails = (await (await fetch(`${app.inboxUrl}/api/messages?to=alarm@books.test`)).json()) as Json[];
    return mails[0];
  });
});
