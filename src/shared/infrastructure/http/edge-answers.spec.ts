import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { anEdge, type Edge, type Headers, json, reader, writer } from '../../../../test/support/an-edge.js';
import { Shutdown } from './shutdown.js';

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

describe('a caller', () => {
  test.each([
    ['without a key', {}],
    ['with a key nobody has', { authorization: 'Bearer qk_test_nobody' }],
    ['with no bearer', { authorization: 'Basic cWs6' }],
    ['with a name that every object has', { authorization: 'Bearer constructor' }],
  ])('%s is not let in', async (_, headers) => {
    const { status, body, headers: answered } = await get('/v1/lamps', headers);
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
    expect(answered['www-authenticate']).toMatch(/^Bearer/);
  });
  test('may do what the key says', async () => {
    const { status, body } = await call(
      'POST',
      '/v1/lamps',
      { ...reader, ...json, 'idempotency-key': 'k' },
      '{}',
    );
    expect([status, body.code, body.required_scope]).toEqual([403, 'forbidden_scope', 'orders:write']);
  });
  test.each([
    ['names no store', {}, 400, 'store_required'],
    ['names one that is not', { 'quittance-store': 'store_9' }, 404, 'not_found'],
    ['names what is no store', { 'quittance-store': '../etc' }, 404, 'not_found'],
  ])('who reaches all stores and %s', async (_, headers, status, code) => {
    const { authorization } = writer;
    const named = { authorization, ...headers, ...json, 'idempotency-key': `k${++keys}` };
    const answer = await call('POST', '/v1/lamps', named, { name: 'a', watts: 1 });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
  test('does not reach another store', async () =>
    expect((await get('/v1/lamps', { ...reader, 'quittance-store': 'store_2' })).status).toBe(404));
  test('of one store need not name it', async () =>
    expect((await get('/v1/lamps', { ...reader, 'quittance-store': 'store_1' })).status).toBe(200));
});

describe('an answer', () => {
  test('tells where its write stands, its revision, and nothing undeclared', async () => {
    const { status, headers, body } = await make({ name: 'a', watts: 1 });
    expect([status, headers['etag'], headers['quittance-position']]).toEqual([201, '"3"', 'pos_zz']);
    expect(body).toEqual({ id: expect.any(String), name: 'a', watts: 1, revision: 3 });
  });
  test('may have another status', async () =>
    expect((await make({ name: 'later', watts: 1 })).status).toBe(202));
  test('to a declined card tells where it stands too, and that it was given before', async () => {
    const decline = () => call('POST', '/v1/trouble/declined', { ...reader, 'idempotency-key': 'no' });
    const told = ({ status, body, headers }: Awaited<ReturnType<typeof decline>>) => [
      status,
      body.code,
      headers['quittance-position'],
      headers['idempotent-replayed'],
    ];
    expect(told(await decline())).toEqual([402, 'card_declined', 'pos_zz', undefined]);
    expect(told(await decline())).toEqual([402, 'card_declined', 'pos_zz', 'true']);
  });
  test('is the same for the same key, and says so', async () => {
    const header = { 'idempotency-key': 'twice' };
    const first = await make({ name: 'a', watts: 1 }, header);
    const again = await make({ watts: 1, name: 'a', note: null }, header);
    expect(again.body).toEqual(first.body);
    expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect((await make({ name: 'b', watts: 1 }, header)).body.code).toBe('idempotency_key_reused');
  });
  test('has the same name for fifty calls at once', async () => {
    const fifty = Array.from({ length: 50 }, () =>
      make({ name: 'a', watts: 1 }, { 'idempotency-key': 'fifty' }),
    );
    const answers = await Promise.all(fifty);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.every(({ status }) => status === 201)).toBe(true);
  });
  test.each([
    ['no key', {}, 400, 'idempotency_key_required'],
    ['a key that is too long', { 'idempotency-key': 'x'.repeat(256) }, 422, 'validation_failed'],
    ['a key of other letters', { 'idempotency-key': 'schlüssel' }, 422, 'validation_failed'],
  ])('is not given for %s', async (_, headers, status, code) => {
    const answer = await call(
      'POST',
      '/v1/lamps',
      { ...writer, ...headers, ...json },
      { name: 'a', watts: 1 },
    );
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
  test.each([
    ['what was written', 'pos_zz', 200, undefined],
    ['what is yet to come', 'pos_1000', 409, 'read_model_behind'],
    ['what is no position', '12', 422, 'validation_failed'],
    ['what is far too large a position', 'pos_zzzzzzzzzzz', 422, 'validation_failed'],
  ])('waits for %s', async (_, position, status, code) => {
    const answer = await get('/v1/lamps', { ...reader, 'quittance-position': position });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
  test.each([
    ['the revision', '"3"', 200],
    ['one of several', '"1", "3"', 200],
    ['any', '*', 200],
    ['an earlier one', '"2"', 412],
    ['a weak tag', 'W/"3"', 412],
    ['a tag without quotes', '3', 412],
  ])('is given under If-Match with %s', async (_, tag, status) =>
    expect((await call('PUT', '/v1/lamps/desk', { ...reader, 'if-match': tag })).status).toBe(status),
  );
});

describe('a list', () => {
  const query = async (text: string) => {
    const { status, body } = await get(`/v1/lamps${text}`);
    return status === 200
      ? JSON.parse(body.data[0].name)
      : body.errors.map(({ pointer }: Headers) => pointer);
  };
  test('is 25 long', async () => expect(await query('')).toEqual({ where: {}, limit: 25 }));
  test('takes filters, a place and times', async () =>
    expect(
      await query(
        '?colour=red&limit=2&starting_after=lamp_1&created_at[gte]=2026-11-01&created_at[lt]=2026-12-01T00:00:00%2B01:00',
      ),
    ).toEqual({
      where: { colour: 'red' },
      limit: 2,
      startingAfter: 'lamp_1',
      createdAt: { gte: '2026-11-01T00:00:00.000Z', lt: '2026-11-30T23:00:00.000Z' },
    }));
  test.each([
    ['?limit=0', ['/limit']],
    ['?limit=101', ['/limit']],
    ['?limit=ten', ['/limit']],
    ['?limit=1&limit=2', ['/limit']],
    ['?colour=green&created_at[gt]=soon&size=1', ['/created_at[gt]', '/colour', '/size']],
    ['?starting_after=a&ending_before=b', ['/ending_before']],
  ])('refuses %s', async (text, faults) => expect(await query(text)).toEqual(faults));
});

describe('the rest of the edge', () => {
  test('sends the same safe headers with everything', async () => {
    const { headers } = await get('/v1/lamps');
    const { 'request-id': id, date: _, 'content-length': __, ...fixed } = headers;
    expect(id).toMatch(/^req_[0-9a-f]{32}$/);
    expect(fixed).toMatchInlineSnapshot(`
{
  "cache-control": "no-store",
  "connection": "keep-alive",
  "content-security-policy": "default-src 'none';frame-ancestors 'none'",
  "content-type": "application/json; charset=utf-8",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
}
`);
    const { headers: refused } = await get('/v1/nothing');
    for (const name of Object.keys(fixed)) expect(Object.keys(refused)).toContain(name);
  });
  test('does not let other sites in', async () => {
    const { headers } = await call('OPTIONS', '/v1/lamps', { origin: 'https://evil.test' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
  test('gives pages their forms and webhooks their exact bytes', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await call('POST', '/pay/tok', form, 'a=1')).body).toEqual({ a: '1' });
    const { body } = await call('POST', '/v1/webhooks/stripe/store_1', json, '{ "a" :1 }\n');
    expect(Buffer.from(body.bytes, 'hex').toString()).toBe('{ "a" :1 }\n');
    const large = JSON.stringify({ a: 'x'.repeat(200_000) });
    expect((await call('POST', '/v1/webhooks/stripe/store_1', json, large)).status).toBe(201);
    expect((await call('POST', '/v1/webhooks/stripe/store_1', json, large + large)).status).toBe(413);
  });
  test('notes a request by its route, never by its address', async () => {
    await call('GET', '/pay/canary-token', {});
    await get('/v1/lamps/lamp_1?x=canary');
    const lines = edge.lines.slice(-2).map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ level: 'info', method: 'GET', route: '/pay/:token', status: 200 }),
      expect.objectContaining({
        route: '/v1/lamps/:id',
        key_id: 'key_1',
        request_id: expect.stringMatching(/^req_/),
      }),
    ]);
    expect(edge.lines.join()).not.toMatch(/canary|qk_test/);
  });
  test('says how it is', async () => {
    expect((await get('/health/live', {})).body).toEqual({ status: 'live' });
    const { status, body } = await get('/health/ready', {});
    expect([status, body.status]).toEqual([200, 'ready']);
    expect(body.checks).toContainEqual({ name: 'event_store', ok: true, reason: null });
  });
  test('is measured by callers on this machine only', async () => {
    expect((await get('/metrics', {})).body).toContain('quittance_http_request_seconds_count');
    expect((await get('/metrics', { 'x-forwarded-for': '1.2.3.4' })).status).toBe(404);
  });
  test('slows down who asks for pages too often, and no one else', async () => {
    const many = Array.from({ length: 301 }, () => call('GET', '/pay/guess', {}));
    const last = (await Promise.all(many)).filter(({ status }) => status === 429);
    expect(last.length).toBeGreaterThan(0);
    expect(last[0]?.body.code).toBe('rate_limited');
    expect(Number(last[0]?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await get('/v1/lamps')).status).toBe(200);
  });
  test('takes no calls while it goes down', async () => {
    const shutdown = edge.app.get(Shutdown);
    shutdown.beforeApplicationShutdown();
    const { status, body, headers } = await get('/v1/lamps');
    expect([status, body.code, headers['connection']]).toEqual([503, 'overloaded', 'close']);
    shutdown.underWay = false;
  });
  test('sends files as they are', async () => {
    const { headers, body } = await get('/v1/trouble/file');
    expect([headers['content-type'], body]).toEqual(['application/pdf', '%PDF']);
  });
});
