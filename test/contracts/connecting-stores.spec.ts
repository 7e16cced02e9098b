import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  RecordDeauthorization,
  ReportIntegrationError,
  StripeAccounts,
} from '../../src/modules/stores/index.js';
import { onOurOwn } from '../../src/shared/application/context.js';
import {
  type Appended,
  EventStore,
  type ExpectedRevision,
  type NewEvent,
} from '../../src/shared/application/ports/event-store.port.js';
import { SecretVault } from '../../src/shared/application/ports/secret-vault.port.js';
import type { StoreId } from '../../src/shared/domain/ids.js';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { stripeApiVersion } from '../../src/shared/infrastructure/stripe/stripe-client.js';
import { type Got, StoresApp } from '../support/stores-app.js';
import { StripeStandIn } from '../support/stripe-stand-in.js';

const day = 24 * 3_600_000;
const lampsCo = { name: 'Lamps & Co', notification_email: 'ops@lamps.test' };
const withKey = { ...lampsCo, stripe_secret_key: 'sk_test_lamps' };

let stripe: StripeStandIn;
let app: StoresApp;

const boot = (log?: EventStore, platformKey = 'sk_test_platform') =>
  StoresApp.boot({ url: stripe.url, platformKey, clientId: 'ca_test' }, log);

beforeEach(async () => {
  stripe = await StripeStandIn.start();
  app = await boot();
});
afterEach(async () => {
  await app.close();
  await stripe.close();
});

const connect = (body: object = withKey) => app.call('POST', '/v1/stores', body);
const idOf = ({ body }: Got) => body.id as StoreId;
const show = async (id: StoreId) => (await app.call('GET', `/v1/stores/${id}`)).body;
const log = () => app.get(EventStore).readAll(0, 1000);
const callback = (query: Record<string, string>) =>
  app.call('GET', `/v1/stores/oauth/callback?${new URLSearchParams(query)}`, undefined, {
    authorization: '',
  });
const stateIn = (url: string | null) => new URL(url ?? '').searchParams.get('state') ?? '';

describe('a store with a secret key', () => {
  test('is connected, with one webhook endpoint of ours at its account', async () => {
    const made = await connect();
    expect(made.status).toBe(201);
    expect(made.headers['etag']).toBe('"3"');
    const { id, webhook_endpoint, created_at, ...rest } = made.body;
    expect(id).toMatch(/^store_[0-9a-f]{32}$/);
    expect(created_at).toBe('2026-11-23T10:00:00.000Z');
    expect(rest).toEqual({
      ...lampsCo,
      object: 'store',
      livemode: false,
      status: 'connected',
      stripe_account: { id: 'acct_lamps', country: 'GB', default_currency: 'gbp' },
      connect_url: null,
      problems: [],
      revision: 3,
      metadata: {},
    });
    const endpoints = stripe.endpointsOf('acct_lamps');
    expect(endpoints).toEqual([
      expect.objectContaining({
        ...webhook_endpoint,
        url: `http://127.0.0.1:3000/v1/webhooks/stripe/${id}`,
        api_version: stripeApiVersion,
        metadata: { store: id },
      }),
    ]);
    expect(endpoints[0]?.['enabled_events']).toHaveLength(20);
  });

  test('is read, listed, and out of reach of other stores’ keys', async () => {
    const store = idOf(await connect());
    await app.caughtUp();
    expect((await app.call('GET', '/v1/stores')).body.data).toEqual([await show(store)]);
    const other = { authorization: `Bearer store_${'9'.repeat(32)}` };
    expect((await app.call('GET', `/v1/stores/${store}`, undefined, other)).status).toBe(404);
    expect((await app.call('PATCH', `/v1/stores/${store}`, { name: 'x' }, other)).status).toBe(404);
    expect((await app.call('GET', '/v1/stores', undefined, other)).body.data).toEqual([]);
    expect((await app.call('POST', '/v1/stores', lampsCo, other)).body.code).toBe('forbidden_scope');
  });

  test('keeps its secrets in the vault only', async () => {
    const made = await connect();
    await app.call('PATCH', `/v1/stores/${idOf(made)}`, { webhook_secret: 'whsec_of_the_merchant' });
    await app.caughtUp();
    const written = JSON.stringify([made.text, await log(), (await app.call('GET', '/v1/stores')).text]);
    expect(written).not.toMatch(/sk_test|whsec_of|whsec_secret/);
    expect(app.secrets.size).toBe(3);
  });

  test('opens its account to other modules', async () => {
    const store = idOf(await connect());
    const accounts = app.get(StripeAccounts);
    expect(await accounts.client(store)).toMatchObject({ account: 'acct_lamps', livemode: false });
    expect(await accounts.ask(store, (sdk) => sdk.accounts.retrieveCurrent())).toMatchObject({
      id: 'acct_lamps',
    });
    expect(await accounts.webhookSecrets(store)).toEqual([expect.stringMatching(/^whsec_secret_of_we_/)]);
  });
});

describe('a key that Stripe does not accept', () => {
  test.each([
    ['is unknown', 'sk_test_unknown'],
    ['is live where only test payments are made', 'sk_live_lamps'],
    ['is no key', 'pk_test_lamps'],
  ])('%s: nothing is kept', async (_, stripe_secret_key) => {
    const refused = await connect({ ...lampsCo, stripe_secret_key });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'validation_failed', param: '/stripe_secret_key' });
    expect(await log()).toEqual([]);
    expect(app.secrets.size).toBe(0);
    expect(stripe.asked.every((call) => call === 'GET /v1/account')).toBe(true);
  });

  test('cannot be told while Stripe is silent', async () => {
    stripe.interfere = () => 'silence';
    expect((await connect()).body.code).toBe('stripe_unreachable');
    expect(await log()).toEqual([]);
  });
});

describe('connecting by OAuth', () => {
  const begin = async () => {
    const made = await connect(lampsCo);
    return { store: idOf(made), made: made.body, state: stateIn(made.body.connect_url) };
  };

  test('leads to Stripe and back', async () => {
    const { store, made, state } = await begin();
    expect(made.status).toBe('named');
    const url = new URL(made.connect_url ?? '');
    expect(`${url.origin}${url.pathname}`).toBe(`${stripe.url}/oauth/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'ca_test',
      scope: 'read_write',
      redirect_uri: 'http://127.0.0.1:3000/v1/stores/oauth/callback',
    });
    const page = await callback({ state, code: stripe.agree('acct_chairs') });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Lamps &amp; Co');
    const connected = await show(store);
    expect(connected).toMatchObject({
      status: 'connected',
      connect_url: null,
      stripe_account: { id: 'acct_chairs' },
    });
    expect(stripe.endpointsOf('acct_chairs')).toHaveLength(1);
    expect(stripe.endpointsOf('acct_platform')).toHaveLength(0);
  });

  test('works once: a reloaded page says the same, another code does nothing', async () => {
    const { state } = await begin();
    await callback({ state, code: stripe.agree('acct_chairs') });
    const before = await log();
    expect((await callback({ state, code: stripe.agree('acct_lamps') })).status).toBe(200);
    expect(await log()).toEqual(before);
  });

  test('ends after ten minutes, and begins again with a change of the store', async () => {
    const { store, state } = await begin();
    app.pass(10 * 60_000);
    expect((await show(store)).connect_url).toBeNull();
    const code = stripe.agree('acct_chairs');
    expect((await callback({ state, code })).status).toBe(400);
    const fresh = await app.call('PATCH', `/v1/stores/${store}`, {});
    expect((await callback({ state: stateIn(fresh.body.connect_url), code })).status).toBe(200);
  });

  test.each([
    ['no state', { code: 'ac_1' }],
    ['a state that was made up', { state: `${'1'.repeat(32)}.AAAA`, code: 'ac_1' }],
    ['a merchant who said no', { error: 'access_denied', error_description: 'no' }],
  ])('takes nothing from %s', async (_, query) => {
    const page = await callback(query as Record<string, string>);
    expect(page.status).toBe(400);
    expect(page.text).toContain('Nothing was changed.');
    expect(stripe.asked).toEqual([]);
  });

  test('takes no code that Stripe does not know', async () => {
    const { store, state } = await begin();
    expect((await callback({ state, code: 'ac_unknown' })).status).toBe(400);
    expect((await show(store)).status).toBe('named');
  });
});

describe('the webhook endpoint', () => {
  test('moves with our public address, and its earlier secret counts for a day', async () => {
    const store = idOf(await connect());
    await app.caughtUp();
    app.moveTo(4000);
    await app.look();
    const [endpoint, ...others] = stripe.endpointsOf('acct_lamps');
    expect(others).toEqual([]);
    expect(endpoint?.['url']).toBe(`http://127.0.0.1:4000/v1/webhooks/stripe/${store}`);
    const secrets = await app.get(StripeAccounts).webhookSecrets(store);
    expect(secrets).toHaveLength(2);
    expect(secrets[0]).toBe(`whsec_secret_of_${endpoint?.id}`);
    app.pass(day);
    expect(await app.get(StripeAccounts).webhookSecrets(store)).toEqual([secrets[0]]);
  });

  test('is left alone while all is well', async () => {
    await connect();
    await app.caughtUp();
    const before = [stripe.endpointsOf('acct_lamps')[0], await log()];
    await app.look();
    expect([stripe.endpointsOf('acct_lamps')[0], await log()]).toEqual(before);
  });

  test.each([
    ['was deleted', (all: unknown[]) => void all.splice(0)],
    ['was disabled', (all: Record<string, unknown>[]) => Object.assign(all[0] ?? {}, { status: 'disabled' })],
    ['got company', (all: Record<string, unknown>[]) => void all.push({ ...all[0], id: 'we_orphan' })],
  ])('is one again after it %s', async (_, damage) => {
    const store = idOf(await connect());
    await app.caughtUp();
    damage(stripe.endpointsOf('acct_lamps'));
    await app.look();
    expect(stripe.endpointsOf('acct_lamps')).toHaveLength(1);
    expect(stripe.endpointsOf('acct_lamps')[0]).toMatchObject({
      id: (await show(store)).webhook_endpoint?.id,
      status: 'enabled',
    });
  });

  test('is one, whose secret is known, after a crash between making it and writing it down', async () => {
    await app.close();
    app = await boot(new CrashesAtEndpoint());
    expect((await connect()).status).toBe(500);
    await app.caughtUp();
    const [made] = stripe.endpointsOf('acct_lamps');
    await app.look();
    expect(stripe.endpointsOf('acct_lamps')).toEqual([made]);
    const [store] = (await app.call('GET', '/v1/stores')).body.data;
    expect(await app.get(StripeAccounts).webhookSecrets(store?.id as StoreId)).toEqual([
      `whsec_secret_of_${made?.id}`,
    ]);
  });

  test('that Stripe refuses is a named problem, until the merchant brings a secret', async () => {
    stripe.interfere = (call) =>
      call === 'POST /v1/webhook_endpoints'
        ? {
            status: 400,
            body: { error: { type: 'invalid_request_error', code: 'url_invalid', message: 'Not public.' } },
          }
        : undefined;
    const made = await connect();
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ status: 'degraded', webhook_endpoint: null });
    expect(made.body.problems).toMatchObject([{ code: 'webhook_endpoint_refused', detail: 'Not public.' }]);
    const mended = await app.call('PATCH', `/v1/stores/${idOf(made)}`, {
      webhook_secret: 'whsec_of_the_merchant',
    });
    expect(mended.body).toMatchObject({ status: 'connected', problems: [] });
    await app.caughtUp();
    await app.look();
    expect((await show(idOf(made))).status).toBe('connected');
  });
});

describe('a change', () => {
  test('renames, redirects mail and answers with the new revision', async () => {
    const store = idOf(await connect());
    const changed = await app.call(
      'PATCH',
      `/v1/stores/${store}`,
      { name: 'Lamps', notification_email: 'it@lamps.test' },
      { 'if-match': '"3"' },
    );
    expect(changed.body).toMatchObject({ name: 'Lamps', notification_email: 'it@lamps.test', revision: 5 });
    const late = await app.call('PATCH', `/v1/stores/${store}`, { name: 'x' }, { 'if-match': '"3"' });
    expect(late.body.code).toBe('revision_mismatch');
  });

  test('of the key reconnects and forgets the earlier one', async () => {
    const store = idOf(await connect());
    stripe.keys.delete('sk_test_lamps');
    const changed = await app.call('PATCH', `/v1/stores/${store}`, { stripe_secret_key: 'sk_test_lamps_2' });
    expect(changed.body.status).toBe('connected');
    expect([...app.secrets].filter((name) => name.includes('/stripe_key/'))).toHaveLength(1);
    expect(stripe.endpointsOf('acct_lamps')).toHaveLength(1);
  });

  test('never moves a store to another account', async () => {
    const store = idOf(await connect());
    const before = app.secrets.size;
    const refused = await app.call('PATCH', `/v1/stores/${store}`, { stripe_secret_key: 'sk_test_chairs' });
    expect(refused.body).toMatchObject({ code: 'validation_failed', param: '/stripe_secret_key' });
    expect(app.secrets.size).toBe(before);
  });
});

describe('disconnecting', () => {
  test('takes down our endpoint and forgets every secret', async () => {
    const store = idOf(await connect());
    const ended = await app.call('POST', `/v1/stores/${store}/disconnect`);
    expect(ended.status).toBe(200);
    expect(ended.body).toMatchObject({ status: 'disconnected', webhook_endpoint: null });
    expect(stripe.endpointsOf('acct_lamps')).toEqual([]);
    expect(app.secrets.size).toBe(0);
    await expect(app.get(StripeAccounts).client(store)).rejects.toMatchObject({ code: 'store_disconnected' });
    expect((await app.call('POST', `/v1/stores/${store}/disconnect`)).body).toEqual(ended.body);
  });

  test('deauthorises an account that was connected by OAuth', async () => {
    const made = await connect(lampsCo);
    await callback({ state: stateIn(made.body.connect_url), code: stripe.agree('acct_chairs') });
    await app.call('POST', `/v1/stores/${idOf(made)}/disconnect`);
    expect(stripe.connected.has('acct_chairs')).toBe(false);
  });

  test('waits for Stripe: a store is not half disconnected', async () => {
    const store = idOf(await connect());
    stripe.interfere = () => 'silence';
    expect((await app.call('POST', `/v1/stores/${store}/disconnect`)).body.code).toBe('stripe_unreachable');
    expect((await show(store)).status).toBe('connected');
  });

  test('works with a key that was revoked', async () => {
    const store = idOf(await connect());
    stripe.keys.delete('sk_test_lamps');
    expect((await app.call('POST', `/v1/stores/${store}/disconnect`)).body.status).toBe('disconnected');
  });
});

describe('what breaks', () => {
  test('is a named problem with one mail, and ends by itself', async () => {
    const store = idOf(await connect());
    await app.caughtUp();
    stripe.keys.delete('sk_test_lamps');
    await app.look();
    await app.look();
    const ask = () => app.get(StripeAccounts).ask(store, (sdk) => sdk.accounts.retrieveCurrent());
    await expect(ask()).rejects.toMatchObject({ name: 'StripeKeyRefused' });
    await app.caughtUp();
    expect(await show(store)).toMatchObject({ status: 'degraded', problems: [{ code: 'key_revoked' }] });
    expect(app.mails).toMatchObject([
      {
        from: { name: 'Lamps & Co', address: 'payments@quittance.test' },
        to: { address: 'ops@lamps.test' },
        subject: 'Lamps & Co: Stripe no longer accepts the secret key',
      },
    ]);
    stripe.keys.set('sk_test_lamps', 'acct_lamps');
    await ask();
    expect(await show(store)).toMatchObject({ status: 'connected', problems: [] });
    stripe.keys.delete('sk_test_lamps');
    await app.look();
    await app.caughtUp();
    expect(app.mails).toHaveLength(2);
  });

  test('at a stranger’s will is mailed once an hour at most', async () => {
    const store = idOf(await connect());
    const report = () =>
      app.commands.execute(
        new ReportIntegrationError(
          store,
          'webhook_secret_wrong',
          'A signature did not match.',
          onOurOwn('sweep', 'c'),
        ),
      );
    await report();
    await app.call('PATCH', `/v1/stores/${store}`, { webhook_secret: 'whsec_of_the_merchant' });
    await report();
    await app.caughtUp();
    expect(app.mails).toHaveLength(1);
  });

  test('at Stripe itself is told after a while only', async () => {
    const store = idOf(await connect());
    await app.caughtUp();
    stripe.interfere = () => 'silence';
    await app.look();
    await app.look();
    expect((await show(store)).status).toBe('connected');
    await app.look();
    expect((await show(store)).problems).toMatchObject([{ code: 'stripe_unreachable' }]);
    stripe.interfere = () => undefined;
    await app.look();
    expect((await show(store)).status).toBe('connected');
  }, 20_000);

  test('for good ends the store: permission taken back at Stripe', async () => {
    const made = await connect(lampsCo);
    const store = idOf(made);
    await callback({ state: stateIn(made.body.connect_url), code: stripe.agree('acct_chairs') });
    const news = () => app.commands.execute(new RecordDeauthorization(store, onOurOwn('sweep', 'c')));
    await news();
    expect((await show(store)).status).toBe('connected');
    stripe.connected.delete('acct_chairs');
    await news();
    expect(await show(store)).toMatchObject({ status: 'disconnected', problems: [{ code: 'account_gone' }] });
    expect(app.secrets.size).toBe(0);
  });
});

describe('a key that is replaced in the middle of something', () => {
  let store: StoreId;
  let isDone: boolean;
  beforeEach(async () => {
    store = idOf(await connect());
    await app.caughtUp();
    isDone = false;
  });
  /** The merchant saves a new key, and takes back the old one at once. */
  const replaceOnce = async (): Promise<undefined> => {
    if (isDone) return;
    isDone = true;
    const replaced = await app.call('PATCH', `/v1/stores/${store}`, { stripe_secret_key: 'sk_test_lamps_2' });
    expect(replaced.status).toBe(200);
    stripe.keys.delete('sk_test_lamps');
  };
  const nobodyIsAlarmed = async () => {
    await app.caughtUp();
    expect(app.mails).toEqual([]);
    expect((await log()).map(({ type }) => type)).not.toContain('IntegrationErrorRaised');
    expect(await show(store)).toMatchObject({ status: 'connected', problems: [] });
  };

  test('a call that was on its way is made again under the new one', async () => {
    const answer = await app.get(StripeAccounts).ask(store, async (sdk) => {
      await replaceOnce();
      return sdk.accounts.retrieveCurrent();
    });
    expect(answer).toMatchObject({ id: 'acct_lamps' });
    await nobodyIsAlarmed();
  });

  test('a call that was about to fetch the old one from the vault fetches the new one', async () => {
    const vault = app.get(SecretVault);
    const get = vault.get.bind(vault);
    vault.get = async (name) => {
      await replaceOnce();
      return get(name);
    };
    const ask = app.get(StripeAccounts).ask(store, (sdk) => sdk.accounts.retrieveCurrent());
    expect(await ask).toMatchObject({ id: 'acct_lamps' });
    await nobodyIsAlarmed();
  });

  test('a look after the store is taken anew', async () => {
    stripe.interfere = (call) => (call === 'GET /v1/webhook_endpoints' ? replaceOnce() : undefined);
    await app.look();
    expect(isDone).toBe(true);
    await nobodyIsAlarmed();
  });

  test('a key that is refused and was not replaced is still a problem', async () => {
    stripe.keys.delete('sk_test_lamps');
    const ask = app.get(StripeAccounts).ask(store, (sdk) => sdk.accounts.retrieveCurrent());
    await expect(ask).rejects.toMatchObject({ name: 'StripeKeyRefused' });
    expect((await show(store)).problems).toMatchObject([{ code: 'key_revoked' }]);
  });
});

test('a platform whose key was rolled at Stripe reaches its stores under the new one from the next start on', async () => {
  const made = await connect(lampsCo);
  await callback({ state: stateIn(made.body.connect_url), code: stripe.agree('acct_chairs') });
  stripe.keys.set('sk_test_platform_2', 'acct_platform');
  stripe.keys.delete('sk_test_platform');
  const restarted = await boot(app.get(EventStore), 'sk_test_platform_2');
  await app.close();
  app = restarted;
  const ask = app.get(StripeAccounts).ask(idOf(made), (sdk) => sdk.accounts.retrieve('acct_chairs'));
  expect(await ask).toMatchObject({ id: 'acct_chairs' });
});

test('a test notification is one mail to the notification address', async () => {
  const store = idOf(await connect());
  expect((await app.call('POST', `/v1/stores/${store}/test_notification`)).status).toBe(200);
  await app.caughtUp();
  expect(app.mails).toMatchObject([
    { to: { address: 'ops@lamps.test' }, subject: 'Lamps & Co: test notification' },
  ]);
});

/** Dies once, with an endpoint made at Stripe and not yet written down. */
class CrashesAtEndpoint extends MemoryEventStore {
  private hasCrashed = false;
  override append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<Appended> {
    if (!this.hasCrashed && events.some(({ type }) => type === 'WebhookEndpointRegistered')) {
      this.hasCrashed = true;
      throw new Error('the process died');
    }
    return super.append(stream, expected, events);
  }
}
