import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { orderBody as order, plainOrder as plain } from '../../../../../test/support/an-order.js';
import { chairs, lamps, OrdersApp } from '../../../../../test/support/orders-app.js';

let app: OrdersApp;
beforeAll(async () => {
  app = await OrdersApp.boot();
});
afterAll(() => app.close());

describe('importing an order', () => {
  test('answers the whole order, numbered and due', async () => {
    const { status, body, headers } = await app.call('PUT', '/v1/orders/SO-1042', { body: order });
    expect({ status, body }).toEqual({
      status: 201,
      body: {
        ...order,
        id: expect.stringMatching(/^order_[0-9a-f]{32}$/),
        object: 'order',
        external_id: 'SO-1042',
        store: lamps,
        livemode: false,
        status: 'open',
        customer: { ...order.customer, id: expect.stringMatching(/^cust_[0-9a-f]{32}$/) },
        amount_captured: 0,
        amount_refunded: 0,
        amount_disputed: 0,
        amount_contested: 0,
        amount_moved_to_credit: 0,
        amount_credited: 0,
        amount_written_off: 0,
        amount_paid: 0,
        amount_reserved: 0,
        balance_due: 10_000,
        available: 10_000,
        overpaid: 0,
        payment_status: 'unpaid',
        refund_status: 'none',
        dispute_status: 'none',
        paid_at: null,
        invoice: { number: 'INV-000001', revision: 1 },
        created_at: expect.stringMatching(/^2026-11-23T/),
        revision: 2,
      },
    });
    expect(headers).toMatchObject({ etag: '"2"', 'quittance-position': expect.stringMatching(/^pos_/) });
  });

  test('is the same twice', async () => {
    const first = await app.call('PUT', '/v1/orders/SO-1042', { body: order });
    const second = await app.call('PUT', '/v1/orders/SO-1042', { body: order });
    expect(second).toMatchObject({ status: 200, body: first.body });
    expect(second.body['revision']).toBe(2);
  });

  test('replaces the terms, and numbers the new revision of the invoice', async () => {
    const { external_id } = await app.anOrder();
    const { status, body } = await app.call('PUT', `/v1/orders/${external_id}`, {
      body: { ...plain, total: 9000 },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ total: 9000, balance_due: 9000, invoice: { revision: 2 }, revision: 5 });
  });

  test('takes the sum of the lines where no total is given', async () => {
    const { total: _, ...unsummed } = order;
    const { body } = await app.call('PUT', '/v1/orders/summed', { body: unsummed });
    expect(body['total']).toBe(10_000);
  });

  test('knows a customer by the store’s own id, and one without an id by the order', async () => {
    const [a, b] = [
      await app.anOrder({ customer: order.customer }),
      await app.anOrder({ customer: order.customer }),
    ] as never[];
    const [c, d] = [await app.anOrder(), await app.anOrder()] as never[];
    const idOf = ({ customer }: { customer: { id: string } }) => customer.id;
    expect(idOf(a as never)).toBe(idOf(b as never));
    expect(idOf(c as never)).not.toBe(idOf(d as never));
  });

  test('of many at once numbers them without a gap, per store', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `batch-${at}`);
    const put = (name: string) => app.call('PUT', `/v1/orders/${name}`, { key: 'key-chairs', body: plain });
    const answers = await Promise.all([...names, ...names].map(put));
    const numbers = answers.map(({ body }) => body['invoice'].number as string);
    const expected = names.map((_, at) => `INV-${String(at + 1).padStart(6, '0')}`);
    expect([...new Set(numbers)].sort()).toEqual(expected);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(12);
  });

  test('of two stores never meets', async () => {
    const here = await app.call('PUT', '/v1/orders/same', { body: plain });
    const there = await app.call('PUT', '/v1/orders/same', { key: 'key-chairs', body: plain });
    expect(there.status).toBe(201);
    expect(there.body['id']).not.toBe(here.body['id']);
    const foreign = await app.call('GET', `/v1/orders/${here.body['id']}`, { key: 'key-chairs' });
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('never takes one of our ids', async () => {
    const { status, body } = await app.call('PUT', '/v1/orders/order_1', { body: plain });
    expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'validation_failed' });
  });
});

describe('reading orders', () => {
  test('by our id and by the caller’s own gives the same', async () => {
    const { id, external_id } = await app.anOrder();
    const [ours, theirs] = [await app.read(`/v1/orders/${id}`), await app.read(`/v1/orders/${external_id}`)];
    expect(ours).toMatchObject({ status: 200, body: { id, external_id }, headers: { etag: '"2"' } });
    expect(theirs.body).toEqual(ours.body);
    expect(ours.body).not.toHaveProperty('held');
    expect(ours.body).not.toHaveProperty('customer_id');
  });

  test('finds an order at once, also where no reader has seen it yet', async () => {
    const { external_id, id } = await app.anOrder();
    expect((await app.call('GET', `/v1/orders/${external_id}`)).body['id']).toBe(id);
  });

  test('as of a past moment or revision shows it as it was then', async () => {
    const { id, external_id } = await app.anOrder();
    const created = (await app.read(`/v1/orders/${id}`)).body['created_at'];
    await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 5000 } });
    const then = async (query: string) => (await app.read(`/v1/orders/${external_id}?${query}`)).body;
    expect(await then(`as_of=${created}`)).toMatchObject({ total: 10_000, revision: 1 });
    expect(await then('revision=2')).toMatchObject({ total: 10_000, revision: 2 });
    expect(await then('revision=99')).toMatchObject({ code: 'not_found' });
    expect(await then('as_of=2020-01-01T00:00:00Z')).toMatchObject({ code: 'not_found' });
  });

  test('filters by status, customer, number and time', async () => {
    const { id } = await app.anOrder({ number: 'F-1', customer: { name: 'Bob', external_id: 'c-bob' } });
    await app.pay(id, 3000);
    const customer = (await app.read(`/v1/orders/${id}`)).body['customer'].id;
    const ids = async (query: string) => {
      const { body } = await app.read(`/v1/orders?limit=100&${query}`);
      return body['data'].map((each: { id: string }) => each.id) as string[];
    };
    expect(await ids('payment_status=partially_paid')).toContain(id);
    expect(await ids('payment_status=paid')).not.toContain(id);
    expect(await ids('number=F-1')).toEqual([id]);
    expect(await ids('customer=c-bob')).toEqual([id]);
    expect(await ids(`customer=${customer}`)).toEqual([id]);
    expect(await ids('customer=c-bob&payment_status=unpaid')).toEqual([]);
    expect(await ids('number=F-1&created_at[gte]=2026-11-23T10:00:00Z')).toEqual([id]);
    expect(await ids('number=F-1&created_at[lt]=2026-11-23T10:00:00Z')).toEqual([]);
  });

  test('pages through all of them, newest first, each once', async () => {
    const all = (await app.read('/v1/orders?limit=100')).body['data'].map((each: { id: string }) => each.id);
    const seen: string[] = [];
    for (let more = true; more; ) {
      const after = seen.length > 0 ? `&starting_after=${seen.at(-1)}` : '';
      const { body } = await app.read(`/v1/orders?limit=4${after}`);
      seen.push(...body['data'].map((each: { id: string }) => each.id));
      more = body['has_more'];
    }
    expect(seen).toEqual(all);
    const back = await app.read(`/v1/orders?limit=2&ending_before=${seen[4]}`);
    expect(back.body['data'].map((each: { id: string }) => each.id)).toEqual(seen.slice(2, 4));
    expect((await app.read('/v1/orders?starting_after=order_none')).body['code']).toBe('invalid_cursor');
  });

  test('needs a store where the key reaches several', async () => {
    expect((await app.call('GET', '/v1/orders', { key: 'key-both' })).body['code']).toBe('store_required');
    const named = await app.read('/v1/orders', { key: 'key-both', store: chairs });
    expect(named.body['data'].every(({ store }: { store: string }) => store === chairs)).toBe(true);
  });

  test('is all that a reading key may do', async () => {
    const { status, body } = await app.call('PUT', '/v1/orders/x', { key: 'key-reader', body: plain });
    expect({ status, scope: body['required_scope'] }).toEqual({ status: 403, scope: 'orders:write' });
  });
});
