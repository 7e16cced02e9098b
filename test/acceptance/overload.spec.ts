import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { open, submit } from '../../src/cli/tour/customer.js';
import type { Json, Reply } from '../../src/cli/tour/quittance.client.js';
import { ROOM } from '../../src/shared/infrastructure/http/lanes.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { payAndLeave } from '../support/a-leaving-customer.js';
import { eventually } from '../support/a-store.js';
import { logged } from '../support/log-of.js';
import { RunningApp } from '../support/running-app.js';
import { aStoreThatKnowsOurSecret, now, post, signed } from '../support/signed-webhooks.js';

/** A call that Stripe lets hang is answered within 25 s, and what became of its charge is known soon after. */
const PATIENCE_MS = 60_000;

let app: RunningApp;
/** Stripe lets this store's charges hang; the others have accounts of their own, where nothing goes wrong. */
let hanging: AFaultyStore;
let brisk: AFaultyStore;
/** Whose webhooks are lost. */
let unheard: AFaultyStore;

beforeAll(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '500' });
  hanging = await AFaultyStore.in(app);
  brisk = await AFaultyStore.in(app);
  unheard = await aStoreThatKnowsOurSecret(app);
}, 30_000);
afterAll(() => app.remove());

const inParallel = <T>(count: number, make: (at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));

/** How many calls of the lane are under way, or were shed. */
async function measured(what: 'under_way' | 'shed_total', lane: string): Promise<number> {
  const text = await (await fetch(`${app.url}/metrics`)).text();
  return Number(new RegExp(`^quittance_http_requests_${what}{lane="${lane}"} (\\d+)$`, 'm').exec(text)?.[1]);
}

/** A customer pays on the hosted page of a link and goes away. */
async function paidByLink({ store }: AFaultyStore): Promise<string> {
  const order = await store.anOrder();
  const { body: link } = await store.link(order, { send: false });
  await payAndLeave(await submit(await open(link.url)));
  return order;
}

/** How many calls Stripe lets hang. */
async function struck(): Promise<number> {
  const { data } = await hanging.owner.call('GET', 'faults');
  return (data as { effect: { kind: string }; fired: number }[])
    .filter(({ effect }) => effect.kind === 'hang_before')
    .reduce((sum, { fired }) => sum + fired, 0);
}

async function strayWebhook(): Promise<number> {
  const object = { id: 'pi_stray', object: 'payment_intent', metadata: {} };
  const id = `evt_${randomUUID().replaceAll('-', '')}`;
  const about = { created: now(), livemode: false, type: 'payment_intent.succeeded', data: { object } };
  const body = JSON.stringify({ id, object: 'event', ...about });
  return (await post(app, unheard.store.id, body, signed(body))).status;
}

describe('while Stripe lets as many charges hang as there is room for', () => {
  const key = randomUUID();
  let held: Promise<Reply[]>;
  let mend: () => Promise<void>;
  let orders: string[];
  let one: string;
  let before: Json;
  let refused: Reply;
  let refusedElsewhere: Reply;
  let claimed: number;

  beforeAll(async () => {
    orders = await inParallel(ROOM.stripe, () => hanging.store.anOrder());
    one = await hanging.store.anOrder();
    before = await hanging.store.order(one);
    const creation = { method: 'POST', path: '/v1/payment_intents' };
    mend = await hanging.fault('hang_before', creation, 'unlimited');
    held = Promise.all(orders.map((order) => hanging.store.charge(order)));
    await eventually(async () => (await struck()) >= ROOM.stripe || undefined);
    expect(await measured('under_way', 'stripe')).toBe(ROOM.stripe);
    refused = await hanging.store.charge(one, {}, key);
    refusedElsewhere = await brisk.store.charge(await brisk.store.anOrder());
    claimed = logged(app, 'Claimed').filter(({ data }) => data['kind'] === 'idempotency').length;
  }, 30_000);

  test('one more is shed, of whatever store, and told when to come again', async () => {
    for (const { status, body, headers } of [refused, refusedElsewhere]) {
      expect([status, body.code, body.retryable]).toEqual([503, 'overloaded', true]);
      expect(headers.get('retry-after')).toBe('1');
    }
    expect(await measured('shed_total', 'stripe')).toBe(2);
  });

  test('nothing of it was begun: no event, no claim on its key, no intent at Stripe', async () => {
    expect(await hanging.store.order(one)).toEqual(before);
    expect(claimed).toBe(orders.length);
    const { data } = await hanging.stripe.paymentIntents.list({ limit: 100 });
    expect(data.filter(({ metadata }) => metadata['order_number'] === one)).toEqual([]);
  });

  test('calls that may close a page at Stripe wait there too, so they find no room and change nothing', async () => {
    const { client } = hanging.store;
    const refusals = [
      await client.patch(`/v1/orders/${one}`, { total: 9000 }),
      await client.post(`/v1/orders/${one}/cancel`, { refund_policy: 'none', reason: 'No stock' }),
      await client.post(`/v1/orders/${one}/write_off`, { reason: 'Goodwill' }),
      await hanging.store.receive(one),
    ];
    for (const { status, body } of refusals) expect([status, body.code]).toEqual([503, 'overloaded']);
    expect(await hanging.store.order(one)).toEqual(before);
  });

  test('orders are read and imported, and health and measurements are answered', async () => {
    expect((await hanging.store.order(one)).id).toBe(before.id);
    expect(await hanging.store.anOrder()).toMatch(/^SO-/);
    for (const path of ['/health/live', '/health/ready', '/metrics', '/openapi.json'])
      expect((await fetch(`${app.url}${path}`)).status).toBe(200);
  });

  test('webhooks are stored', async () => {
    const answers = await inParallel(ROOM.webhook / 4, strayWebhook);
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  test('customers of another store pay, and hear of it by webhook', async () => {
    const order = await paidByLink(brisk);
    await brisk.store.until(order, ({ payment_status }) => payment_status === 'paid');
    expect(await brisk.captures(order)).toBe(1);
  });

  test('the sweep finds what no webhook told', async () => {
    const order = await paidByLink(unheard);
    await unheard.store.until(order, ({ payment_status }) => payment_status === 'paid');
  });

  test('all of that happened while no charge had an answer', async () => {
    expect(await measured('under_way', 'stripe')).toBe(ROOM.stripe);
    await mend();
  });

  test(
    'what was let in is charged once, and the room is free again',
    async () => {
      for (const { status } of await held) expect([201, 202]).toContain(status);
      expect(await measured('under_way', 'stripe')).toBe(0);
      for (const order of orders)
        await hanging.store.until(order, ({ payment_status }) => payment_status === 'paid', PATIENCE_MS);
      const { data } = await hanging.stripe.paymentIntents.list({ limit: 100 });
      expect(data.filter(({ status }) => status === 'succeeded')).toHaveLength(orders.length);
    },
    PATIENCE_MS,
  );

  test('the shed call, repeated with its key, is worked on as if it were new', async () => {
    const again = await hanging.store.charge(one, {}, key);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(again.body).toMatchObject({ status: 'captured', amount_captured: 10000 });
    expect(await hanging.captures(one)).toBe(1);
    const replayed = await hanging.store.charge(one, {}, key);
    expect([replayed.body.id, replayed.headers.get('idempotent-replayed')]).toEqual([again.body.id, 'true']);
  });
});
