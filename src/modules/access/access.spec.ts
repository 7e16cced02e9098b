import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { type Edge, edgeOf, type Headers } from '../../../test/support/an-edge.js';
import { Claims } from '../../shared/application/claims.js';
import { EventCatalog } from '../../shared/application/event-catalog.js';
import { Clock } from '../../shared/application/ports/clock.port.js';
import { EventStore } from '../../shared/application/ports/event-store.port.js';
import { Ids } from '../../shared/application/ports/ids.port.js';
import { ReadStore } from '../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../shared/application/read-model.js';
import { Streams } from '../../shared/application/streams.js';
import { Subscriptions } from '../../shared/application/subscriptions.js';
import { SCOPES } from '../../shared/domain/scope.js';
import { SystemClock } from '../../shared/infrastructure/clock/system.clock.js';
import { MemoryEventStore } from '../../shared/infrastructure/event-store/memory.event-store.js';
import { UuidIds } from '../../shared/infrastructure/ids/uuid.ids.js';
import { MemoryReadStore } from '../../shared/infrastructure/read-store/memory.read-store.js';
import { AccessModule } from './access.module.js';
import { BootstrapKey } from './application/bootstrap-key.js';

const ports = [
  { provide: EventStore, useClass: MemoryEventStore },
  { provide: ReadStore, useClass: MemoryReadStore },
  { provide: Clock, useClass: SystemClock },
  { provide: Ids, useClass: UuidIds },
  EventCatalog,
  Streams,
  Claims,
  Subscriptions,
  ReadModel,
];

@Global()
@Module({
  providers: ports,
  exports: ports.map((port) => ('provide' in port ? port.provide : port)),
})
class MemoryModule {}

const bootstrap = 'qk_test_the-first-key-of-this-spec';
let edge: Edge;
let seen: string[];

beforeAll(async () => {
  edge = await edgeOf({ imports: [MemoryModule, CqrsModule.forRoot(), AccessModule] });
  await edge.app.get(Subscriptions).start();
  await edge.app.get(BootstrapKey).ensure(bootstrap, false);
});
afterAll(async () => {
  await edge.app.get(Subscriptions).stop();
  await edge.app.close();
});
beforeEach(() => {
  seen = [];
});

const by = (secret: string): Headers => ({ authorization: `Bearer ${secret}` });
const issue = async (body: object, secret = bootstrap) => {
  const answer = await edge.call('POST', '/v1/api_keys', by(secret), body);
  if (answer.body.secret) seen.push(answer.body.secret);
  return answer;
};

describe('an API key', () => {
  test('is answered once with its secret, and never again', async () => {
    const { status, body, headers } = await issue({
      name: 'Till 3',
      scopes: ['orders:read'],
      stores: ['store_1'],
    });
    const { secret, ...rest } = body;
    expect(status).toBe(201);
    expect(secret).toMatch(/^qk_test_[\w-]{43}$/);
    expect(rest).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{32}$/),
      object: 'api_key',
      name: 'Till 3',
      prefix: secret.slice(0, 12),
      scopes: ['orders:read'],
      stores: ['store_1'],
      livemode: false,
      status: 'active',
      revoked_at: null,
      created_at: expect.any(String),
      revision: 1,
      metadata: {},
    });
    expect((await edge.call('GET', `/v1/api_keys/${body.id}`, by(bootstrap))).body).toEqual(rest);
    const position = { 'quittance-position': String(headers['quittance-position']) };
    const { body: page } = await edge.call('GET', '/v1/api_keys?limit=1', { ...by(bootstrap), ...position });
    expect(page).toEqual({ object: 'list', data: [rest], has_more: true });
  });

  test('reaches as far as whoever made it, where nothing is said', async () => {
    const { body } = await issue({ name: 'Like me' });
    expect([body.scopes, body.stores]).toEqual([SCOPES, 'all']);
  });

  test('opens nothing from the moment it is revoked', async () => {
    const { body } = await issue({ name: 'Gone soon', scopes: ['stores:admin'] });
    expect((await edge.call('GET', '/v1/api_keys', by(body.secret))).status).toBe(200);
    const { body: revoked } = await edge.call('POST', `/v1/api_keys/${body.id}/revoke`, by(bootstrap));
    expect([revoked.status, revoked.revision]).toEqual(['revoked', 2]);
    expect((await edge.call('GET', '/v1/api_keys', by(body.secret))).status).toBe(401);
    expect((await edge.call('POST', `/v1/api_keys/${body.id}/revoke`, by(bootstrap))).body).toEqual(revoked);
  });

  test('does not hand out what it does not have', async () => {
    const { body: local } = await issue({ name: 'Local', scopes: ['stores:admin'], stores: ['store_1'] });
    const more = await issue({ name: 'x', scopes: ['refunds:write'] }, local.secret);
    expect([more.status, more.body.code, more.body.required_scope]).toEqual([
      403,
      'forbidden_scope',
      'refunds:write',
    ]);
    const wider = await issue({ name: 'x', stores: 'all' }, local.secret);
    expect([wider.status, wider.body.param]).toEqual([404, '/stores']);
    expect((await issue({ name: 'x' }, local.secret)).body.stores).toEqual(['store_1']);
  });

  test('neither sees nor revokes one that reaches further', async () => {
    const { body: local } = await issue({ name: 'Local', scopes: ['stores:admin'], stores: ['store_1'] });
    const { body: global } = await issue({ name: 'Global' });
    expect((await edge.call('GET', `/v1/api_keys/${global.id}`, by(local.secret))).status).toBe(404);
    expect((await edge.call('POST', `/v1/api_keys/${global.id}/revoke`, by(local.secret))).status).toBe(404);
    const { body: page } = await edge.call('GET', '/v1/api_keys', by(local.secret));
    expect(page.data.map(({ stores }: { stores: unknown }) => stores)).not.toContain('all');
  });

  test.each([
    ['no name', {}],
    ['a scope that is not', { name: 'x', scopes: ['everything'] }],
    ['no scope at all', { name: 'x', scopes: [] }],
    ['what is no store', { name: 'x', stores: ['lamps'] }],
    ['a hash of its own', { name: 'x', hash: 'y' }],
  ])('is not made with %s', async (_, body) => expect((await issue(body)).status).toBe(422));

  test('is kept nowhere: not in the log, not in the read model, not in a line', async () => {
    const { body } = await issue({ name: 'Canary' });
    await edge.call('GET', '/v1/api_keys', by(body.secret));
    const log = JSON.stringify(await edge.app.get(EventStore).readAll(0, 1_000));
    const rows: unknown[] = [];
    for await (const row of edge.app
      .get(ReadStore)
      .scan({ name: 'api-keys', version: 1, indexes: ['status'] })) {
      rows.push(row);
    }
    expect(rows.length).toBeGreaterThan(3);
    const kept = log + JSON.stringify(rows) + edge.lines.join();
    for (const secret of [...seen, bootstrap]) expect(kept).not.toContain(secret);
  });
});

describe('the first key', () => {
  test('is every scope in every store', async () => {
    const { body } = await edge.call('GET', '/v1/api_keys', by(bootstrap));
    expect(body.data.at(-1)).toMatchObject({ name: 'Bootstrap', scopes: SCOPES, stores: 'all' });
  });
  test('is there once, however often we start', async () => {
    const head = await edge.app.get(EventStore).head();
    await edge.app.get(BootstrapKey).ensure(bootstrap, false);
    expect(await edge.app.get(EventStore).head()).toBe(head);
  });
  test('is made and told once where none is given', async () => {
    const secret = await edge.app.get(BootstrapKey).ensure(undefined, false);
    expect(await edge.app.get(BootstrapKey).ensure(undefined, false)).toBeUndefined();
    expect((await edge.call('GET', '/v1/api_keys', by(String(secret)))).status).toBe(200);
  });
});
