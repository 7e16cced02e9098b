import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { SCOPES } from '../../src/shared/domain/scope.js';
import { AStore, eventually } from '../support/a-store.js';
import { API_KEY, RunningApp } from '../support/running-app.js';

type Answer = Readonly<{ status: number; headers: Headers; body: Json }>;
type Call = Readonly<{ headers?: Readonly<Record<string, string>>; body?: unknown; raw?: string }>;
type Operation = Readonly<{ method: string; path: string; scope: string | undefined; described: Json }>;

const CARD = '4242 4242 4242 4242';

let app: RunningApp;
let store: AStore;
let order: string;
let operations: readonly Operation[];
let document: Json;

/** A call as it is, by whoever holds `key`; `body` is written as JSON. */
async function call(method: string, path: string, { headers, body, raw }: Call = {}, key = API_KEY) {
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${app.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(key === API_KEY && { 'quittance-store': store.id }),
      'idempotency-key': randomUUID(),
      ...(content !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

async function aKey(scopes: readonly string[], stores: readonly string[]): Promise<Json> {
  return (await call('POST', '/v1/api_keys', { body: { name: 'A program', scopes, stores } })).body;
}

/** The example that the description shows of what an operation takes. */
function exampleOf({ described }: Operation): Json {
  const reference: string = described.requestBody?.content['application/json'].schema.$ref ?? '';
  const schema = document.components.schemas[reference.split('/').at(-1) ?? ''];
  return schema?.example ?? schema?.examples?.[0];
}

const toSaid = ({ status, body }: Answer) => [status, body.code];

beforeAll(async () => {
  app = await RunningApp.start({ LOG_LEVEL: 'debug' });
  store = await AStore.connectedTo(app);
  order = await store.anOrder();
  document = (await call('GET', '/openapi.json')).body;
  operations = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, described]) => ({
      method: method.toUpperCase(),
      path,
      scope: /Scope: `([\w:]+)`/.exec(described.description ?? '')?.[1],
      described,
    })),
  );
}, 30_000);
afterAll(() => app.remove());

describe('a body', () => {
  test.each<[string, string, number, string]>([
    ['is not JSON', '{"amount":', 400, 'malformed_json'],
    ['holds NaN', '{"amount":NaN}', 400, 'malformed_json'],
    ['holds more than a number can', '{"amount":1e400}', 422, 'validation_failed'],
    ['holds half a character', '{"message":"\\ud800"}', 422, 'validation_failed'],
    ['holds half a character in a name', '{"\\udfff":1}', 422, 'validation_failed'],
    ['reaches for a prototype', '{"__proto__":{"a":1}}', 422, 'validation_failed'],
    ['reaches for a constructor', '{"metadata":{"constructor":"a"}}', 422, 'validation_failed'],
    ['would lose a name without a word', '{"metadata":{"prototype":"a"}}', 422, 'validation_failed'],
    ['is nested deeply', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 422, 'validation_failed'],
    ['is far too large', `{"a":"${'x'.repeat(1_000_000)}"}`, 413, 'body_too_large'],
    ['is no object', '[]', 422, 'validation_failed'],
  ])('that %s is refused by every route that takes one', async (_, raw, status, code) => {
    for (const path of [`orders/${order}/charges`, `orders/${order}/payment_links`, 'stores', 'api_keys']) {
      expect([path, ...toSaid(await call('POST', `/v1/${path}`, { raw }))]).toEqual([path, status, code]);
    }
  });

  test('with any one field spoiled is answered as the description says, and never with a fault of ours', async () => {
    const spoilt = [
      -1,
      1.5,
      1e21,
      '1e3',
      true,
      [],
      {},
      'x'.repeat(3000),
      'a\r\nBcc: b@c.test',
      '\u0000',
      '\u202e',
    ];
    const withBody = operations.filter((one) => exampleOf(one) && !one.path.includes('webhooks'));
    expect(withBody.length).toBeGreaterThan(6);
    const spoiled = await store.anOrder();
    for (const operation of withBody) {
      const path = operation.path.replace(/\{\w+\}/, operation.path.includes('/stores') ? store.id : spoiled);
      const example = exampleOf(operation);
      const answers = await Promise.all(
        [...Object.keys(example), 'not_a_field'].flatMap((field) =>
          spoilt.map((value) => call(operation.method, path, { body: { ...example, [field]: value } })),
        ),
      );
      const documented = Object.keys(operation.described.responses);
      const undocumented = answers.filter(({ status }) => status >= 500 || !documented.includes(`${status}`));
      expect([operation.method, path, undocumented.map(toSaid)]).toEqual([operation.method, path, []]);
    }
  }, 20_000);

  test('tells of a fault that only a rule can find where it tells of the others', async () => {
    const { body } = await store.link(order, { expires_at: '2020-01-01T00:00:00Z' });
    expect(body.errors).toEqual([{ pointer: '/expires_at', code: 'invalid', detail: expect.any(String) }]);
  });

  test.each([
    ['POST', '/v1/stores', { name: 'Lamps\r\nBcc: b@c.test', notification_email: 'a@b.test' }],
    ['POST', '/v1/stores', { name: 'Lamps', notification_email: `${'a'.repeat(65)}@b.test` }],
    ['POST', '/v1/api_keys', { name: 'Till\u00003' }],
    ['PUT', '/v1/orders/SO-1', { currency: 'usd', customer: { name: '\u200b\u202e' }, total: 100 }],
    ['PUT', '/v1/orders/order_1', { currency: 'usd', customer: { name: 'Ada' }, total: 100 }],
  ])('%s %s takes no words that could be taken for something else: %j', async (method, path, body) => {
    expect(toSaid(await call(method, path, { body }))).toEqual([422, 'validation_failed']);
  });
});

describe('a card number', () => {
  test.each<[string, string, string, Call]>([
    ['a body', 'PUT', '/v1/orders/SO-2', { body: { metadata: { note: CARD } } }],
    ['a name in a body', 'PUT', '/v1/orders/SO-2', { body: { metadata: { [CARD]: 'a' } } }],
    ['a query', 'GET', `/v1/orders?number=${encodeURIComponent(CARD)}`, {}],
    ['a path', 'GET', '/v1/orders/4242-4242-4242-4242', {}],
    ['an address that is not there', 'GET', '/nothing/4242424242424242', {}],
    ['a header', 'POST', '/v1/orders/SO-2/charges', { body: {}, headers: { 'idempotency-key': CARD } }],
  ])('in %s is refused, and never repeated', async (_, method, path, given) => {
    const answer = await call(method, path, given);
    expect(toSaid(answer)).toEqual([422, 'card_number_refused']);
    expect(JSON.stringify(answer.body)).not.toMatch(/4242/);
  });
});

describe('an address', () => {
  test('says which methods it takes, to every other one', async () => {
    for (const [path, item] of Object.entries<Json>(document.paths)) {
      const taken = Object.keys(item).map((method) => method.toUpperCase());
      const url = path.replaceAll(/\{\w+\}/g, 'x');
      for (const method of ['GET', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']) {
        if (taken.includes(method)) continue;
        const { status, headers } = await call(method, url, {
          raw: '{',
          headers: { 'content-type': 'a/b' },
        }).catch(() => call(method, url));
        expect([method, url, status]).toEqual([method, url, 405]);
        expect(headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(taken));
      }
    }
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=abc',
    'limit=1e1',
    'limit=0x10',
    'created_at[gte]=soon',
    'constructor=1',
  ])('with the query %s is refused', async (query) =>
    expect(toSaid(await call('GET', `/v1/orders?${query}`))).toEqual([422, 'validation_failed']),
  );

  test('of one order under another name does not charge again what the key has charged', async () => {
    const number = await store.anOrder();
    const { id } = await store.order(number);
    const key = randomUUID();
    const spelled = number.replace('S', '%53');
    const answers: Answer[] = [];
    for (const one of [number, id, spelled]) answers.push(await store.charge(one, { amount: 1000 }, key));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await store.order(number)).amount_captured).toBe(1000);
  });
});

describe('a read that names a position', () => {
  test('from the future is told within a second to come again', async () => {
    const begun = performance.now();
    const answer = await call('GET', '/v1/orders', { headers: { 'quittance-position': 'pos_zzzzzz' } });
    expect(toSaid(answer)).toEqual([409, 'read_model_behind']);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(performance.now() - begun).toBeLessThan(1500);
  });
});

describe('a key', () => {
  const idIn = (path: string, ids: Readonly<Record<string, string>>) =>
    Object.entries(ids).find(([part]) => path.includes(part))?.[1] ?? 'x';

  test('does what its scopes say and nothing else, on every route', async () => {
    const keys = await Promise.all(
      SCOPES.map(async (scope) => [scope, await aKey([scope], [store.id])] as const),
    );
    for (const { method, path, scope, described } of operations) {
      if (described.security.length === 0) continue;
      for (const [held, { secret }] of keys) {
        if (held === scope) continue;
        const answer = await call(
          method,
          path.replace(/\{\w+\}/, 'SO-0'),
          method === 'GET' ? {} : { raw: '{}' },
          secret,
        );
        expect([method, path, held, ...toSaid(answer), answer.body.required_scope]).toEqual([
          method,
          path,
          held,
          403,
          'forbidden_scope',
          scope,
        ]);
      }
    }
  });

  /** What a call needs to be heard at all, by how its path ends. */
  const bodies = {
    '/charges': { payment_method: 'pm_card_visa' },
    '/cancel': { refund_policy: 'none' },
    '/write_off': { reason: 'Mistaken' },
    '/offline_payments': { amount: 2000, method: 'cash' },
    '/reverse': { reason: 'Mistaken' },
    '/resolve': { action: 'accept', reason: 'Mistaken' },
    '/assign': { owner: 'grace' },
    '/explain': { difference: 'diff_1', explanation: 'Mistaken' },
  };

  test('of another store finds nothing of this one, on every route and as every cursor', async () => {
    const other = (
      await call('POST', '/v1/stores', { body: { name: 'Other', notification_email: 'a@b.test' } })
    ).body;
    const { secret } = await aKey(SCOPES, [other.id]);
    const number = await store.anOrder();
    const { id } = await store.order(number);
    const payment = (await store.charge(number, { amount: 1000 })).body.id;
    const link = (await store.link(number)).body.id;
    const key = (await aKey(['orders:read'], [store.id])).id;
    const refund = (await store.refund(payment, { amount: 100 })).body.id;
    await store.client.patch(`/v1/orders/${number}`, { total: 500 });
    const exception = await eventually(async () => {
      const { body } = await store.client.get(`/v1/exceptions?order=${number}`);
      return body.data[0] as Json | undefined;
    });
    const ids = {
      '/orders': id,
      '/v1/refunds': refund,
      '/exceptions': exception.id,
      '/disputes': `dispute_${'0'.repeat(32)}`,
      '/reconciliation_runs': `recon_${'0'.repeat(32)}`,
      '/payments': payment,
      '/payment_links': link,
      '/stores': store.id,
      '/api_keys': key,
    };
    for (const { method, path, described } of operations) {
      if (described.security.length === 0 || method === 'PUT') continue;
      if (!path.includes('{')) {
        if (method !== 'GET') continue;
        const page = await call(method, `${path}?starting_after=${idIn(path, ids)}`, {}, secret);
        expect([path, ...toSaid(page)]).toEqual([path, 400, 'invalid_cursor']);
        continue;
      }
      const [, body = {}] = Object.entries(bodies).find(([end]) => path.endsWith(end)) ?? [];
      const foreign = path.replace(/\{\w+\}/, idIn(path, ids));
      const answer = await call(method, foreign, method === 'GET' ? {} : { body }, secret);
      expect([method, path, ...toSaid(answer)]).toEqual([method, path, 404, 'not_found']);
    }
  });

  test('opens nothing once it is revoked', async () => {
    const { id, secret } = await aKey(['orders:read'], [store.id]);
    expect((await call('GET', '/v1/orders', {}, secret)).status).toBe(200);
    await call('POST', `/v1/api_keys/${id}/revoke`);
    expect(toSaid(await call('GET', '/v1/orders', {}, secret))).toEqual([401, 'unauthenticated']);
  });
});

test('the log tells of all that without a secret, a name, an address or a number', async () => {
  const { secret } = await aKey(['orders:read'], [store.id]);
  await call('GET', '/v1/orders?customer=canary-query', {}, secret);
  await call('GET', '/v1/orders', {}, 'qk_test_canary_forged');
  const number = await store.anOrder({
    customer: { name: 'Canary Name', email: 'canary@example.test', phone: 'canary-phone' },
    metadata: { note: 'canary-metadata' },
  });
  const link = (await store.link(number, { message: 'canary-message' })).body;
  await fetch(link.url);
  await store.charge(number, { payment_method: 'pm_card_chargeDeclined' }, 'canary-key');
  expect(app.output).toContain('/v1/orders/:order/charges');
  for (const word of [API_KEY, secret, 'sk_test_', 'whsec_', link.url.split('/').at(-1)]) {
    expect(app.output).not.toContain(word);
  }
  // By itself: ids are hexadecimal, and hold any four digits sooner or later.
  expect(app.output).not.toMatch(/\b4242\b/);
  expect(app.output).not.toMatch(/canary|Ada Lovelace|@example\.test|ops@lamps/i);
});
