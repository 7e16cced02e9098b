import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { open, submit } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { payAndLeave } from '../support/a-leaving-customer.js';
import { eventually } from '../support/a-store.js';
import { AtOnce } from '../support/at-once.js';
import { ignoredEvents, storedEvents } from '../support/log-of.js';
import { movableClock, pass } from '../support/passing-time.js';
import { RunningApp } from '../support/running-app.js';
import { ownerOf } from '../support/sandbox-owner.js';

const PATIENCE_MS = 25_000;
const MINUTE_MS = 60_000;

const together = new AtOnce(PATIENCE_MS);
/** Sweeps twice a second, and its clock can be moved. */
let swept: RunningApp;
/** Sweeps when it starts, and then not for the length of a test. */
let unswept: RunningApp;

beforeAll(async () => {
  [swept, unswept] = await Promise.all([
    RunningApp.start({ SWEEP_INTERVAL_MS: '500' }, movableClock),
    RunningApp.start({ SWEEP_INTERVAL_MS: '3600000' }),
  ]);
  together.begin();
}, 30_000);
afterAll(() => Promise.all([swept.remove(), unswept.remove()]));

/** An order with a link, whose page the customer has open at Stripe. */
async function pageOf(faulty: AFaultyStore) {
  const order = await faulty.store.anOrder();
  const { body: link } = await faulty.store.link(order, { send: false });
  return { order, link, hosted: await submit(await open(link.url)) };
}

const answerBank = (url: string, outcome: 'complete' | 'fail') =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });

const isPaid = ({ payment_status }: Json) => payment_status === 'paid';
const isFree = ({ amount_reserved, available }: Json) => amount_reserved === 0 && available === 10000;

/** A charge with the customer present, who is sent to their bank. */
async function challenged(faulty: AFaultyStore) {
  const order = await faulty.store.anOrder();
  const { status, body: payment } = await faulty.store.charge(order, {
    payment_method: 'pm_card_authenticationRequired',
    return_url: 'https://shop.test/thanks',
  });
  expect([status, payment.status]).toEqual([202, 'requires_action']);
  return { order, payment, bank: String(payment.next_action.url) };
}

describe('with every webhook lost, one sweep makes it right:', () => {
  async function deaf(): Promise<AFaultyStore> {
    const faulty = await AFaultyStore.in(swept);
    await faulty.fault('drop', { type: '*' }, 'unlimited');
    return faulty;
  }

  together.test('a charge, and what Stripe keeps of it', async () => {
    const { store } = await deaf();
    const order = await store.anOrder();
    const { body: payment } = await store.charge(order);
    expect(await store.order(order)).toMatchObject({ payment_status: 'paid' });
    const { body } = await eventually(async () => {
      const reply = await store.client.get(`/v1/payments/${payment.id}`);
      return reply.body.fee ? reply : undefined;
    });
    expect(body.fee.amount + body.net.amount).toBe(10000);
  });

  together.test('a link whose customer pays and never returns', async () => {
    const faulty = await deaf();
    const { order, link, hosted } = await pageOf(faulty);
    await payAndLeave(hosted);
    await faulty.store.until(order, isPaid);
    expect((await faulty.store.client.get(`/v1/payment_links/${link.id}`)).body.status).toBe('paid');
    expect(await faulty.captures(order)).toBe(1);
  });

  together.test('a customer who says yes at their bank', async () => {
    const faulty = await deaf();
    const { order, payment, bank } = await challenged(faulty);
    await answerBank(bank, 'complete');
    await faulty.store.until(order, isPaid);
    const { body } = await faulty.store.client.get(`/v1/payments/${payment.id}`);
    expect(body).toMatchObject({ status: 'captured', next_action: null });
  });

  together.test('a customer who fails at their bank', async () => {
    const faulty = await deaf();
    const { order, payment, bank } = await challenged(faulty);
    await answerBank(bank, 'fail');
    await faulty.store.until(order, isFree);
    const { body } = await faulty.store.client.get(`/v1/payments/${payment.id}`);
    expect([body.status, body.failure.code]).toEqual(['failed', 'payment_intent_authentication_failure']);
  });

  together.test('every event is read from Stripe’s own list, and stored once', async () => {
    const faulty = await deaf();
    const order = await faulty.store.anOrder();
    await faulty.store.charge(order);
    const types = ['payment_intent.succeeded', 'charge.updated'];
    await eventually(async () => {
      const { data } = await faulty.stripe.events.list({ types });
      const stored = storedEvents(swept, faulty.store.id);
      return (data.length === 2 && data.every(({ id }) => stored.get(id) === 1)) || undefined;
    });
    await new Promise((twoSweeps) => setTimeout(twoSweeps, 1200));
    expect([...storedEvents(swept, faulty.store.id).values()].every((times) => times === 1)).toBe(true);
  });
});

describe('without a sweep, webhooks do it alone,', () => {
  const mangled: readonly (readonly [string, object | string])[] = [
    ['as they should be', { kind: 'delay', ms: 0 }],
    ['each six times', { kind: 'duplicate', n: 5 }],
    ['in another order', { kind: 'reorder', window: 4 }],
    ['late', { kind: 'delay', ms: 1500 }],
    ['in an older version of the API', 'other_api_version'],
  ];
  for (const [name, effect] of mangled) {
    together.test(`${name}: the order is paid once, and each event is stored once`, async () => {
      const faulty = await AFaultyStore.in(unswept);
      await faulty.fault(effect, { type: '*' }, 'unlimited');
      const { order, hosted } = await pageOf(faulty);
      await payAndLeave(hosted);
      await faulty.store.until(order, isPaid);
      const fee = await eventually(async () => {
        const [payment] = (await faulty.store.transactions(order)).filter(
          ({ object }) => object === 'payment',
        );
        return payment?.fee ?? undefined;
      });
      expect(fee.amount).toBeGreaterThan(0);
      expect(await faulty.captures(order)).toBe(1);
      expect(await faulty.store.order(order)).toMatchObject({ amount_captured: 10000, overpaid: 0 });
      const stored = storedEvents(unswept, faulty.store.id);
      expect(stored.size).toBeGreaterThanOrEqual(3);
      expect([...stored.values()].every((times) => times === 1)).toBe(true);
    });
  }

  const refused = ['bad_signature', 'stale_timestamp', 'future_timestamp'];
  for (const effect of refused) {
    together.test(
      `${effect}: nothing is stored, Stripe is told so, and the next good delivery counts`,
      async () => {
        const faulty = await AFaultyStore.in(unswept);
        const mend = await faulty.fault(effect, { type: '*' }, 'unlimited');
        const { order, hosted } = await pageOf(faulty);
        await payAndLeave(hosted);
        await eventually(async () => {
          const delivery = await deliveryOf(faulty, 'checkout.session.completed');
          return delivery?.lastStatus === 400 || undefined;
        });
        expect(storedEvents(unswept, faulty.store.id).size).toBe(0);
        expect(await faulty.store.order(order)).toMatchObject({ amount_reserved: 10000, amount_paid: 0 });
        await mend();
        await faulty.store.until(order, isPaid, 15_000);
      },
    );
  }

  const ignored = [
    ['wrong_livemode', 'checkout.session.completed', 'wrong_mode'],
    ['foreign_account', 'checkout.session.completed', 'wrong_account'],
    ['unknown_type', 'sandbox.something_new', 'unsupported'],
  ] as const;
  for (const [effect, type, why] of ignored) {
    together.test(`${effect}: it is taken and ignored; the customer’s return makes it right`, async () => {
      const faulty = await AFaultyStore.in(unswept);
      await faulty.fault(effect, { type: '*' }, 'unlimited');
      const { order, link, hosted } = await pageOf(faulty);
      await payAndLeave(hosted);
      await eventually(async () => ignoredEvents(unswept, faulty.store.id)[type] === why || undefined);
      await eventually(async () => {
        const delivery = await deliveryOf(faulty, 'checkout.session.completed');
        return delivery?.lastStatus === 200 || undefined;
      });
      expect(await faulty.store.order(order)).toMatchObject({ amount_reserved: 10000, amount_paid: 0 });
      await open(`${link.url}/return`);
      expect(await faulty.store.order(order)).toMatchObject({ payment_status: 'paid' });
    });
  }

  async function deliveryOf({ account }: AFaultyStore, type: string): Promise<Json> {
    const { data } = await ownerOf(unswept).call('GET', 'deliveries');
    return (data as Json[]).find((each) => each.account === account && each.type === type);
  }
});

describe('with every webhook lost, when time has passed:', () => {
  test(
    'a customer who stays away from their bank frees the balance, and cannot pay any more',
    async () => {
      const faulty = await AFaultyStore.in(swept);
      await faulty.fault('drop', { type: '*' }, 'unlimited');
      const { order, payment, bank } = await challenged(faulty);
      await pass(swept, 14 * MINUTE_MS);
      await new Promise((twoSweeps) => setTimeout(twoSweeps, 1200));
      expect(await faulty.store.order(order)).toMatchObject({ amount_reserved: 10000 });
      await pass(swept, 2 * MINUTE_MS);
      await faulty.store.until(order, isFree);
      await answerBank(bank, 'complete');
      expect((await faulty.stripe.paymentIntents.retrieve(payment.stripe.payment_intent)).status).toBe(
        'canceled',
      );
      expect((await faulty.store.client.get(`/v1/payments/${payment.id}`)).body.status).toBe('voided');
      expect((await faulty.store.charge(order)).status).toBe(201);
    },
    PATIENCE_MS,
  );

  test(
    'a page that nobody paid on frees the balance, and its link goes on',
    async () => {
      const faulty = await AFaultyStore.in(swept);
      await faulty.fault('drop', { type: '*' }, 'unlimited');
      const { order, link } = await pageOf(faulty);
      expect(await faulty.store.order(order)).toMatchObject({ amount_reserved: 10000 });
      await pass(swept, 61 * MINUTE_MS);
      await faulty.store.until(order, isFree);
      expect((await faulty.store.client.get(`/v1/payment_links/${link.id}`)).body.status).toBe('active');
      await payAndLeave(await submit(await open(link.url)));
      await faulty.store.until(order, isPaid);
      expect(await faulty.captures(order)).toBe(1);
    },
    PATIENCE_MS,
  );
});
