import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { anEdge, type Edge, type Headers, json, reader, writer } from '../../../../test/support/an-edge.js';
import { PROBLEM_CODES, PROBLEMS } from './problems.js';

let edge: Edge;
beforeAll(async () => {
  edge = await anEdge();
});
afterAll(() => edge.app.close());

let keys = 0;
const call = (method: string, url: string, headers: Headers = {}, payload?: unknown) =>
  edge.call(method, url, headers, payload);
const get = (url: string, headers: Headers = reader) => call('GET', url, headers);
const make = (body: unknown, headers: Headers = {}) =>
  call('POST', '/v1/lamps', { ...writer, 'idempotency-key': `k${++keys}`, ...headers }, body);
const post = (body: unknown, headers: Headers = {}) =>
  call('POST', '/v1/lamps/unnamed', { ...reader, ...headers }, body);

describe('a problem', () => {
  test.each(PROBLEM_CODES)('%s has its status, its title and its facts', async (code) => {
    const { status, headers, body } = await get(`/v1/trouble/refused/${code}`);
    expect(status).toBe(PROBLEMS[code].status);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toEqual({
      type: `/problems/${code}`,
      title: PROBLEMS[code].title,
      status,
      code,
      detail: 'No.',
      param: '/amount',
      amount: 10001,
      ...(code === 'validation_failed' && {
        errors: [{ pointer: '/amount', code: 'invalid', detail: 'No.' }],
      }),
      retryable: PROBLEMS[code].retryable ?? false,
      request_id: headers['request-id'],
    });
    expect((await get(`/problems/${code}`)).body.title).toBe(body.title);
  });

  test('of ours says nothing of itself, and leaves a line without words that may be data', async () => {
    const { status, body } = await get('/v1/trouble/broken');
    expect([status, body.code]).toEqual([500, 'internal_error']);
    expect(JSON.stringify(body) + edge.lines.join()).not.toContain('hunter2');
    expect(edge.lines.join()).toContain('edge');
  });

  test('of the log is one that passes', async () => {
    const { status, headers, body } = await get('/v1/trouble/unavailable');
    expect([status, body.code, headers['retry-after'], body.retryable]).toEqual([
      503,
      'overloaded',
      '1',
      true,
    ]);
  });

  test('of an answer that does not fit its schema is ours', async () => {
    expect((await get('/v1/trouble/unfit')).body.code).toBe('internal_error');
    expect(edge.lines.join()).toContain('/name invalid_type');
  });
});

describe('an address', () => {
  test('that is not there', async () => {
    const { status, body } = await get('/v1/nothing/4000-here?x=canary');
    expect([status, body.code]).toEqual([404, 'not_found']);
    expect(JSON.stringify(body)).not.toContain('canary');
  });
  test('that takes other methods', async () => {
    const { status, headers, body } = await call('DELETE', '/v1/lamps/lamp_1', reader);
    expect([status, body.code, headers['allow']]).toEqual([405, 'method_not_allowed', 'GET, HEAD, PUT']);
  });
  test('that is no address', async () => expect((await get('/v1/lamps/%zz')).status).toBe(404));
  test('that is too long', async () => expect((await get(`/v1/lamps/${'x'.repeat(300)}`)).status).toBe(404));
  test('with an id that cannot be one', async () =>
    expect((await get('/v1/lamps/nope')).body.code).toBe('not_found'));
  test('that would make such an id', async () =>
    expect((await call('PUT', '/v1/lamps/NO', reader)).body.errors).toEqual([
      { pointer: '/name', code: 'invalid_format', detail: expect.any(String) },
    ]));
});

describe('a body', () => {
  const good = { name: 'Desk lamp', watts: 5 };
  test('is told all its faults at once', async () => {
    const { status, body } = await post({
      watts: -1,
      parts: [{ sku: 1 }, { sku: 'a', 'x/y': 1 }],
      more: true,
    });
    expect([status, body.code]).toEqual([422, 'validation_failed']);
    expect(body.errors.map(({ pointer, code }: Headers) => `${pointer} ${code}`)).toEqual([
      '/name invalid_type',
      '/watts too_small',
      '/parts/0/sku invalid_type',
      '/parts/1/x~1y unknown_field',
      '/more unknown_field',
    ]);
  });
  test('may say null for what is left out', async () =>
    expect((await post({ ...good, note: null, parts: null, metadata: { a: null, b: 'c' } })).body).toEqual({
      ...good,
      metadata: { b: 'c' },
    }));
  test.each([
    ['that is not JSON', '{"name":', json, 400, 'malformed_json'],
    ['that is not text', Buffer.from([0x22, 0xff, 0x22]), json, 400, 'malformed_json'],
    ['of another kind', '<lamp/>', { 'content-type': 'text/xml' }, 415, 'unsupported_media_type'],
    [
      'of a form',
      'name=a',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    ['that is too large', JSON.stringify({ name: 'x'.repeat(65_536) }), json, 413, 'body_too_large'],
    ['that is too deep', '['.repeat(30_000) + ']'.repeat(30_000), json, 422, 'validation_failed'],
    ['21 deep', `${'{"a":'.repeat(21)}1${'}'.repeat(21)}`, json, 422, 'validation_failed'],
    ['that reaches a prototype', '{"__proto__":{"admin":true}}', json, 422, 'validation_failed'],
    ['that reaches a constructor', '{"metadata":{"constructor":{}}}', json, 422, 'validation_failed'],
    ['that is missing', undefined, {}, 422, 'validation_failed'],
    ['that is empty', '', json, 422, 'validation_failed'],
    ['that is no object', '[]', json, 422, 'validation_failed'],
  ])('%s is refused', async (_, payload, headers, status, code) => {
    const answer = await post(payload, headers);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('a card number', () => {
  const pan = '4242 4242 4242 4242';
  test.each([
    ['in a field', () => post({ name: pan, watts: 1 }), '/name'],
    ['deep in a field', () => post({ parts: [{ sku: 'a' }, { sku: `x ${pan}` }] }), '/parts/1/sku'],
    ['in the query', () => get(`/v1/lamps?colour=${encodeURIComponent(pan)}`), '/colour'],
    ['in the path', () => get('/v1/lamps/4242424242424242'), '/id'],
    ['in an address that is not there', () => get('/v1/nothing/4242-4242-4242-4242'), ''],
    ['in a key', () => make({ name: 'a', watts: 1 }, { 'idempotency-key': pan }), '/Idempotency-Key'],
  ])('%s is refused before anything else, and never shown', async (_, attempt, param) => {
    const from = edge.lines.length;
    const { status, body } = await attempt();
    expect([status, body.code, body.param]).toEqual([422, 'card_number_refused', param]);
    expect((JSON.stringify(body) + edge.lines.slice(from).join()).replaceAll(/[ -]/g, '')).not.toContain(
      '424242424242',
    );
  });
  test('may be part of what Stripe signs', async () => {
    const { body } = await call('POST', '/v1/webhooks/stripe/store_1', json, `{ "n": "${pan}" }`);
    expect(Buffer.from(body.bytes, 'hex').toString()).toBe(`{ "n": "${pan}" }`);
  });
});
