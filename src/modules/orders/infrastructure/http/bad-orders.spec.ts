import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { orderBody as order, plainOrder as plain } from '../../../../../test/support/an-order.js';
import { OrdersApp } from '../../../../../test/support/orders-app.js';
import { NewReference } from './order.requests.js';

let app: OrdersApp;
beforeAll(async () => {
  app = await OrdersApp.boot();
});
afterAll(() => app.close());

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
    const { external_id } = await app.anOrder();
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

  test.each(['.', '..', 'order_1'])(
    'has no such id as %j, which clients or we read as something else',
    (id) => expect(NewReference.safeParse(id).success).toBe(false),
  );
});
