import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { open, type Page, payByCard, submit } from '../../src/cli/tour/customer.js';
import type { Json, Reply } from '../../src/cli/tour/quittance.client.js';
import { AStore, eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';

let app: RunningApp;
let store: AStore;

beforeAll(async () => {
  app = await RunningApp.start();
  store = await AStore.connectedTo(app);
}, 30_000);
afterAll(() => app.remove());

/** The same numbers in every run, so that a round that fails fails again. */
function dice(seed: number): <T>(sides: readonly T[]) => T {
  let state = seed;
  return <T>(sides: readonly T[]) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return sides[Math.floor((state / 2 ** 32) * sides.length)] as T;
  };
}

const times = <T>(count: number, make: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => make(at)));
const terms = (number: string, total = 10_000) => ({
  number,
  currency: 'usd',
  customer: { name: 'Ada Lovelace', email: 'ada@example.test' },
  total,
});

const hasForm = ({ html }: Page) => /<form\b[^>]*\bmethod="post"/i.test(html);

/** A customer who opens the link, presses Pay, and pays if Stripe's page comes and is not paid by then. */
async function pay(url: string): Promise<void> {
  const page = await open(url);
  if (!hasForm(page)) return;
  const hosted = await submit(page);
  if (hosted.url.startsWith(app.sandboxUrl) && hasForm(hosted)) await payByCard(hosted);
}

/** Everybody has gone home: pages left open are closed, and nothing is under way any more. */
async function atRest(order: string): Promise<Readonly<{ found: Json; captured: Json[] }>> {
  for (const { id, status } of await store.transactions(order)) {
    if (status === 'session_open') await store.client.post(`/v1/payment_links/${id}/revoke`);
  }
  const found = await store.until(order, ({ amount_reserved }) => amount_reserved === 0);
  const payments = (await store.transactions(order)).filter(({ object }) => object === 'payment');
  expect(payments.filter(({ status }) => !['captured', 'failed', 'voided'].includes(status))).toEqual([]);
  return { found, captured: payments.filter(({ status }) => status === 'captured') };
}

/** What holds of every order at rest, whatever happened to it. */
async function keepsItsBooks(order: string): Promise<Json> {
  const { found, captured } = await atRest(order);
  const sum = captured.reduce((total, { amount_captured }) => total + amount_captured, 0);
  const owed = found.total - found.amount_credited - found.amount_written_off;
  const isUnpaid = sum === 0 && (owed > 0 || found.status === 'cancelled');
  const status = isUnpaid ? 'unpaid' : sum < owed ? 'partially_paid' : sum === owed ? 'paid' : 'overpaid';
  expect({ order, ...found }).toMatchObject({
    order,
    amount_captured: sum,
    amount_paid: sum,
    overpaid: Math.max(0, sum - owed),
    balance_due: Math.max(0, owed - sum),
    available: Math.max(0, owed - sum),
    payment_status: status,
  });
  const told = (await store.history(order)).filter(({ type }) => type === 'payment.captured');
  expect(told).toHaveLength(captured.length);
  return found;
}

describe('an order that is imported fifty times at once', () => {
  test('is made once', async () => {
    const replies = await times(50, () => store.client.put('/v1/orders/SO-50', terms('SO-50')));
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(49);
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    expect((await store.order('SO-50')).revision).toBe(replies[0]?.body.revision);
  });

  test('with fifty totals has one of them, and an invoice that says the same', async () => {
    const replies = await times(50, (at) =>
      store.client.put('/v1/orders/SO-51', terms('SO-51', 10_000 + at)),
    );
    expect(replies.filter(({ status }) => status >= 300)).toEqual([]);
    const { total } = await store.order('SO-51');
    expect((await store.client.get('/v1/orders/SO-51/invoice')).body.total).toBe(total);
  });

  test('in two stores is two orders, and money of one is not money of the other', async () => {
    const other = await AStore.connectedTo(app);
    await times(20, (at) => (at % 2 === 0 ? store : other).client.put('/v1/orders/SO-52', terms('SO-52')));
    await other.charge('SO-52');
    const [mine, theirs] = [await store.order('SO-52'), await other.order('SO-52')];
    expect(mine.id).not.toBe(theirs.id);
    expect([mine.payment_status, theirs.payment_status]).toEqual(['unpaid', 'paid']);
  });
});

describe('a payment link', () => {
  test('made fifty times at once is fifty links, and one when the key is the same', async () => {
    const order = await store.anOrder();
    const key = randomUUID();
    const links = await times(50, () => store.link(order, { send: false }));
    const same = await times(50, () => store.link(order, { send: false }, key));
    expect(new Set(links.map(({ body }) => body.url)).size).toBe(50);
    expect(new Set(same.map(({ body }) => body.url)).size).toBe(1);
  });

  test('paid by ten customers at once takes the money of one', async () => {
    for (let round = 0; round < 3; round++) {
      const order = await store.anOrder();
      const { url } = (await store.link(order, { send: false })).body;
      await times(10, () => pay(url));
      const { found, captured } = await atRest(order);
      expect(captured).toHaveLength(1);
      expect(found).toMatchObject({ payment_status: 'paid', amount_captured: 10_000, overpaid: 0 });
    }
  });

  test('that races with another one and with Charge Card never takes more than is due', async () => {
    for (let round = 0; round < 8; round++) {
      const order = await store.anOrder();
      const links = await times(2, () => store.link(order, { send: false }));
      await Promise.all([
        ...links.map(({ body }) => pay(body.url)),
        ...[0, round * 8, round * 15].map(async (ms) => {
          await new Promise((resolve) => setTimeout(resolve, ms));
          await store.charge(order);
        }),
      ]);
      expect((await keepsItsBooks(order)).overpaid).toBe(0);
    }
  });
});

describe('everybody at once', () => {
  test('import, change, cancel, charge, send, resend, revoke and pay: the books are right afterwards', async () => {
    const roll = dice(2026);
    const answers: Reply[] = [];
    const round = async (): Promise<string> => {
      const order = await store.anOrder();
      const at = `/v1/orders/${order}`;
      const etag = (await store.client.get(at)).headers.get('etag') ?? '';
      const { id, url } = (await store.link(order, { send: false, ...roll([{}, { amount: 4000 }]) })).body;
      const acts = [
        () => store.client.put(at, terms(order, roll([5000, 10_000, 12_000]))),
        () => store.client.patch(at, { total: roll([3000, 8000]) }, roll([{}, { 'if-match': etag }])),
        () =>
          store.client.post(
            `${at}/cancel`,
            { refund_policy: 'none' },
            { headers: roll([{}, { 'if-match': etag }]) },
          ),
        () => store.charge(order, roll([{}, { amount: 3000 }, { payment_method: 'pm_card_chargeDeclined' }])),
        () => store.charge(order, { amount: 5000 }),
        () => store.link(order, { send: false, amount: 2000 }),
        () => store.client.post(`/v1/payment_links/${id}/resend`),
        () => store.client.post(`/v1/payment_links/${id}/revoke`),
      ];
      const chosen = Array.from({ length: roll([3, 4, 5, 6]) }, () => roll(acts));
      const customers = roll([0, 0, 1]);
      const [replies] = await Promise.all([
        Promise.all(chosen.map((act) => act())),
        times(customers, () => pay(url)),
      ]);
      answers.push(...replies);
      return order;
    };
    const orders: string[] = [];
    for (let batch = 0; batch < 10; batch++) orders.push(...(await times(10, round)));
    expect(answers.filter(({ status }) => status >= 500).map(({ body }) => body)).toEqual([]);
    for (const order of orders) await keepsItsBooks(order);
  }, 30_000);

  test('with one revision in mind changes it once', async () => {
    const order = await store.anOrder();
    const etag = (await store.client.get(`/v1/orders/${order}`)).headers.get('etag') ?? '';
    const replies = await times(20, (at) =>
      store.client.patch(`/v1/orders/${order}`, { total: 5000 + at }, { 'if-match': etag }),
    );
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ body }) => body.code === 'revision_mismatch')).toHaveLength(19);
  });
});

test('after all that the log is whole', async () => {
  await eventually(async () => ((await fetch(`${app.url}/health/ready`)).ok ? true : undefined));
  expect(app.output).not.toMatch(/"level":"error"/);
});
