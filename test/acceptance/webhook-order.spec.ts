import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import { open, submit } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import type { AFaultyStore } from '../support/a-faulty-store.js';
import { payAndLeave } from '../support/a-leaving-customer.js';
import { eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';
import { aStoreThatKnowsOurSecret, post, signed } from '../support/signed-webhooks.js';

const NEWS = [
  'payment_intent.succeeded',
  'checkout.session.completed',
  'charge.updated',
  'the customer returns',
] as const;
type News = (typeof NEWS)[number];

/** A payment that Stripe has made and told nobody of: the link's page, and each event as Stripe lists it. */
type Unheard = Readonly<{ order: string; link: Json; events: ReadonlyMap<string, Stripe.Event> }>;

let app: RunningApp;
let faulty: AFaultyStore;

beforeAll(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '3600000' });
  faulty = await aStoreThatKnowsOurSecret(app);
}, 30_000);
afterAll(() => app.remove());

/** Every order of some things. */
function ordersOf<T>(things: readonly T[]): T[][] {
  if (things.length === 0) return [[]];
  return things.flatMap((first, at) =>
    ordersOf([...things.slice(0, at), ...things.slice(at + 1)]).map((rest) => [first, ...rest]),
  );
}

async function paidUnheard(count: number): Promise<Unheard[]> {
  const paid = await Promise.all(
    Array.from({ length: count }, async () => {
      const order = await faulty.store.anOrder();
      const { body: link } = await faulty.store.link(order, { send: false });
      await payAndLeave(await submit(await open(link.url)));
      return { order, link };
    }),
  );
  const events = await eventually(async () => {
    const all: Stripe.Event[] = [];
    for await (const event of faulty.stripe.events.list({ limit: 100 })) all.push(event);
    return all.filter(({ type }) => type === 'charge.updated').length >= count ? all : undefined;
  }, 15_000);
  return paid.map(({ order, link }) => {
    const own = events.filter(({ data }) => metadataOf(data.object)['order_number'] === order);
    return { order, link, events: new Map(own.map((event) => [event.type, event])) };
  });
}

function metadataOf(object: object): Readonly<Record<string, unknown>> {
  return 'metadata' in object && typeof object.metadata === 'object' ? { ...object.metadata } : {};
}

async function tell({ link, events }: Unheard, news: News): Promise<void> {
  if (news === 'the customer returns') {
    await open(`${link.url}/return`);
    return;
  }
  const body = JSON.stringify(events.get(news));
  expect((await post(app, faulty.store.id, body, signed(body))).status).toBe(200);
}

/** All that anybody can see of it, without what tells one payment from another. */
async function outcome({ order, link }: Unheard) {
  const payment = await eventually(async () => {
    const payments = (await faulty.store.transactions(order)).filter(({ object }) => object === 'payment');
    return payments.length === 1 && payments[0]?.fee ? payments[0] : undefined;
  });
  const { status } = (await faulty.store.client.get(`/v1/payment_links/${link.id}`)).body;
  const history = await faulty.store.history(order);
  const { payment_status, amount_captured, amount_reserved, overpaid } = await faulty.store.order(order);
  return {
    order: { payment_status, amount_captured, amount_reserved, overpaid },
    link: status,
    payment: {
      status: payment.status,
      captured: payment.amount_captured,
      fee: payment.fee,
      net: payment.net,
    },
    history: history.map(({ type }) => type as string).sort(),
  };
}

test('news of one payment ends the same in every order, told once or twice, or all at once', async () => {
  const orders = ordersOf(NEWS);
  const unheard = await paidUnheard(orders.length * 2 + 4);
  const runs = unheard.map(async (one, at) => {
    const order = orders[at % orders.length] ?? [];
    const told = at < orders.length ? order : [...order, ...order];
    if (at >= orders.length * 2) await Promise.all(told.map((news) => tell(one, news)));
    else for (const news of told) await tell(one, news);
    return { told, is: await outcome(one) };
  });
  const [first, ...others] = await Promise.all(runs);
  expect(first?.is).toMatchObject({
    order: { payment_status: 'paid', amount_captured: 10000, amount_reserved: 0, overpaid: 0 },
    link: 'paid',
    payment: { status: 'captured', captured: 10000 },
  });
  for (const { told, is } of others) expect({ told, is }).toEqual({ told, is: first?.is });
}, 40_000);
