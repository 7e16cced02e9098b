import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { open, payByCard, submit } from '../../src/cli/tour/customer.js';
import type { Json, Reply } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { eventually } from '../support/a-store.js';
import { AtOnce } from '../support/at-once.js';
import { RunningApp } from '../support/running-app.js';

/** No answer of ours takes longer, whatever Stripe does. */
const LONGEST_ANSWER_MS = 25_000;
const PATIENCE_MS = 50_000;

type Effect = readonly [name: string, effect: object | string, times?: number];

const lostAnswers: readonly Effect[] = [
  ['hangs and has done it', 'hang_after'],
  ['hangs and has not done it', 'hang_before'],
  ['hangs twice', 'hang_after', 2],
  // The SDK asks once more by itself after a reset.
  ['breaks off and has done it', 'reset_after', 2],
  ['breaks off and has not done it', 'reset_before', 2],
  ['fails for ever under this key, and has done it', { kind: 'status_after', status: 500 }],
  ['fails and has not done it', { kind: 'status_before', status: 503 }],
  ['hides behind a proxy’s page', { kind: 'html_502', after: true }],
  ['hides behind a proxy’s JSON', { kind: 'json_without_error', status: 503, after: true }],
  ['stops in the middle', 'truncate_after'],
  ['drips', { kind: 'drip', ms: 50 }],
  ['comes later than anybody waits', { kind: 'latency', ms: 10_000 }],
  ['is that there are too many calls', 'rate_limit'],
  ['is that something is locked', 'lock_timeout'],
];

const calls = [
  ['confirm', '/v1/payment_intents/*/confirm'],
  ['create', '/v1/payment_intents'],
] as const;

type Story = Readonly<{
  first: Reply;
  tookMs: number;
  /** What another caller hears meanwhile. */
  other: Reply;
  repeated: Reply;
  order: Json;
  captures: number;
}>;

const together = new AtOnce(PATIENCE_MS);
let app: RunningApp;
beforeAll(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '500' });
  together.begin();
}, 30_000);
afterAll(() => app.remove());

/** A charge at whose call to Stripe something goes wrong, until the order is paid. */
async function charged(path: string, effect: object | string, times?: number): Promise<Story> {
  const faulty = await AFaultyStore.in(app);
  const { store } = faulty;
  const order = await store.anOrder();
  await faulty.fault(effect, { method: 'POST', path }, times);
  const key = randomUUID();
  const began = Date.now();
  const answer = store.charge(order, {}, key).then((first) => ({ first, tookMs: Date.now() - began }));
  await store.until(order, ({ available }) => available === 0);
  const other = await store.charge(order);
  const { first, tookMs } = await answer;
  const paid = await store.until(order, (o) => o.payment_status === 'paid', PATIENCE_MS);
  const repeated = await store.charge(order, {}, key);
  return { first, tookMs, other, repeated, order: paid, captures: await faulty.captures(order) };
}

/** A link where something goes wrong as its page is opened; the customer tries again until there is one, and pays. */
async function paidByLink(effect: object | string, times?: number): Promise<Story> {
  const faulty = await AFaultyStore.in(app);
  const { store } = faulty;
  const order = await store.anOrder();
  const { body: link } = await store.link(order, { send: false });
  await faulty.fault(effect, { method: 'POST', path: '/v1/checkout/sessions' }, times);
  const page = await open(link.url);
  const began = Date.now();
  const answer = submit(page).then(({ status, html, url }) => ({
    first: { status, body: { url, html }, headers: new Headers() },
    tookMs: Date.now() - began,
  }));
  await store.until(order, ({ available }) => available === 0);
  const other = await store.charge(order, { on_open_session: 'reject' });
  const { first, tookMs } = await answer;
  const hosted = await eventually(async () => {
    const shown = await submit(await open(link.url));
    return shown.url.includes('/c/pay/') ? shown : undefined;
  }, PATIENCE_MS);
  await payByCard(hosted);
  const paid = await store.until(order, (o) => o.payment_status === 'paid', PATIENCE_MS);
  const repeated = await store.client.get(`/v1/payment_links/${link.id}`);
  return { first, tookMs, other, repeated, order: paid, captures: await faulty.captures(order) };
}

for (const [call, path] of calls) {
  describe(`a charge whose answer to ${call}`, () => {
    for (const [name, effect, times] of lostAnswers) {
      together.test(`${name} is known, or not known yet, but never failed; it is charged once`, async () => {
        const { first, tookMs, other, repeated, order, captures } = await charged(path, effect, times);
        expect([201, 202]).toContain(first.status);
        if (first.status === 202) expect(['processing', 'unknown']).toContain(first.body.status);
        expect(tookMs).toBeLessThan(LONGEST_ANSWER_MS);
        expect(other.status).toBe(409);
        expect(['balance_reserved', 'order_settled']).toContain(other.body.code);
        expect(repeated.status).toBe(201);
        expect(repeated.body).toMatchObject({
          id: first.body.id,
          status: 'captured',
          amount_captured: 10000,
        });
        expect(order).toMatchObject({
          amount_captured: 10000,
          amount_reserved: 0,
          balance_due: 0,
          overpaid: 0,
        });
        expect(captures).toBe(1);
      });
    }
  });
}

describe('a payment page whose opening', () => {
  for (const [name, effect, times] of lostAnswers) {
    together.test(`${name} is opened when the customer tries again, and paid once`, async () => {
      const { first, tookMs, other, repeated, order, captures } = await paidByLink(effect, times);
      expect([200, 503]).toContain(first.status);
      expect(tookMs).toBeLessThan(LONGEST_ANSWER_MS);
      expect([other.status, other.body.code]).toEqual([409, 'payment_in_flight']);
      expect(repeated.body).toMatchObject({ status: 'paid' });
      expect(order).toMatchObject({
        amount_captured: 10000,
        amount_reserved: 0,
        balance_due: 0,
        overpaid: 0,
      });
      expect(captures).toBe(1);
    });
  }
});

describe('a charge that Stripe has made but does not answer', () => {
  for (const effect of ['hang_after', { kind: 'drip', ms: 50 }]) {
    together.test(`is told as soon as its webhook tells: ${JSON.stringify(effect)}`, async () => {
      const { first, tookMs } = await charged('/v1/payment_intents/*/confirm', effect);
      expect(first.status).toBe(201);
      expect(tookMs).toBeLessThan(10_000);
    });
  }
});

together.test('a charge stays unknown, and its hold stands, for as long as Stripe is silent', async () => {
  const faulty = await AFaultyStore.in(app);
  const { store } = faulty;
  const order = await store.anOrder();
  const confirm = '/v1/payment_intents/*/confirm';
  const mend = await faulty.fault({ kind: 'status_before', status: 503 }, { path: confirm }, 'unlimited');
  const key = randomUUID();
  const first = await store.charge(order, {}, key);
  expect([first.status, first.body.status]).toEqual([202, 'unknown']);
  const again = await store.charge(order, {}, key);
  expect([again.status, again.body.id, again.body.status]).toEqual([202, first.body.id, 'unknown']);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect((await store.charge(order)).body.code).toBe('balance_reserved');
  expect(await store.order(order)).toMatchObject({ amount_reserved: 10000, payment_status: 'unpaid' });
  await mend();
  await store.until(order, ({ payment_status }) => payment_status === 'paid');
  expect((await store.charge(order, {}, key)).status).toBe(201);
  expect(await faulty.captures(order)).toBe(1);
});

together.test(
  'a charge that is given up while nobody knows its outcome is ended at Stripe first',
  async () => {
    const faulty = await AFaultyStore.in(app);
    const { store } = faulty;
    const order = await store.anOrder();
    const silent = { kind: 'status_before', status: 503 };
    const mend = await faulty.fault(silent, { method: 'POST', path: '/v1/payment_intents/*' }, 'unlimited');
    const { body: payment } = await store.charge(order);
    const refused = await store.client.post(`/v1/payments/${payment.id}/void`);
    expect([refused.status, refused.body.code]).toEqual([503, 'stripe_unreachable']);
    expect(await store.order(order)).toMatchObject({ amount_reserved: 10000 });
    await mend();
    const outcome = await store.client.post(`/v1/payments/${payment.id}/void`);
    const captures = await faulty.captures(order);
    // The sweep confirms the charge as soon as Stripe is back, and may be faster than whoever gives it up.
    if (outcome.status === 200) expect([outcome.body.status, captures]).toEqual(['voided', 0]);
    else expect([outcome.body.code, captures]).toEqual(['order_settled', 1]);
  },
);

const lostDeclines: readonly Effect[] = [
  ['breaks off', 'reset_after', 2],
  ['fails', { kind: 'status_after', status: 500 }, 1],
  ['stops in the middle', 'truncate_after', 1],
];
for (const [name, effect, times] of lostDeclines) {
  together.test(`a decline whose answer ${name} is told as a decline`, async () => {
    const faulty = await AFaultyStore.in(app);
    const { store } = faulty;
    const order = await store.anOrder();
    await faulty.fault(effect, { path: '/v1/payment_intents/*/confirm' }, times);
    const key = randomUUID();
    const lost = { payment_method: 'pm_card_visa_chargeDeclinedLostCard' };
    const first = await store.charge(order, lost, key);
    expect([first.status, first.body.code, first.body.decline_code]).toEqual([
      402,
      'card_declined',
      'lost_card',
    ]);
    const again = await store.charge(order, lost, key);
    expect([again.status, again.body.payment.id]).toEqual([402, first.body.payment.id]);
    expect(await store.order(order)).toMatchObject({ available: 10000, payment_status: 'unpaid' });
  });
}

describe('the fence', () => {
  const expire = { method: 'POST', path: '/v1/checkout/sessions/*/expire' };

  /** A customer has the page of an order open. */
  async function openPage() {
    const faulty = await AFaultyStore.in(app);
    const order = await faulty.store.anOrder();
    const { body: link } = await faulty.store.link(order, { send: false });
    const hosted = await submit(await open(link.url));
    return { faulty, store: faulty.store, order, link, hosted };
  }

  const silences: readonly Effect[] = [
    ['hangs', 'hang_before', 1],
    ['breaks off', 'reset_before', 2],
    ['fails', { kind: 'status_before', status: 500 }, 1],
  ];
  for (const [name, effect, times] of silences) {
    together.test(`charges nothing while Stripe ${name}; the customer’s page stays theirs`, async () => {
      const { faulty, store, order, hosted } = await openPage();
      await faulty.fault(effect, expire, times);
      const began = Date.now();
      const { status, body } = await store.charge(order);
      expect(Date.now() - began).toBeLessThan(LONGEST_ANSWER_MS);
      expect([status, body.code, body.retryable]).toEqual([409, 'session_fence_pending', true]);
      expect(await store.order(order)).toMatchObject({ amount_reserved: 10000, payment_status: 'unpaid' });
      await payByCard(hosted);
      await store.until(order, ({ payment_status }) => payment_status === 'paid');
      expect(await faulty.captures(order)).toBe(1);
    });
  }

  together.test('keeps a store connected while Stripe will not close a page of it', async () => {
    const { faulty, store, order } = await openPage();
    const mend = await faulty.fault({ kind: 'status_before', status: 400 }, expire, 'unlimited');
    const disconnect = () => app.client.post(`/v1/stores/${store.id}/disconnect`);
    const refused = await disconnect();
    expect([refused.status, refused.body.code, refused.body.retryable]).toEqual([
      409,
      'session_fence_pending',
      true,
    ]);
    expect((await app.client.get(`/v1/stores/${store.id}`)).body.status).toBe('connected');
    await mend();
    expect((await disconnect()).body.status).toBe('disconnected');
    expect(await store.order(order)).toMatchObject({ amount_reserved: 0, available: 10000 });
  });

  together.test('keeps a link that cannot be closed at Stripe from being revoked', async () => {
    const { faulty, store, link, hosted } = await openPage();
    const mend = await faulty.fault('rate_limit', expire, 'unlimited');
    const revoke = () => store.client.post(`/v1/payment_links/${link.id}/revoke`);
    const refused = await revoke();
    expect([refused.status, refused.body.code]).toEqual([409, 'session_fence_pending']);
    await mend();
    expect((await revoke()).body.status).toBe('revoked');
    await payByCard(hosted).catch(() => undefined);
    expect((await faulty.stripe.paymentIntents.list()).data.map(({ status }) => status)).not.toContain(
      'succeeded',
    );
  });

  const lost: readonly Effect[] = [
    ['hangs', 'hang_after', 1],
    ['breaks off', 'reset_after', 2],
    ['fails', { kind: 'status_after', status: 500 }, 1],
  ];
  for (const [name, effect, times] of lost) {
    together.test(`goes on when Stripe’s answer ${name}, but the page is closed`, async () => {
      const { faulty, store, order, hosted } = await openPage();
      await faulty.fault(effect, expire, times);
      await eventually(async () => {
        const { status, body } = await store.charge(order);
        if (status !== 201) expect(body.code).toBe('session_fence_pending');
        return status === 201 || undefined;
      }, PATIENCE_MS);
      await payByCard(hosted).catch(() => undefined);
      expect(await faulty.captures(order)).toBe(1);
      expect(await store.order(order)).toMatchObject({ amount_captured: 10000, overpaid: 0 });
    });
  }

  together.test('finds out what became of a page whose opening got no answer, and then charges', async () => {
    const faulty = await AFaultyStore.in(app);
    const { store } = faulty;
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    const creation = { method: 'POST', path: '/v1/checkout/sessions' };
    const mend = await faulty.fault('reset_after', creation, 'unlimited');
    expect((await submit(await open(link.url))).url).not.toContain('/c/pay/');
    expect((await store.charge(order)).body.code).toBe('session_fence_pending');
    await mend();
    expect((await store.charge(order)).status).toBe(201);
    const { data: stillOpen } = await faulty.stripe.checkout.sessions.list({ status: 'open' });
    expect([stillOpen.length, await faulty.captures(order)]).toEqual([0, 1]);
  });
});
