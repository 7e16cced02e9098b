import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Stripe from 'stripe';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import { assertAnyStripeObject, assertStripeParams } from '../support/stripe-schema.js';
import {
  aClient,
  anOwner,
  aSandbox,
  books,
  eventually,
  failure,
  goodCard,
  lamps,
  misshapen,
  platformKey,
  submit,
  WebhookReceiver,
} from './stripe/a-stripe-sandbox.js';

let sandbox: StripeSandbox;
let stripe: Stripe;
let owner: ReturnType<typeof anOwner>;
let receiver: WebhookReceiver;
const folders: string[] = [];

beforeEach(async () => {
  await begin({});
  receiver = await WebhookReceiver.start();
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  expect(misshapen.splice(0)).toEqual([]);
});

async function begin(options: Parameters<typeof aSandbox>[0]): Promise<void> {
  sandbox = await aSandbox(options);
  stripe = aClient(sandbox);
  owner = anOwner(sandbox);
}

async function listen(
  to: readonly string[] = ['payment_intent.succeeded'],
  more: object = {},
): Promise<Stripe.WebhookEndpoint> {
  const params = { url: receiver.url, enabled_events: to, api_version: Stripe.API_VERSION, ...more };
  assertStripeParams('webhook_endpoint_create', params);
  return stripe.webhookEndpoints.create(params as Stripe.WebhookEndpointCreateParams);
}

const pay = (client = stripe, more: object = {}) =>
  client.paymentIntents.create({
    amount: 1000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    payment_method: 'pm_card_visa',
    confirm: true,
    ...more,
  });
const heard = (count: number) =>
  eventually(
    () => receiver.received.length,
    (seen) => seen >= count,
  );
const deliveries = async () => (await owner.call('GET', 'deliveries'))['data'] as Record<string, unknown>[];

describe('webhooks', () => {
  test('arrive signed, in the shape that was asked for', async () => {
    const { id, secret } = await listen();
    expect((await stripe.webhookEndpoints.retrieve(id)).secret).toBeUndefined();
    const intent = await pay();
    await heard(1);
    const [{ body = '', headers = {} } = {}] = receiver.received;
    const event = stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secret ?? '');
    assertAnyStripeObject(JSON.parse(body));
    expect(event).toMatchObject({
      type: 'payment_intent.succeeded',
      api_version: Stripe.API_VERSION,
      pending_webhooks: 1,
      data: { object: { id: intent.id, status: 'succeeded' } },
    });
    expect(() =>
      stripe.webhooks.constructEvent(`${body} `, String(headers['stripe-signature']), secret ?? ''),
    ).toThrow();
    const taken = await eventually(
      () => stripe.events.retrieve(event.id),
      ({ pending_webhooks }) => pending_webhooks === 0,
    );
    expect(taken.id).toBe(event.id);
    expect((await stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });

  test('are tried again until they are taken', async () => {
    await listen();
    receiver.status = 500;
    await pay();
    await heard(2);
    receiver.status = 204;
    await eventually(deliveries, ([first]) => first?.['state'] === 'delivered');
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(
      new Set(receiver.received.map(({ headers }) => headers['stripe-signature'])).size,
    ).toBeGreaterThanOrEqual(1);
  });

  test('are given up in the end, found by asking, and sent again by hand', async () => {
    await listen();
    receiver.status = 404;
    const { id } = await pay();
    await eventually(deliveries, ([first]) => first?.['state'] === 'failed');
    expect(receiver.received).toHaveLength(3);
    const { data } = await stripe.events.list({ delivery_success: false, type: 'payment_intent.*' });
    expect(data).toMatchObject([{ data: { object: { id } }, pending_webhooks: 1 }]);
    receiver.status = 200;
    await owner.call('POST', `deliveries/${String((await deliveries())[0]?.['id'])}/resend`);
    await eventually(deliveries, ([first]) => first?.['state'] === 'delivered');
  });

  test('come only for what was asked, and no more once an endpoint is disabled or gone', async () => {
    const { id } = await listen(['charge.refunded']);
    const all = await listen(['*']);
    const { id: intent } = await pay();
    await stripe.refunds.create({ payment_intent: intent });
    await eventually(deliveries, (seen) => seen.filter(({ endpoint }) => endpoint === id).length === 1);
    await stripe.webhookEndpoints.update(id, { disabled: true });
    expect(await stripe.webhookEndpoints.del(all.id)).toMatchObject({ deleted: true });
    expect((await stripe.webhookEndpoints.list()).data).toMatchObject([{ id, status: 'disabled' }]);
    const before = (await deliveries()).length;
    await pay();
    expect(await deliveries()).toHaveLength(before);
  });

  test('are refused for events and versions that do not exist', async () => {
    const wrong = (more: object) =>
      failure(stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: ['*'], ...more } as never));
    expect((await wrong({ enabled_events: ['order.paid'] })).param).toBe('enabled_events');
    expect((await wrong({ api_version: '2020-08-27' })).param).toBe('api_version');
    expect((await wrong({ url: 'nowhere' })).param).toBe('url');
  });
});

describe('webhooks that go wrong', () => {
  test('can all be lost', async () => {
    await listen();
    await owner.fault('drop', { probability: 1 }, 'unlimited');
    for (let n = 0; n < 3; n++) await pay();
    await eventually(
      deliveries,
      (seen) => seen.length === 3 && seen.every(({ state }) => state === 'dropped'),
    );
    expect(receiver.received).toEqual([]);
    await owner.heal();
    await pay();
    await heard(1);
  });

  test('come twice, late, or out of order', async () => {
    await listen();
    await owner.fault({ kind: 'duplicate', n: 2 });
    await pay();
    await heard(3);
    await owner.fault({ kind: 'delay', ms: 120 });
    const asked = Date.now();
    await pay();
    await heard(4);
    expect(Date.now() - asked).toBeGreaterThanOrEqual(100);
    await owner.fault({ kind: 'reorder', window: 3 }, {}, 3);
    const paid = [await pay(), await pay(), await pay()].map(({ id }) => id);
    await heard(7);
    const order = receiver.received
      .slice(4)
      .map(({ body }) => (JSON.parse(body) as Stripe.PaymentIntentSucceededEvent).data.object.id);
    expect(order).not.toEqual(paid);
    expect(order.toSorted()).toEqual(paid.toSorted());
  });

  test('go wrong by chance the same way for the same seed', async () => {
    const run = async () => {
      await sandbox.close();
      await begin({});
      receiver.received.splice(0);
      await listen(['customer.created']);
      await owner.fault('drop', { probability: 0.5, seed: 11 }, 'unlimited');
      await owner.fault({ kind: 'reorder', window: 3 }, { seed: 5 }, 'unlimited');
      for (let n = 0; n < 12; n++) await stripe.customers.create({ name: String(n) });
      await eventually(deliveries, (seen) => seen.every(({ state }) => state !== 'pending'));
      return receiver.received.map(
        ({ body }) => (JSON.parse(body) as Stripe.CustomerCreatedEvent).data.object.name,
      );
    };
    const first = await run();
    expect(first.length).toBeGreaterThan(3);
    expect(first).not.toEqual(first.toSorted((a, b) => Number(a) - Number(b)));
    expect(await run()).toEqual(first);
  });

  test('tell of refunds and disputes more than once, or late', async () => {
    await sandbox.close();
    await begin({ disputeDelayMs: 20, refundDelayMs: 60_000 });
    await listen(['charge.dispute.created', 'refund.created']);
    await owner.fault('duplicate', { type: 'charge.dispute.*' });
    await owner.fault({ kind: 'delay', ms: 3_600_000 }, { type: 'refund.created' });
    const { id } = await pay(stripe, { payment_method: 'pm_card_createDispute' });
    await heard(2);
    await owner.call('POST', `disputes/${String((await stripe.disputes.list()).data[0]?.id)}/win`);
    await stripe.refunds.create({ payment_intent: id });
    await owner.advance(3601);
    await heard(3);
    expect(receiver.types).toEqual(['charge.dispute.created', 'charge.dispute.created', 'refund.created']);
  });

  test.each(['bad_signature', 'stale_timestamp'])('%s is not believed', async (effect) => {
    const { secret } = await listen();
    await owner.fault(effect);
    await pay();
    await heard(1);
    const [{ body = '', headers = {} } = {}] = receiver.received;
    expect(() =>
      stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secret ?? ''),
    ).toThrow();
  });

  test.each([
    ['other_api_version', { api_version: '2020-08-27' }],
    ['wrong_livemode', { livemode: true }],
    ['unknown_type', { type: 'sandbox.something_new' }],
    ['foreign_account', { account: 'acct_1NobodyWeKnow000' }],
    ['future_timestamp', { livemode: false }],
  ])('%s is well signed all the same', async (effect, shows) => {
    const { secret } = await listen();
    await owner.fault(effect);
    await pay();
    await heard(1);
    const [{ body = '', headers = {} } = {}] = receiver.received;
    const event = stripe.webhooks.constructEvent(body, String(headers['stripe-signature']), secret ?? '');
    expect(event).toMatchObject(shows);
  });
});

describe('calls that go wrong', () => {
  const create = (key: string) =>
    stripe.paymentIntents.create(
      {
        amount: 1000,
        currency: 'usd',
        payment_method: 'pm_card_visa',
        allowed_payment_method_types: ['card'],
        confirm: true,
      },
      { idempotencyKey: key, timeout: 250 },
    );
  const made = async () => (await stripe.paymentIntents.list({ limit: 100 })).data.length;

  test.each([
    ['hang_before', 0],
    ['status_before', 0],
    ['rate_limit', 0],
    ['lock_timeout', 0],
    ['html_502', 0],
    ['hang_after', 1],
    ['truncate_after', 1],
    [{ kind: 'html_502', after: true }, 1],
  ] as const)('%j: the effect happened %i times, and the same key makes it one', async (effect, effects) => {
    await owner.fault(effect, { path: '/v1/payment_intents', method: 'POST' });
    await failure(create('k'));
    expect(await made()).toBe(effects);
    expect(await create('k')).toMatchObject({ status: 'succeeded' });
    expect(await made()).toBe(1);
  });

  test('a broken connection is retried by the SDK, and the key makes it one', async () => {
    for (const effect of ['reset_before', 'reset_after']) {
      await owner.fault(effect, { path: '/v1/payment_intents', method: 'POST' });
      const done = await create(effect);
      expect(done.lastResponse.headers['idempotent-replayed']).toBe(
        effect === 'reset_after' ? 'true' : undefined,
      );
    }
    expect(await made()).toBe(2);
  });

  test('an error after the effect is remembered as an error', async () => {
    await owner.fault({ kind: 'status_after', status: 500 }, { path: '/v1/payment_intents' });
    expect((await failure(create('k'))).statusCode).toBe(500);
    expect((await failure(create('k'))).statusCode).toBe(500);
    const { data } = await stripe.paymentIntents.list();
    expect(data).toMatchObject([{ status: 'succeeded' }]);
  });

  test('JSON that is not Stripe’s resolves all the same', async () => {
    await owner.fault(
      { kind: 'json_without_error', status: 503, after: true },
      { path: '/v1/payment_intents' },
    );
    const answer = await create('k');
    expect([answer.id, answer.lastResponse.statusCode]).toEqual([undefined, 503]);
    expect(await made()).toBe(1);
  });

  test('a dripping answer arrives in the end', async () => {
    await owner.fault({ kind: 'drip', ms: 1 }, { path: '/v1/balance' });
    const began = Date.now();
    expect(await stripe.balance.retrieve()).toMatchObject({ object: 'balance' });
    expect(Date.now() - began).toBeGreaterThan(150);
  });

  test('rules strike by parameter, by turn and by chance', async () => {
    await owner.fault('status_before', { param: { 'metadata[order]': 'SO-1' } });
    expect(await pay()).toMatchObject({ status: 'succeeded' });
    expect((await failure(pay(stripe, { metadata: { order: 'SO-1' } }))).statusCode).toBe(500);
    await owner.fault('status_before', { path: '/v1/payment_intents', nth: 2 });
    await pay();
    expect((await failure(pay())).statusCode).toBe(500);
    await owner.fault('status_before', { path: '/v1/balance', probability: 0.5, seed: 7 }, 'unlimited');
    const chances = [];
    for (let n = 0; n < 8; n++)
      chances.push(
        await stripe.balance.retrieve().then(
          () => 1,
          () => 0,
        ),
      );
    expect(new Set(chances).size).toBe(2);
    expect((await owner.call('GET', 'faults'))['data']).toHaveLength(3);
    await expect(owner.fault('explode')).rejects.toThrow('400');
  });

  test('limits can be as Stripe’s', async () => {
    await sandbox.close();
    await begin({ rates: { perAccount: 3 } });
    const asked = await Promise.all(
      Array.from({ length: 5 }, () =>
        stripe.balance.retrieve().then(
          () => 200,
          (error) => error.statusCode,
        ),
      ),
    );
    expect(asked.filter((status) => status === 429)).toHaveLength(2);
  });
});

describe('time', () => {
  test('goes on, stands still, and is never what the machine says unless it should be', async () => {
    await owner.call('POST', 'clock', { freeze: true });
    const { unix } = await owner.call('GET', 'clock');
    const { created } = await stripe.customers.create({});
    expect(created).toBe(unix);
    await owner.advance(1000);
    expect((await stripe.customers.create({})).created).toBe(Number(unix) + 1000);
    await owner.call('POST', 'clock', { rate: 1000 });
    await eventually(
      () => owner.call('GET', 'clock'),
      (seen) => Number(seen['unix']) > Number(unix) + 1010,
    );
  });

  test('forgets events after thirty days', async () => {
    await stripe.customers.create({});
    await owner.advance(31 * 86_400);
    expect((await stripe.events.list()).data).toEqual([]);
  });
});

describe('accounts', () => {
  test('connect to a platform, act through it, and leave it', async () => {
    const platform = aClient(sandbox, platformKey);
    const connect = await platform.webhookEndpoints.create({
      url: receiver.url,
      enabled_events: ['account.application.deauthorized', 'payment_intent.succeeded'],
      connect: true,
    });
    const account = 'acct_1DemoLamps0000001';
    const asked = {
      client_id: 'ca_demo_platform',
      redirect_uri: 'http://app.test/back',
      scope: 'read_write',
      state: 's1',
    };
    const page = await fetch(
      `${sandbox.url}/oauth/authorize?${new URLSearchParams({ ...asked, response_type: 'code' })}`,
    );
    expect(await page.text()).toContain('Lamps &amp; Co');
    const decide = async (decision: string) => {
      const body = new URLSearchParams({ ...asked, account, decision });
      const answer = await fetch(`${sandbox.url}/oauth/authorize`, {
        method: 'POST',
        body,
        redirect: 'manual',
      });
      return new URL(answer.headers.get('location') ?? '').searchParams;
    };
    expect((await decide('deny')).get('error')).toBe('access_denied');
    const granted = await decide('connect');
    expect(granted.get('state')).toBe('s1');
    const code = granted.get('code') ?? '';
    const grant = { grant_type: 'authorization_code' as const, code };
    assertStripeParams('oauth_token', grant);
    expect(await platform.oauth.token(grant)).toMatchObject({
      stripe_user_id: account,
      scope: 'read_write',
      livemode: false,
    });
    expect((await failure(platform.oauth.token(grant))).type).toBe('StripeInvalidGrantError');

    const through = aClient(sandbox, platformKey, account);
    expect(await platform.accounts.retrieve(account)).toMatchObject({
      country: 'GB',
      default_currency: 'gbp',
    });
    const intent = await pay(through, { currency: 'gbp' });
    expect(await aClient(sandbox, lamps).paymentIntents.retrieve(intent.id)).toMatchObject({
      currency: 'gbp',
    });
    await heard(1);
    const signature = String(receiver.received[0]?.headers['stripe-signature']);
    expect(
      platform.webhooks.constructEvent(receiver.received[0]?.body ?? '', signature, connect.secret ?? '')
        .account,
    ).toBe(account);

    const leave = { client_id: 'ca_demo_platform', stripe_user_id: account };
    expect(await platform.oauth.deauthorize(leave)).toEqual(
      expect.objectContaining({ stripe_user_id: account }),
    );
    await eventually(
      () => receiver.types,
      (types) => types.includes('account.application.deauthorized'),
    );
    expect((await failure(through.balance.retrieve())).code).toBe('account_invalid');
    const again = await failure(platform.oauth.deauthorize(leave));
    expect([again.statusCode, again.message]).toEqual([401, expect.stringContaining('not connected')]);
  });

  test('are opened, and lose and get keys', async () => {
    const { id, secret_key } = await owner.call('POST', 'accounts', {
      name: 'Chairs',
      country: 'FR',
      default_currency: 'eur',
    });
    const shop = aClient(sandbox, String(secret_key));
    expect(await shop.accounts.retrieveCurrent()).toMatchObject({
      id,
      country: 'FR',
      default_currency: 'eur',
    });
    await owner.call('POST', `accounts/${String(id)}/revoke_key`);
    expect(await failure(shop.balance.retrieve())).toMatchObject({
      statusCode: 401,
      code: 'api_key_expired',
    });
    const rolled = await owner.call('POST', `accounts/${String(id)}/roll_key`);
    expect(await aClient(sandbox, String(rolled['secret_key'])).balance.retrieve()).toMatchObject({
      object: 'balance',
    });
  });

  test('have an owner whose door is locked', async () => {
    expect((await fetch(`${sandbox.url}/_sandbox/accounts`)).status).toBe(401);
    expect((await fetch(`${sandbox.url}/_sandbox`)).status).toBe(401);
    await listen();
    await pay();
    await owner.fault('drop');
    const inspector = await fetch(`${sandbox.url}/_sandbox?token=${sandbox.adminToken}`);
    expect(await inspector.text()).toContain('payment_intent.succeeded');
    const body = new URLSearchParams({ act: 'POST clock {"advance":3600}' });
    await fetch(`${sandbox.url}/_sandbox?token=${sandbox.adminToken}`, {
      method: 'POST',
      body,
      redirect: 'manual',
    });
    expect(Number((await owner.call('GET', 'clock'))['unix'])).toBeGreaterThan(Date.now() / 1000 + 3500);
    await owner.call('POST', 'reset');
    expect((await stripe.paymentIntents.list()).data).toEqual([]);
  });
});

describe('what is kept', () => {
  const aFolder = () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripe-sandbox-'));
    folders.push(folder);
    return folder;
  };

  test('a restart finds everything, and delivers what is due', async () => {
    const dataDir = aFolder();
    await sandbox.close();
    await begin({ dataDir, captureDelayMs: 300, webhookProfile: 'laptop' });
    await listen(['payment_intent.succeeded', 'charge.updated']);
    receiver.status = 503;
    const params = {
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      allowed_payment_method_types: ['card' as const],
    };
    const intent = await stripe.paymentIntents.create(
      { ...params, confirm: true },
      { idempotencyKey: 'kept' },
    );
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        { quantity: 1, price_data: { currency: 'usd', unit_amount: 900, product_data: { name: 'Lamp' } } },
      ],
      success_url: 'http://shop.test/done',
    });
    await owner.advance(60);
    await heard(1);
    const before = await owner.call('GET', 'clock');
    await sandbox.close();
    receiver.status = 200;

    await begin({ dataDir, captureDelayMs: 300, webhookProfile: 'laptop' });
    expect(Number((await owner.call('GET', 'clock'))['unix'])).toBeGreaterThanOrEqual(Number(before['unix']));
    const replayed = await stripe.paymentIntents.create(
      { ...params, confirm: true },
      { idempotencyKey: 'kept' },
    );
    expect(replayed.id).toBe(intent.id);
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
    const address = (await stripe.checkout.sessions.retrieve(session.id)).url ?? '';
    const page = new URL(new URL(address).pathname, sandbox.url).toString();
    expect((await submit(page, { ...goodCard, email: 'ada@example.test' })).status).toBe(303);
    await eventually(
      deliveries,
      (seen) => seen.length >= 2 && seen.every(({ state }) => state === 'delivered'),
    );
    expect(receiver.types).toContain('charge.updated');
  });

  test('a line that was cut short is not there, and nothing before it is lost', async () => {
    const dataDir = aFolder();
    await sandbox.close();
    await begin({ dataDir });
    const { id } = await stripe.customers.create({ email: 'ada@example.test' });
    await sandbox.close();
    const file = join(dataDir, 'stripe-sandbox.jsonl');
    writeFileSync(file, `${readFileSync(file, 'utf8')}[["customers","cus_half","acct`);
    await begin({ dataDir });
    expect(await stripe.customers.retrieve(id)).toMatchObject({ email: 'ada@example.test' });
    await stripe.customers.create({});
    await sandbox.close();
    await begin({ dataDir });
    expect((await stripe.customers.list()).data).toHaveLength(2);
  });

  test('a process that is killed has kept all that it answered for', async () => {
    const dataDir = aFolder();
    const child = spawn(
      process.execPath,
      ['--import', './test/support/run-typescript.mjs', 'src/sandbox/stripe/main.ts'],
      {
        env: { ...process.env, NODE_OPTIONS: '', SANDBOX_PORT: '0', DATA_DIR: dataDir },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const says = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    );
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(says)?.[1]);
    const mortal = aClient({ ...sandbox, port }, books);
    const answered: string[] = [];
    const work = async () => {
      for (;;) answered.push((await mortal.customers.create({})).id);
    };
    const ends = Array.from({ length: 4 }, () => work().catch(() => undefined));
    await eventually(
      () => answered.length,
      (count) => count > 50,
    );
    child.kill('SIGKILL');
    await Promise.all(ends);
    await sandbox.close();
    await begin({ dataDir });
    const kept = new Set<string>();
    for await (const { id } of stripe.customers.list({ limit: 100 })) kept.add(id);
    expect(answered.filter((id) => !kept.has(id))).toEqual([]);
  });
});
