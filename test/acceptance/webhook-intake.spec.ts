import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { open, submit } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import type { AFaultyStore } from '../support/a-faulty-store.js';
import { payAndLeave } from '../support/a-leaving-customer.js';
import { eventually } from '../support/a-store.js';
import { ignoredEvents, logged, storedEvents } from '../support/log-of.js';
import { RunningApp } from '../support/running-app.js';
import { aStoreThatKnowsOurSecret, mac, now, post, signed } from '../support/signed-webhooks.js';

let app: RunningApp;
let mine: AFaultyStore;
let other: AFaultyStore;

beforeAll(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '3600000' });
  [mine, other] = await Promise.all([aStoreThatKnowsOurSecret(app), aStoreThatKnowsOurSecret(app)]);
}, 30_000);
afterAll(() => app.remove());

/** Far from the turn of a second, so that both clocks agree on it. */
async function earlyInASecond(): Promise<void> {
  const into = Date.now() % 1000;
  if (into > 500) await new Promise((next) => setTimeout(next, 1005 - into));
}

function anEvent(type: string, object: object, changes: object = {}) {
  return {
    id: `evt_${randomUUID().replaceAll('-', '')}`,
    object: 'event',
    api_version: '2026-10-28.endive',
    created: now(),
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type,
    data: { object },
    ...changes,
  };
}

/** An event about something that is nobody's here. */
const stray = (changes: object = {}) =>
  anEvent('payment_intent.succeeded', { id: 'pi_stray', object: 'payment_intent', metadata: {} }, changes);

async function deliver(
  event: object,
  signature: (body: string) => string | undefined = signed,
  { store }: AFaultyStore = mine,
): Promise<number> {
  const body = JSON.stringify(event, null, 2);
  return (await post(app, store.id, body, signature(body))).status;
}

const storedOf = (event: { id: string }, { store }: AFaultyStore = mine) =>
  storedEvents(app, store.id).get(event.id) ?? 0;

describe('an event is stored, and 200 says so,', () => {
  test.each<[string, (body: string) => string]>([
    ['as Stripe signs it', signed],
    [
      'with a second signature by a secret we do not know',
      (body) => `${signed(body)},v1=${mac(body, now(), 'whsec_new')}`,
    ],
    [
      'with the known signature second',
      (body) => `t=${now()},v1=${mac(body, now(), 'whsec_new')},v1=${mac(body, now())}`,
    ],
    ['with a signature of another scheme beside it', (body) => `${signed(body)},v0=${'0'.repeat(64)}`],
    ['299 seconds old', (body) => signed(body, now() - 299)],
    ['299 seconds ahead of our clock', (body) => signed(body, now() + 299)],
  ])('%s', async (_, signature) => {
    await earlyInASecond();
    const event = stray();
    expect(await deliver(event, signature)).toBe(200);
    expect(storedOf(event)).toBe(1);
  });

  test('once, however often and at once it comes', async () => {
    const event = stray();
    const answers = await Promise.all(Array.from({ length: 100 }, () => deliver(event)));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(storedOf(event)).toBe(1);
  });
});

describe('nothing is stored, and 400 says so, for an event', () => {
  test.each<[string, (body: string) => string | undefined]>([
    ['without a signature', () => undefined],
    ['with a signature that is none', () => 'sorry'],
    ['with a stamp alone', () => `t=${now()}`],
    ['with an empty signature', () => `t=${now()},v1=`],
    ['with a made-up signature', () => `t=${now()},v1=${randomBytes(32).toString('hex')}`],
    ['signed with another secret', (body) => signed(body, now(), 'whsec_of_somebody_else')],
    ['signed under the old scheme only', (body) => `t=${now()},v0=${mac(body, now())}`],
    ['signed without its stamp', (body) => `v1=${mac(body, now())}`],
    ['whose stamp was renewed', (body) => signed(body, now() - 600).replace(/t=\d+/, `t=${now()}`)],
    ['with a renewed stamp before its own', (body) => `t=${now()},${signed(body, now() - 600)}`],
    ['with a renewed stamp behind its own', (body) => `${signed(body, now() - 600)},t=${now()}`],
    ['301 seconds old', (body) => signed(body, now() - 301)],
    ['301 seconds ahead of our clock', (body) => signed(body, now() + 301)],
    ['a day ahead of our clock', (body) => signed(body, now() + 86_400)],
    ['with a header that is too long', (body) => `${signed(body)},${'v0=0,'.repeat(1700)}v0=0`],
  ])('%s', async (_, signature) => {
    await earlyInASecond();
    const event = stray();
    expect(await deliver(event, signature)).toBe(400);
    expect(storedOf(event)).toBe(0);
  });

  test.each<[string, (body: string) => string | Buffer]>([
    ['with another amount', (body) => body.replace('pi_stray', 'pi_other')],
    ['with one blank less', (body) => body.replace(': ', ':')],
    ['written as JSON anew', (body) => JSON.stringify(JSON.parse(body))],
    ['with a line break at its end', (body) => `${body}\n`],
    ['cut short', (body) => body.slice(0, -1)],
    ['with nothing in it', () => ''],
  ])('that was signed and then came %s', async (_, alter) => {
    const event = stray();
    const body = JSON.stringify(event, null, 2);
    const { status } = await post(app, mine.store.id, alter(body), signed(body));
    expect(status).toBe(400);
    expect(storedOf(event)).toBe(0);
  });

  test.each(['no JSON', '{"id":', '[]', 'null', '"evt_1"', '{}', '{"id":"evt_1","object":"event"}'])(
    'that is signed well, but is no event: %s',
    async (body) => {
      const before = logged(app, 'StripeEventReceived').length;
      const { status } = await post(app, mine.store.id, body, signed(body));
      expect(status).toBe(400);
      expect(logged(app, 'StripeEventReceived')).toHaveLength(before);
    },
  );

  test('at the address of a store that there is not: 404', async () => {
    const body = JSON.stringify(stray());
    expect((await post(app, `store_${'0'.repeat(32)}`, body, signed(body))).status).toBe(404);
    expect((await post(app, 'nobody', body, signed(body))).status).toBe(404);
  });
});

describe('an event that is signed well means only what our own history agrees with:', () => {
  /** A payment of mine that has captured at Stripe, of which we have not heard. */
  async function paidUnheard() {
    const { store, stripe } = mine;
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await payAndLeave(await submit(await open(link.url)));
    const { data } = await stripe.paymentIntents.list({ limit: 1 });
    const [intent] = data;
    if (intent?.status !== 'succeeded') throw new Error('the customer has not paid');
    return { order, intent };
  }
  const heldStill = async (order: string) =>
    expect(await mine.store.order(order)).toMatchObject({ amount_reserved: 10000, amount_paid: 0 });

  test('told by its own store it is looked up at Stripe, and the order is paid', async () => {
    const { order, intent } = await paidUnheard();
    expect(await deliver(anEvent('payment_intent.succeeded', intent))).toBe(200);
    await mine.store.until(order, (o: Json) => o.payment_status === 'paid');
    expect(await mine.captures(order)).toBe(1);
  });

  test('its amount is not believed', async () => {
    const { order, intent } = await paidUnheard();
    const more = { ...intent, amount: 99_999_00, amount_received: 99_999_00, currency: 'jpy' };
    expect(await deliver(anEvent('payment_intent.succeeded', more))).toBe(200);
    await mine.store.until(order, (o: Json) => o.payment_status === 'paid');
    expect(await mine.store.order(order)).toMatchObject({ amount_captured: 10000, overpaid: 0 });
  });

  test('told by another store it is foreign, whatever its metadata says', async () => {
    const { order, intent } = await paidUnheard();
    expect(await deliver(anEvent('payment_intent.succeeded', intent), signed, other)).toBe(200);
    await eventually(
      async () => ignoredEvents(app, other.store.id)['payment_intent.succeeded'] === 'foreign' || undefined,
    );
    await heldStill(order);
  });

  test.each([
    ['of live mode', { livemode: true }, 'payment_intent.succeeded', 'wrong_mode'],
    ['of another account', { account: 'acct_other' }, 'checkout.session.completed', 'wrong_account'],
    ['of a type that says nothing of payments', {}, 'radar.early_fraud_warning.created', 'unsupported'],
  ])('%s it is ignored', async (_, changes, type, why) => {
    const { order, intent } = await paidUnheard();
    expect(await deliver(anEvent(type, intent, changes))).toBe(200);
    await eventually(async () => ignoredEvents(app, mine.store.id)[type] === why || undefined);
    await heldStill(order);
  });

  test('“succeeded” about an intent that has not succeeded changes nothing', async () => {
    const { store } = mine;
    const order = await store.anOrder();
    const { body } = await store.charge(order, {
      payment_method: 'pm_card_authenticationRequired',
      return_url: 'https://shop.test/thanks',
    });
    const event = anEvent('payment_intent.succeeded', {
      id: body.stripe.payment_intent,
      object: 'payment_intent',
      status: 'succeeded',
      amount_received: 10000,
      currency: 'usd',
      metadata: { payment: body.id, store: store.id },
    });
    expect(await deliver(event)).toBe(200);
    const handled = ({ data }: { data: Readonly<Record<string, unknown>> }) => data['to'] === body.id;
    await eventually(async () => logged(app, 'StripeEventApplied').some(handled) || undefined);
    await heldStill(order);
    expect((await store.client.get(`/v1/payments/${body.id}`)).body.status).toBe('requires_action');
  });
});
