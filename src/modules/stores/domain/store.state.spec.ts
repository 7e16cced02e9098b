import { describe, expect, test } from '@jest/globals';
import {
  cleared,
  complete,
  connected,
  connectedByOauth,
  ended,
  inTenMinutes,
  lamps,
  named,
  raised,
  registered,
  request,
  requested,
  revise,
  tomorrow,
} from '../../../../test/support/a-connection.js';
import { specification, stopsAtTheUnheardOf } from '../../../../test/support/specification.js';
import type { StoreEvent } from './store.events.js';
import { storeDecider } from './store.js';
import { isConnected } from './store.state.js';

const { given } = specification(storeDecider);

test('a store is connected while there is a connection, healthy or not', () => {
  for (const well of ['connecting', 'connected', 'degraded'] as const) expect(isConnected(well)).toBe(true);
  for (const not of ['named', 'disconnected'] as const) expect(isConnected(not)).toBe(false);
});

describe('what is known of a store', () => {
  test('is not even that it exists before it is named', () => given().thenState({ exists: false }));
  test('is at first how it is called and whom to write to', () =>
    given(named).thenState({
      name: 'Lamps & Co',
      notification_email: 'ops@lamps.test',
      request: null,
      connection: null,
      home: null,
      disconnected: false,
      endpoint: null,
      secrets: [],
      problems: new Map(),
    }));
  test('is its newest name and address', () =>
    given(
      named,
      { type: 'StoreRenamed', data: { name: 'Lamps' } },
      { type: 'NotificationAddressChanged', data: { notification_email: 'it@lamps.test' } },
    ).thenState({ name: 'Lamps', notification_email: 'it@lamps.test' }));
  test('is a fact also before it has a name', () =>
    given(connected).thenState({
      exists: true,
      name: '',
      notification_email: '',
      connection: lamps,
      secrets: [],
      disconnected: false,
    }));
  test('is the round that is under way, and which round ended in the connection', () => {
    given(named, requested).thenState({ request, completed: null });
    given(named, requested, connectedByOauth).thenState({ request: null, completed: 'hash-1' });
    given(named, requested, connected).thenState({ request: null, completed: null });
    given(named, connectedByOauth).thenState({ completed: null });
  });
  test('is what ails it', () =>
    given(named, connected, raised('key_revoked'), raised('account_gone'), cleared('key_revoked')).thenState({
      problems: new Map([['account_gone', 'It broke.'] as const]),
    }));
  test('is nothing of the connection once it ended, but where its payments live', () =>
    given(named, connected, registered, ended).thenState({
      connection: null,
      completed: null,
      disconnected: true,
      endpoint: null,
      secrets: [],
      home: { account: 'acct_lamps', livemode: false },
    }));
  test('is that it is connected again', () =>
    given(named, connected, ended, connected).thenState({ connection: lamps, disconnected: false }));
});

describe('a store that lives in one mode', () => {
  const live = { ...lamps, livemode: true };
  test.each([
    ['test', lamps, live],
    ['live', live, lamps],
  ])('stays in %s mode, and says at which door it was asked to change', (mode, first, other) => {
    const detail = `This store is in ${mode} mode and stays in it.`;
    const connectedFirst: StoreEvent = { type: 'StoreConnected', data: first };
    given(named, connectedFirst)
      .when(revise({ connection: other }))
      .refused('mode_mismatch', { param: '/stripe_secret_key' }, detail);
    given(named, connectedFirst, ended, requested)
      .when({ ...complete, connection: other })
      .refused('mode_mismatch', { param: '/code' }, detail);
  });
});

describe('a connection that is mended', () => {
  const mends = ['account_gone', 'key_revoked', 'permission_missing'] as const;
  const hears = ['webhook_secret_wrong', 'webhook_endpoint_refused'] as const;
  const ailing = [...mends, ...hears].map(
    (kind): StoreEvent => ({ type: 'IntegrationErrorRaised', data: { kind, detail: 'It broke.' } }),
  );
  const mended = (kinds: readonly (typeof mends | typeof hears)[number][]) =>
    kinds.map((kind): StoreEvent => ({ type: 'IntegrationErrorCleared', data: { kind } }));

  test('by a new key may be used again, and hears no better', () =>
    given(named, connected, ...ailing)
      .when(revise({ connection: lamps }))
      .then(connected, ...mended(mends)));
  test('by a new secret hears again, and may be used no more than before', () =>
    given(named, connected, ...ailing)
      .when(revise({ webhook_secret: { ref: 'store_1/whsec/2', earlier_until: tomorrow } }))
      .then(
        { type: 'WebhookSecretAdded', data: { secret_ref: 'store_1/whsec/2', earlier_until: tomorrow } },
        ...mended(hears),
      ));
});

describe('a secret', () => {
  test('that was replaced counts as long as was said when it was, however many come after it', () =>
    given(
      named,
      connected,
      registered,
      { type: 'WebhookSecretAdded', data: { secret_ref: 'store_1/whsec/2', earlier_until: tomorrow } },
      { type: 'WebhookSecretAdded', data: { secret_ref: 'store_1/whsec/3', earlier_until: inTenMinutes } },
    ).thenState({
      secrets: [
        { ref: 'store_1/whsec/1', until: tomorrow },
        { ref: 'store_1/whsec/2', until: inTenMinutes },
        { ref: 'store_1/whsec/3', until: null },
      ],
    }));
});

test('a store does nothing that nobody has heard of', () => stopsAtTheUnheardOf(storeDecider, named));
