import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Json, Reply } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';

let app: RunningApp;
let shop: AFaultyStore;

beforeAll(async () => {
  app = await RunningApp.start();
  shop = await AFaultyStore.in(app);
}, 30_000);
afterAll(() => app.remove());

/** The order's one exception of a kind, once it is there and as it should be. */
function exceptionOf(order: string, kind: string, isSo: (exception: Json) => boolean = () => true) {
  return eventually(async () => {
    const { body } = await shop.store.client.get(`/v1/exceptions?order=${order}&kind=${kind}`);
    expect(body.data.length).toBeLessThan(2);
    return (body.data as Json[]).find(isSo);
  });
}

const read = async (id: string): Promise<Json> => (await shop.store.client.get(`/v1/exceptions/${id}`)).body;

function resolve(
  id: string,
  action: string,
  { reason = 'Agreed on the phone', key = randomUUID() as string } = {},
): Promise<Reply> {
  return shop.store.client.post(`/v1/exceptions/${id}/resolve`, { action, reason }, { key });
}

/** An order of 100.00 that was paid by card and is worth 75.00 now. */
async function lowered() {
  const order = await shop.store.anOrder();
  const { body: payment } = await shop.store.charge(order);
  expect((await shop.store.client.patch(`/v1/orders/${order}`, { total: 7500 })).status).toBe(200);
  return { order, payment, exception: await exceptionOf(order, 'overpaid') };
}

/** An order of 100.00 that was paid in cash while the customer was at their bank, and by card after that. */
async function paidTwice() {
  const order = await shop.store.anOrder();
  const terms = { payment_method: 'pm_card_authenticationRequired', return_url: 'https://shop.test/thanks' };
  const { body: payment } = await shop.store.charge(order, terms);
  expect(payment.status).toBe('requires_action');
  expect((await shop.store.receive(order, { amount: 10_000 })).status).toBe(201);
  const bank = new URL(String(payment.next_action.url));
  await fetch(bank, {
    method: 'POST',
    body: new URLSearchParams({ outcome: 'complete' }),
    redirect: 'manual',
  });
  return { order, payment, exception: await exceptionOf(order, 'overpaid') };
}

/** Mails to the merchant about an order. */
async function noticesOf(order: string): Promise<Json[]> {
  const all = (await (await fetch(`${app.inboxUrl}/api/messages?to=ops@lamps.test`)).json()) as Json[];
  return all.filter(({ subject }) => subject.includes(order));
}

describe('an order that is paid twice', () => {
  test('becomes an exception with an owner, an age, and what can be done', async () => {
    const { order, payment, exception } = await paidTwice();
    expect(exception).toMatchObject({
      object: 'exception',
      kind: 'overpaid',
      status: 'open',
      order: payment.order,
      payment: payment.id,
      store: shop.store.id,
      livemode: false,
      amount: 10_000,
      currency: 'usd',
      owner: 'ops@lamps.test',
      actions: ['refund_excess', 'keep_as_credit', 'raise_total'],
      resolution: null,
      resolved_at: null,
    });
    expect(exception.explanation).toBe(
      `Order ${order} was paid 100.00 USD too much: 200.00 USD came, and 100.00 USD is owed.`,
    );
    expect(exception.age_seconds).toBeLessThan(60);
    expect(exception.opened_at).toBe(exception.created_at);
    expect(await read(exception.id)).toMatchObject({ id: exception.id, revision: 1 });
  });

  test('is told to the merchant in one mail, which says what can be done', async () => {
    const { order } = await paidTwice();
    const [mail] = await eventually(async () => {
      const found = await noticesOf(order);
      return found.length > 0 ? found : undefined;
    });
    const { text } = (await (await fetch(`${app.inboxUrl}/api/messages/${mail.id}`)).json()) as Json;
    expect(mail.subject).toBe(`Lamps & Co: Overpaid: order ${order}`);
    expect(text).toContain('was paid 100.00 USD too much');
    expect(text).toContain('What can be done: refund the excess, or keep it');
    expect(await noticesOf(order)).toHaveLength(1);
  });

  test('gives the excess back at Stripe, once, however often it is asked', async () => {
    const { order, payment, exception } = await paidTwice();
    const key = randomUUID();
    const [first, second] = await Promise.all([
      resolve(exception.id, 'refund_excess', { key, reason: 'Paid twice' }),
      resolve(exception.id, 'refund_excess', { key, reason: 'Paid twice' }),
    ]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body).toMatchObject({
      status: 'resolved',
      actions: [],
      resolution: {
        action: 'refund_excess',
        outcome: 'refunded',
        explanation: '100.00 USD was refunded.',
        actor: { type: 'api_key' },
        reason: 'Paid twice',
      },
    });
    expect((await resolve(exception.id, 'refund_excess', { key, reason: 'Paid twice' })).body.id).toBe(
      exception.id,
    );
    const { data } = await shop.stripe.refunds.list({ payment_intent: payment.stripe.payment_intent });
    expect(data.map(({ amount }) => amount)).toEqual([10_000]);
    expect(await shop.store.order(order)).toMatchObject({
      payment_status: 'paid',
      overpaid: 0,
      balance_due: 0,
      amount_refunded: 10_000,
      amount_credited: 0,
    });
    const told = (await shop.store.history(order)).map(({ type }) => type);
    expect(told).toEqual(
      expect.arrayContaining(['exception.opened', 'exception.resolution_chosen', 'exception.resolved']),
    );
  });

  test('is over by itself when the excess is refunded some other way', async () => {
    const { order, payment } = await paidTwice();
    expect((await shop.store.refund(payment.id)).status).toBe(201);
    const settled = await exceptionOf(order, 'overpaid', ({ status }) => status === 'resolved');
    expect(settled).toMatchObject({
      actions: [],
      resolution: { action: null, outcome: 'settled_otherwise', actor: { type: 'system' } },
    });
  });
});

describe('an order that is worth less than was paid', () => {
  test('is overpaid too, and gives the difference back of the payment it has', async () => {
    const { order, payment, exception } = await lowered();
    expect(exception).toMatchObject({ amount: 2500, payment: null });
    expect((await resolve(exception.id, 'refund_excess')).body).toMatchObject({ status: 'resolved' });
    expect((await shop.store.client.get(`/v1/payments/${payment.id}`)).body.amount_refunded).toBe(2500);
    expect(await shop.store.order(order)).toMatchObject({ payment_status: 'paid', overpaid: 0, total: 7500 });
  });

  test('keeps the difference as the customer’s credit', async () => {
    const { order, exception } = await lowered();
    const { body } = await resolve(exception.id, 'keep_as_credit');
    expect(body.resolution).toMatchObject({
      outcome: 'kept_as_credit',
      explanation: expect.stringContaining('25.00 USD'),
    });
    expect(await shop.store.order(order)).toMatchObject({ payment_status: 'paid', overpaid: 0, total: 7500 });
  });

  test('has its total raised to what came', async () => {
    const { order, exception } = await lowered();
    expect((await resolve(exception.id, 'raise_total')).body.resolution.outcome).toBe('total_raised');
    expect(await shop.store.order(order)).toMatchObject({
      payment_status: 'paid',
      overpaid: 0,
      total: 10_000,
    });
  });
});

describe('a refund that fails', () => {
  /** Succeeds at first, as refunds do; days later the bank sends it back. */
  async function failedRefund() {
    const order = await shop.store.anOrder();
    const { body: payment } = await shop.store.charge(order);
    const { body: refund } = await shop.store.refund(payment.id, { amount: 3000 });
    await shop.owner.call('POST', `refunds/${refund.stripe.refund}/fail`, { reason: 'lost_or_stolen_card' });
    return { order, payment, refund, exception: await exceptionOf(order, 'refund_failed') };
  }

  /** The order's refunds that stand so, once there are any. */
  const refundsOf = (order: string, status: string): Promise<Json[]> =>
    eventually(async () => {
      const found = (await shop.store.transactions(order)).filter(
        (row) => row.object === 'refund' && row.status === status,
      );
      return found.length > 0 ? found : undefined;
    });

  test('is an exception, and is tried again under another id', async () => {
    const { order, payment, refund, exception } = await failedRefund();
    expect(exception).toMatchObject({
      refund: refund.id,
      payment: payment.id,
      amount: 3000,
      currency: 'usd',
    });
    expect(exception.explanation).toBe(
      `The refund of 30.00 USD on order ${order} failed: lost or stolen card.`,
    );
    const { status, body } = await resolve(exception.id, 'retry');
    expect([status, body.status, body.resolution?.outcome]).toEqual([200, 'resolved', 'refunded']);
    expect((await shop.store.client.get(`/v1/payments/${payment.id}`)).body.amount_refunded).toBe(3000);
    expect([...(await refundsOf(order, 'failed')), ...(await refundsOf(order, 'succeeded'))]).toHaveLength(2);
  });

  test('that fails again is an exception of its own', async () => {
    const { order, exception } = await failedRefund();
    await resolve(exception.id, 'retry');
    const [again] = await refundsOf(order, 'succeeded');
    await shop.owner.call('POST', `refunds/${again?.stripe.refund}/fail`);
    const next = await eventually(async () => {
      const { body } = await shop.store.client.get(`/v1/exceptions?order=${order}&status=open`);
      return body.data[0];
    });
    expect(next).toMatchObject({ kind: 'refund_failed', refund: again?.id });
    expect(next.id).not.toBe(exception.id);
  });

  test('or that somebody cancels at Stripe is one too: credit ends the cancellation that waits for it', async () => {
    const order = await shop.store.anOrder();
    await shop.store.charge(order, { payment_method: 'pm_card_pendingRefund' });
    await shop.store.client.post(`/v1/orders/${order}/cancel`, { refund_policy: 'refund_all' });
    await shop.store.until(order, ({ amount_refunded }) => amount_refunded === 10_000);
    const [refund] = await refundsOf(order, 'pending');
    await shop.owner.call('POST', `refunds/${refund?.stripe.refund}/cancel`);
    const exception = await exceptionOf(order, 'refund_failed');
    expect(exception.explanation).toBe(`The refund of 100.00 USD on order ${order} was cancelled at Stripe.`);
    expect((await resolve(exception.id, 'keep_as_credit')).body.resolution.outcome).toBe('kept_as_credit');
    await shop.store.until(order, ({ status }) => status === 'cancelled');
  });

  test('stays open where looking at Stripe changes nothing, and is accepted with a reason', async () => {
    const { exception } = await failedRefund();
    const looked = await resolve(exception.id, 'look_at_stripe_again');
    expect(looked.status).toBe(200);
    expect(looked.body).toMatchObject({
      status: 'open',
      last_attempt: { action: 'look_at_stripe_again', status: 'done', code: null },
      resolution: null,
    });
    const kept = await resolve(exception.id, 'keep_as_credit');
    expect([kept.status, kept.body.code]).toEqual([422, 'validation_failed']);
    expect((await read(exception.id)).last_attempt).toMatchObject({
      status: 'refused',
      code: 'validation_failed',
    });
    const accepted = await resolve(exception.id, 'accept', { reason: 'Sent by bank transfer' });
    expect(accepted.body.resolution).toMatchObject({ outcome: 'accepted', reason: 'Sent by bank transfer' });
  });
});

describe('a dispute', () => {
  async function disputed(end: 'win' | 'lose') {
    const order = await shop.store.anOrder();
    const { body: payment } = await shop.store.charge(order);
    const made = await shop.owner.call('POST', `charges/${payment.stripe.charge}/dispute`);
    const exception = await exceptionOf(order, 'dispute_opened');
    await shop.owner.call('POST', `disputes/${String(made['id'])}/${end}`);
    const ended = await exceptionOf(order, 'dispute_opened', ({ status }) => status === 'resolved');
    return { order, payment, exception, ended };
  }

  test('is an exception while it runs, which ends when it is won', async () => {
    const { order, exception, ended } = await disputed('win');
    expect(exception).toMatchObject({ status: 'open', amount: 10_000, actions: ['look_at_stripe_again'] });
    expect(exception.dispute).toMatch(/^dispute_/);
    expect(ended).toMatchObject({ id: exception.id, resolution: { action: null, outcome: 'won' } });
    expect(
      (await shop.store.client.get(`/v1/exceptions?order=${order}&kind=dispute_lost`)).body.data,
    ).toEqual([]);
  });

  test('that is lost waits for a decision, and may be collected again', async () => {
    const { order, ended } = await disputed('lose');
    expect(ended.resolution.outcome).toBe('lost');
    const exception = await exceptionOf(order, 'dispute_lost');
    expect(exception.actions).toEqual(['collect_again', 'write_off']);
    expect(await shop.store.order(order)).toMatchObject({ available: 0, balance_due: 10_000 });
    expect((await resolve(exception.id, 'collect_again')).body.resolution.outcome).toBe('collected_again');
    expect((await shop.store.charge(order)).status).toBe(201);
  });

  test('that is lost may be written off', async () => {
    const { order } = await disputed('lose');
    const exception = await exceptionOf(order, 'dispute_lost');
    expect((await resolve(exception.id, 'write_off')).body.resolution.outcome).toBe('written_off');
    expect(await shop.store.order(order)).toMatchObject({ balance_due: 0, amount_written_off: 10_000 });
    const again = await resolve(exception.id, 'collect_again');
    expect([again.status, again.body.code]).toEqual([409, 'exception_resolved']);
  });
});

describe('what cannot be done about an exception', () => {
  test('is an action that is not one of its own, without a reason, or without a key', async () => {
    const { exception } = await lowered();
    const path = `/v1/exceptions/${exception.id}/resolve`;
    const wrong = await resolve(exception.id, 'write_off');
    expect([wrong.status, wrong.body.code, wrong.body.param]).toEqual([422, 'validation_failed', '/action']);
    const unknown = await resolve(exception.id, 'forget');
    expect([unknown.status, unknown.body.code]).toEqual([422, 'validation_failed']);
    for (const body of [{ action: 'raise_total' }, { action: 'raise_total', reason: '  ' }]) {
      const reply = await shop.store.client.post(path, body, { key: randomUUID() });
      expect([reply.status, reply.body.code]).toEqual([422, 'validation_failed']);
    }
    const keyless = await shop.store.client.post(path, { action: 'raise_total', reason: 'Agreed' });
    expect([keyless.status, keyless.body.code]).toEqual([400, 'idempotency_key_required']);
    expect(await read(exception.id)).toMatchObject({ status: 'open', revision: 1 });
  });

  test('is to resolve it a second time', async () => {
    const { exception } = await lowered();
    await resolve(exception.id, 'keep_as_credit');
    for (const action of ['keep_as_credit', 'refund_excess']) {
      const reply = await resolve(exception.id, action);
      expect([reply.status, reply.body.code]).toEqual([409, 'exception_resolved']);
    }
    const assigned = await shop.store.client.post(`/v1/exceptions/${exception.id}/assign`, {
      owner: 'grace',
    });
    expect([assigned.status, assigned.body.code]).toEqual([409, 'exception_resolved']);
  });

  test('is to see, resolve or assign one of another store', async () => {
    const { exception } = await lowered();
    const other = await AFaultyStore.in(app);
    const path = `/v1/exceptions/${exception.id}`;
    const { client } = other.store;
    const replies = [
      await client.get(path),
      await client.post(`${path}/resolve`, { action: 'raise_total', reason: 'Mine' }, { key: randomUUID() }),
      await client.post(`${path}/assign`, { owner: 'mallory' }),
    ];
    expect(replies.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 3 }, () => [404, 'not_found']),
    );
    expect((await client.get('/v1/exceptions')).body.data).toEqual([]);
    expect((await client.get(`/v1/exceptions?starting_after=${exception.id}`)).body.code).toBe(
      'invalid_cursor',
    );
    expect((await read(exception.id)).owner).toBe('ops@lamps.test');
  });

  test('is to change the order with a key that may only refund', async () => {
    const { exception } = await lowered();
    const asked = { name: 'Refunds', scopes: ['orders:read', 'refunds:write'], stores: [shop.store.id] };
    const { body: made } = await app.client.post('/v1/api_keys', asked);
    const headers = { authorization: `Bearer ${made.secret}` };
    const path = `/v1/exceptions/${exception.id}/resolve`;
    const body = { action: 'raise_total', reason: 'Agreed' };
    const reply = await shop.store.client.post(path, body, { key: randomUUID(), headers });
    expect([reply.status, reply.body.code]).toEqual([403, 'forbidden_scope']);
    const allowed = { ...body, action: 'keep_as_credit' };
    expect((await shop.store.client.post(path, allowed, { key: randomUUID(), headers })).status).toBe(200);
  });
});

test('an exception is handed on to somebody else, as often as one likes', async () => {
  const { order, exception } = await lowered();
  const assign = (owner: string) =>
    shop.store.client.post(`/v1/exceptions/${exception.id}/assign`, { owner });
  expect((await assign('grace@lamps.test')).body).toMatchObject({
    owner: 'grace@lamps.test',
    status: 'open',
  });
  expect((await assign('grace@lamps.test')).body.revision).toBe(2);
  expect((await shop.store.history(order)).map(({ type }) => type)).toContain('exception.assigned');
});

test('exceptions are listed by status, kind, order and payment, newest first', async () => {
  const first = await lowered();
  const second = await paidTwice();
  const ids = async (query: string, seen: Readonly<Record<string, string>> = {}) =>
    (await shop.store.client.get(`/v1/exceptions?${query}`, seen)).body.data.map(({ id }: Json) => id);
  expect((await ids('status=open')).slice(0, 2)).toEqual([second.exception.id, first.exception.id]);
  expect(await ids(`payment=${second.payment.id}`)).toEqual([second.exception.id]);
  const { headers } = await resolve(first.exception.id, 'raise_total');
  const seen = { 'quittance-position': headers.get('quittance-position') ?? '' };
  expect(await ids('status=resolved&limit=100', seen)).toContain(first.exception.id);
  expect(await ids('status=open&limit=100', seen)).not.toContain(first.exception.id);
  expect((await shop.store.client.get('/v1/exceptions?status=closed')).status).toBe(422);
});
