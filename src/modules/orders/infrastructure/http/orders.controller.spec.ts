import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chairs, lamps, OrdersApp } from '../../../../../test/support/orders-app.js';
import { following } from '../../../../shared/application/context.js';
import type { OrderId } from '../../../../shared/domain/ids.js';
import { Money } from '../../../../shared/domain/money.js';
import { ApplyPayment, ReservePayment } from '../../index.js';

const order = {
  number: 'SO-1042',
  currency: 'usd',
  customer: {
    external_id: 'c-7',
    name: 'Ada Lovelace',
    email: 'ada@example.test',
    phone: null,
    address: null,
  },
  lines: [
    {
      description: 'Desk lamp',
      sku: 'LMP-1',
      quantity: '2',
      unit_amount: 4000,
      amount: 8000,
      tax_amount: 1600,
    },
  ],
  shipping_amount: 400,
  total: 10_000,
  due_date: '2026-12-24',
  metadata: { channel: 'web' },
};
const plain = { currency: 'usd', customer: { name: 'Ada Lovelace' }, total: 10_000 };
const context = following({ id: 'test', metadata: { $correlationId: 'req_1', store: lamps } });

let app: OrdersApp;
beforeAll(async () => {
  app = await OrdersApp.boot();
});
afterAll(() => app.close());

let count = 0;
/** A new order of 100.00 without lines; the answer. */
async function anOrder(changes: object = {}) {
  count += 1;
  const { status, body } = await app.call('PUT', `/v1/orders/new-${count}`, {
    body: { ...plain, ...changes },
  });
  expect(status).toBe(201);
  return body as { id: OrderId; external_id: string; revision: number };
}

async function pay(id: OrderId, minor: number, payment = `pay_${id}-${minor}` as const) {
  const captured = Money.of(minor, 'usd');
  await app.commands.execute(
    new ReservePayment({ order: id, payment, amount: captured, channel: 'card', instruction: {} }, context),
  );
  return app.commands.execute(new ApplyPayment({ order: id, payment, captured }, context));
}

async function openPage(id: OrderId) {
  const payment = `pay_page-${id}` as const;
  await app.commands.execute(
    new ReservePayment({ order: id, payment, amount: null, channel: 'link', instruction: {} }, context),
  );
  app.fence.open.set(id, payment);
  return payment;
}

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
    const { external_id } = await anOrder();
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
      await anOrder({ customer: order.customer }),
      await anOrder({ customer: order.customer }),
    ] as never[];
    const [c, d] = [await anOrder(), await anOrder()] as never[];
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
    const { id, external_id } = await anOrder();
    const [ours, theirs] = [await app.read(`/v1/orders/${id}`), await app.read(`/v1/orders/${external_id}`)];
    expect(ours).toMatchObject({ status: 200, body: { id, external_id }, headers: { etag: '"2"' } });
    expect(theirs.body).toEqual(ours.body);
    expect(ours.body).not.toHaveProperty('held');
    expect(ours.body).not.toHaveProperty('customer_id');
  });

  test('finds an order at once, also where no reader has seen it yet', async () => {
    const { external_id, id } = await anOrder();
    expect((await app.call('GET', `/v1/orders/${external_id}`)).body['id']).toBe(id);
  });

  test('as of a past moment or revision shows it as it was then', async () => {
    const { id, external_id } = await anOrder();
    const created = (await app.read(`/v1/orders/${id}`)).body['created_at'];
    await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 5000 } });
    const then = async (query: string) => (await app.read(`/v1/orders/${external_id}?${query}`)).body;
    expect(await then(`as_of=${created}`)).toMatchObject({ total: 10_000, revision: 1 });
    expect(await then('revision=2')).toMatchObject({ total: 10_000, revision: 2 });
    expect(await then('revision=99')).toMatchObject({ code: 'not_found' });
    expect(await then('as_of=2020-01-01T00:00:00Z')).toMatchObject({ code: 'not_found' });
  });

  test('filters by status, customer, number and time', async () => {
    const { id } = await anOrder({ number: 'F-1', customer: { name: 'Bob', external_id: 'c-bob' } });
    await pay(id, 3000);
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

describe('changing an order', () => {
  test('works on the revision that was seen, and only on that', async () => {
    const { id } = await anOrder();
    const patch = (tag: string, total: number) =>
      app.call('PATCH', `/v1/orders/${id}`, {
        body: { total, reason: 'Agreed' },
        headers: { 'if-match': tag },
      });
    expect(await patch('"1"', 1000)).toMatchObject({ status: 412, body: { code: 'revision_mismatch' } });
    const changed = await patch('"2"', 9000);
    expect(changed).toMatchObject({
      status: 200,
      body: { total: 9000, revision: 5 },
      headers: { etag: '"5"' },
    });
    expect(await patch('"2"', 8000)).toMatchObject({ status: 412 });
  });

  test('of two at the same revision lets one through', async () => {
    const { id } = await anOrder();
    const patch = (total: number) =>
      app.call('PATCH', `/v1/orders/${id}`, { body: { total }, headers: { 'if-match': '"2"' } });
    const statuses = (await Promise.all([patch(9000), patch(8000), patch(7000)])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 412, 412]);
  });

  test('with new lines follows their sum', async () => {
    const { body: made } = await app.call('PUT', '/v1/orders/lined', { body: order });
    const lines = [{ description: 'Desk lamp', unit_amount: 4000, amount: 4000, tax_amount: 800 }];
    const { body } = await app.call('PATCH', `/v1/orders/${made['id']}`, { body: { lines } });
    expect(body).toMatchObject({ total: 5200, lines: [{ quantity: '1', sku: null }] });
    const alone = await app.call('PATCH', `/v1/orders/${made['id']}`, { body: { total: 1 } });
    expect(alone).toMatchObject({ status: 422, body: { code: 'lines_do_not_add_up', expected: 5200 } });
  });

  test('keeps what it does not name', async () => {
    const { body: made } = await app.call('PUT', '/v1/orders/kept', { body: order });
    const { body } = await app.call('PATCH', '/v1/orders/kept', { body: { due_date: '2027-01-31' } });
    expect(body).toEqual({
      ...made,
      due_date: '2027-01-31',
      invoice: { number: made['invoice'].number, revision: 2 },
      revision: 4,
    });
  });

  test('of the total waits for a card that is being charged', async () => {
    const { id } = await anOrder();
    const ask = {
      order: id,
      payment: 'pay_busy',
      amount: Money.of(3000, 'usd'),
      channel: 'card',
      instruction: {},
    } as const;
    await app.commands.execute(new ReservePayment(ask, context));
    const { status, body } = await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 9000 } });
    expect({ status, body }).toMatchObject({
      status: 409,
      body: { code: 'payment_in_flight', retryable: true },
    });
    expect(app.fence.closed).not.toContain(id);
  });

  test('of the total closes an open payment page first, whatever revision that makes', async () => {
    const { id } = await anOrder();
    await openPage(id);
    const { status, body } = await app.call('PATCH', `/v1/orders/${id}`, {
      body: { total: 9000 },
      headers: { 'if-match': '"3"' },
    });
    expect({ status, body }).toMatchObject({ status: 200, body: { total: 9000, amount_reserved: 0 } });
    expect(app.fence.closed).toContain(id);
  });

  test('is decided anew by the caller where the customer was faster than the closing', async () => {
    const { id } = await anOrder();
    const payment = await openPage(id);
    app.fence.beforeClosing = () =>
      app.commands.execute(
        new ApplyPayment({ order: id, payment, captured: Money.of(10_000, 'usd') }, context),
      );
    const headers = { 'if-match': '"3"' };
    const { status, body } = await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 9000 }, headers });
    app.fence.beforeClosing = async () => undefined;
    expect({ status, code: body['code'] }).toEqual({ status: 412, code: 'revision_mismatch' });
    expect((await app.read(`/v1/orders/${id}`)).body).toMatchObject({
      payment_status: 'paid',
      total: 10_000,
    });
  });
});

describe('cancelling an order', () => {
  const cancel = (id: OrderId, body: object = { refund_policy: 'none' }, headers = {}) =>
    app.call('POST', `/v1/orders/${id}/cancel`, { body, headers });

  test('writes off what was due; again changes nothing; and nothing follows', async () => {
    const { id } = await anOrder();
    expect(await cancel(id, { refund_policy: 'none' }, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    const first = await cancel(id, { refund_policy: 'none', reason: 'Ordered twice' });
    expect(first).toMatchObject({
      status: 200,
      body: { status: 'cancelled', balance_due: 0, amount_written_off: 10_000, revision: 3 },
    });
    expect(await cancel(id)).toMatchObject({ status: 200, body: { revision: 3 } });
    const later = await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 1000 } });
    expect(later).toMatchObject({ status: 409, body: { code: 'order_cancelled' } });
  });

  test('says what to do about money that is there', async () => {
    const { id } = await anOrder();
    await pay(id, 3000);
    expect(await cancel(id, { refund_policy: 'refund_all' })).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', param: '/refund_policy', amount_paid: 3000 },
    });
    expect(await cancel(id, {})).toMatchObject({ status: 422, body: { param: '/refund_policy' } });
    expect(await cancel(id)).toMatchObject({ status: 200, body: { amount_paid: 3000, balance_due: 0 } });
  });

  test('closes an open payment page first', async () => {
    const { id } = await anOrder();
    await openPage(id);
    expect(await cancel(id)).toMatchObject({
      status: 200,
      body: { status: 'cancelled', amount_reserved: 0 },
    });
  });
});

describe('the history of an order', () => {
  test('says who did what, when and why, newest first', async () => {
    const { id } = await anOrder();
    await app.call('PATCH', `/v1/orders/${id}`, { body: { total: 3000, reason: 'Agreed on the phone' } });
    await pay(id, 3000);
    const { status, body } = await app.read(`/v1/orders/${id}/history`);
    expect(status).toBe(200);
    expect(body['data'].map(({ type, summary }: Record<string, string>) => [type, summary])).toEqual([
      ['order.payment_status_changed', 'The order is paid'],
      ['payment.applied', '30.00 USD counts towards the balance'],
      ['payment.reserved', '30.00 USD was held for a card charge'],
      ['invoice.issued', expect.stringMatching(/^Revision 2 of invoice INV-/)],
      ['order.total_changed', 'The total was changed from 100.00 USD to 30.00 USD'],
      ['order.revised', 'The order was revised'],
      ['invoice.issued', expect.stringMatching(/^Invoice INV-\d{6} was issued$/)],
      ['order.opened', expect.stringMatching(/^Order new-\d+ of 100\.00 USD was opened$/)],
    ]);
    expect(body['data'][5]).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      object: 'history_event',
      type: 'order.revised',
      at: expect.stringMatching(/^2026-11-23T/),
      revision: 3,
      summary: 'The order was revised',
      actor: { type: 'api_key', id: 'key-lamps', name: 'Till 3' },
      reason: 'Agreed on the phone',
      correlation_id: expect.stringMatching(/^req_/),
      causation_id: null,
      stripe: null,
      data: { terms: expect.objectContaining({ total: 3000 }) },
    });
  });

  test('comes in pages', async () => {
    const { id } = await anOrder();
    const first = (await app.read(`/v1/orders/${id}/history?limit=1`)).body;
    const rest = (await app.read(`/v1/orders/${id}/history?starting_after=${first['data'][0].id}`)).body;
    expect([first['data'][0].type, first['has_more']]).toEqual(['invoice.issued', true]);
    expect([rest['data'][0].type, rest['has_more']]).toEqual(['order.opened', false]);
  });

  test('is not told to other stores', async () => {
    const { id } = await anOrder();
    expect((await app.read(`/v1/orders/${id}/history`, { key: 'key-chairs' })).status).toBe(404);
  });
});

describe('a bad order', () => {
  const line = { description: 'Lamp', unit_amount: 1, amount: 1 };
  const customer = { name: 'Ada' };

  test.each<[string, object, string]>([
    ['an unknown field', { colour: 'red' }, '/colour'],
    ['an unknown field inside', { customer: { ...customer, age: 3 } }, '/customer/age'],
    ['no customer', { customer: undefined }, '/customer'],
    ['a nameless customer', { customer: { name: '' } }, '/customer/name'],
    ['neither lines nor a total', { total: undefined }, '/total'],
    ['text for a total', { total: '100' }, '/total'],
    ['a fractional total', { total: 100.5 }, '/total'],
    ['a negative total', { total: -1 }, '/total'],
    ['a huge total', { total: 100_000_000 }, '/total'],
    ['an unsafe total', { total: 1e300 }, '/total'],
    ['a list for a total', { total: [100] }, '/total'],
    ['a fractional line', { lines: [{ ...line, amount: 0.5 }] }, '/lines/0/amount'],
    ['a line without words', { lines: [{ ...line, description: '' }] }, '/lines/0/description'],
    ['a quantity in digits', { lines: [{ ...line, quantity: 2 }] }, '/lines/0/quantity'],
    [
      'too many lines',
      { lines: Array(501).fill({ description: 'x', unit_amount: 0, amount: 0 }), total: 0 },
      '/lines',
    ],
    ['no such day', { due_date: '2026-02-30' }, '/due_date'],
    ['a moment for a day', { due_date: '2026-12-24T00:00:00Z' }, '/due_date'],
    ['two lines for a name', { customer: { name: 'Ada\r\nBcc: eve@evil.test' } }, '/customer/name'],
    [
      'a country by name',
      { customer: { ...customer, address: { country: 'Britain' } } },
      '/customer/address/country',
    ],
    ['numbers in metadata', { metadata: { a: 1 } }, '/metadata/a'],
    [
      'too much metadata',
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, ''])) },
      '/metadata',
    ],
    [
      'one of our customer ids',
      { customer: { ...customer, external_id: 'cust_1' } },
      '/customer/external_id',
    ],
    ['half a character', { number: '\ud800' }, '/number'],
    ['a NUL', { number: 'a\0b' }, '/number'],
  ])('with %s is refused, and says where', async (_, changes, pointer) => {
    const { status, body } = await app.call('PUT', '/v1/orders/bad', { body: { ...plain, ...changes } });
    expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'validation_failed' });
    expect(body['errors'].map((fault: { pointer: string }) => fault.pointer)).toContain(pointer);
  });

  test.each([
    'ada@example.test, eve@evil.test',
    'ada@example.test\r\nBcc: eve@evil.test',
    '"Ada" <ada@example.test>',
    '<ada@example.test>',
    'ada@@example.test',
    'ada@localhost',
    'ada@example..test',
    '.ada@example.test',
    'ada@-example.test',
    'ada example.test',
    'ada@example.test ',
    '',
  ])('with the address %j is refused', async (email) => {
    const body = { ...plain, customer: { ...customer, email } };
    expect(await app.call('PUT', '/v1/orders/bad', { body })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/customer/email' }] },
    });
  });

  test.each(['xyz', 'USD', '', '__proto__', 'toString'])(
    'in the currency %j is refused',
    async (currency) => {
      const { status, body } = await app.call('PUT', '/v1/orders/bad', { body: { ...plain, currency } });
      expect({ status, code: body['code'] }).toEqual({ status: 422, code: 'currency_unsupported' });
    },
  );

  test('never changes the currency of an order', async () => {
    const { external_id } = await anOrder();
    const { body } = await app.call('PUT', `/v1/orders/${external_id}`, {
      body: { ...plain, currency: 'eur' },
    });
    expect(body['code']).toBe('currency_mismatch');
  });

  test.each([
    ['no JSON', '{"currency":', 400, 'malformed_json'],
    ['a list', '[]', 422, 'validation_failed'],
    ['text', '"order"', 422, 'validation_failed'],
    ['nothing', '', 422, 'validation_failed'],
    ['a prototype', '{"__proto__":{"total":1},"currency":"usd"}', 422, 'validation_failed'],
    ['too much', JSON.stringify({ ...plain, number: 'x'.repeat(70_000) }), 413, 'body_too_large'],
  ])('that is %s is refused', async (_, raw, status, code) => {
    const answer = await app.call('PUT', '/v1/orders/bad', { raw });
    expect({ status: answer.status, code: answer.body['code'] }).toEqual({ status, code });
  });

  test('that does not add up says what it comes to', async () => {
    const { status, body } = await app.call('PUT', '/v1/orders/bad', { body: { ...order, total: 10_001 } });
    expect({ status, body }).toMatchObject({
      status: 422,
      body: { code: 'lines_do_not_add_up', expected: 10_000 },
    });
  });

  test('leaves nothing behind', async () => {
    expect((await app.read('/v1/orders/bad')).status).toBe(404);
  });

  test.each(['a b', 'a/b', 'a%2Fb', 'ä', 'x'.repeat(65)])('has no such id as %j', async (id) => {
    const { status } = await app.call('PUT', `/v1/orders/${encodeURIComponent(id)}`, { body: plain });
    expect([404, 422]).toContain(status);
  });
});
