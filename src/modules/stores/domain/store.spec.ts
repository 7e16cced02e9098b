import { describe, expect, test } from '@jest/globals';
import {
  at,
  cleared,
  complete,
  connected,
  connectedByOauth,
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
import { specification } from '../../../../test/support/specification.js';
import { fold } from '../../../shared/domain/decider.js';
import type { StoreEvent } from './store.events.js';
import { existing, type StoreCommand, storeDecider } from './store.js';
import { statusOf } from './store.state.js';

const { given } = specification(storeDecider);

const open: Extract<StoreCommand, { type: 'OpenStore' }> = {
  type: 'OpenStore',
  name: 'Lamps & Co',
  notification_email: 'ops@lamps.test',
  changes: {},
};
const raise: StoreCommand = { type: 'RaiseError', kind: 'key_revoked', detail: 'It broke.' };

const status = (...events: StoreEvent[]) => statusOf(existing(fold(storeDecider, events)));

describe('a store', () => {
  test('is named', () => given().when(open).then(named));
  test('is named once, however often the call is repeated', () => given(named).when(open).thenNothing());
  test('is named and connected by a key in one step', () =>
    given()
      .when({ ...open, changes: { connection: lamps } })
      .then(named, connected));
  test('is named with an OAuth round to follow', () =>
    given()
      .when({ ...open, changes: { request: { ...request, at } } })
      .then(named, requested));
  test('that was never named cannot change', () =>
    given()
      .when(revise({ name: 'x' }))
      .refused('not_found'));
  test('is renamed and writes to another address', () =>
    given(named)
      .when(revise({ name: 'Lamps', notification_email: 'it@lamps.test' }))
      .then(
        { type: 'StoreRenamed', data: { name: 'Lamps' } },
        { type: 'NotificationAddressChanged', data: { notification_email: 'it@lamps.test' } },
      ));
  test('that has that name and address already stays as it is', () =>
    given(named)
      .when(revise({ name: 'Lamps & Co', notification_email: 'ops@lamps.test' }))
      .thenNothing());
});

describe('connecting by OAuth', () => {
  test('ends in a connection', () => given(named, requested).when(complete).then(connectedByOauth));
  test('takes a state once: a reloaded page changes nothing', () =>
    given(named, requested, connectedByOauth).when(complete).thenNothing());
  test('takes no other state for the one that it ended with', () =>
    given(named, requested, connectedByOauth)
      .when({ ...complete, state_hash: 'hash-2' })
      .refused('validation_failed', { param: '/state' }));
  test('takes no state after ten minutes', () =>
    given(named, requested)
      .when({ ...complete, at: inTenMinutes })
      .refused('validation_failed', { param: '/state' }));
  test('takes no state that was not given out', () =>
    given(named, requested)
      .when({ ...complete, state_hash: 'other' })
      .refused('validation_failed', { param: '/state' }));
  test('takes no state again after the store was disconnected', () =>
    given(named, requested, connectedByOauth, { type: 'StoreDisconnected', data: { why: 'requested' } })
      .when(complete)
      .refused('validation_failed'));
  test('keeps an open round, and opens another once it is over', () => {
    const next = { request: 'r2', state_hash: 'hash-2', expires_at: tomorrow };
    given(named, requested)
      .when(revise({ request: { ...next, at } }))
      .thenNothing();
    given(named, requested)
      .when(revise({ request: { ...next, at: inTenMinutes } }))
      .then({ type: 'ConnectionRequested', data: next });
  });
  test('is not offered to a connected store', () =>
    given(named, connected)
      .when(revise({ request: { ...request, at } }))
      .thenNothing());
});

describe('a connection', () => {
  test('is renewed with another key of the same account, which mends what the old key broke', () => {
    const renewed = { ...lamps, secret_ref: 'store_1/stripe_key/2' };
    given(named, connected, raised('key_revoked'), raised('webhook_secret_wrong'))
      .when(revise({ connection: renewed }))
      .then({ type: 'StoreConnected', data: renewed }, cleared('key_revoked'));
  });
  test('never moves to another account: payments would be left behind', () =>
    given(named, connected)
      .when(revise({ connection: { ...lamps, account: 'acct_other' } }))
      .refused('validation_failed', { param: '/stripe_secret_key', account: 'acct_lamps' }));
  test('never moves from test to live, not even after it was ended', () =>
    given(named, connected, { type: 'StoreDisconnected', data: { why: 'requested' } })
      .when(revise({ connection: { ...lamps, livemode: true } }))
      .refused('mode_mismatch'));
  test('ends once', () => {
    given(named, connected)
      .when({ type: 'Disconnect' })
      .then({ type: 'StoreDisconnected', data: { why: 'requested' } });
    given(named, connected, { type: 'StoreDisconnected', data: { why: 'requested' } })
      .when({ type: 'Disconnect' })
      .thenNothing();
  });
  test('takes its problems with it when it ends', () =>
    given(named, connected, raised('key_revoked'))
      .when({ type: 'Disconnect' })
      .then(cleared('key_revoked'), { type: 'StoreDisconnected', data: { why: 'requested' } }));
});

describe('the webhook endpoint', () => {
  const register: StoreCommand = {
    type: 'RegisterEndpoint',
    endpoint: 'we_1',
    url: 'http://a/1',
    secret_ref: 'store_1/whsec/1',
    earlier_until: tomorrow,
    replaces: null,
  };
  test('is registered', () => given(named, connected).when(register).then(registered));
  test('mends a wrong secret by bringing its own', () =>
    given(named, connected, raised('webhook_secret_wrong'))
      .when(register)
      .then(registered, cleared('webhook_secret_wrong')));
  test('is left alone where another was registered in the meantime', () =>
    given(named, connected, registered)
      .when({ ...register, endpoint: 'we_2' })
      .thenNothing());
  test('is not registered for a store that was disconnected in the meantime', () =>
    given(named, connected, { type: 'StoreDisconnected', data: { why: 'requested' } })
      .when(register)
      .thenNothing());
  test('replaces its secret, and accepts the earlier one for a day', () =>
    given(named, connected, registered)
      .when({
        ...register,
        endpoint: 'we_2',
        secret_ref: 'store_1/whsec/2',
        replaces: 'we_1',
        earlier_until: '2026-11-25T10:00:00.000Z',
      })
      .thenState({
        endpoint: { id: 'we_2', url: 'http://a/1' },
        secrets: [
          { ref: 'store_1/whsec/1', until: '2026-11-25T10:00:00.000Z' },
          { ref: 'store_1/whsec/2', until: null },
        ],
      }));
  test('may sign with one more secret, which mends a wrong one', () =>
    given(named, connected, registered, raised('webhook_secret_wrong'))
      .when(revise({ webhook_secret: { ref: 'store_1/whsec/2', earlier_until: tomorrow } }))
      .then(
        { type: 'WebhookSecretAdded', data: { secret_ref: 'store_1/whsec/2', earlier_until: tomorrow } },
        cleared('webhook_secret_wrong'),
      ));
});

describe('an integration error', () => {
  test('is raised once', () => {
    given(named, connected).when(raise).then(raised('key_revoked'));
    given(named, connected, raised('key_revoked'))
      .when({ ...raise, detail: 'Broken still.' })
      .thenNothing();
  });
  test('clears, and may come back', () => {
    given(named, connected, raised('key_revoked'))
      .when({ type: 'ClearErrors', kinds: ['account_gone', 'key_revoked'] })
      .then(cleared('key_revoked'));
    given(named, connected, raised('key_revoked'), cleared('key_revoked'))
      .when(raise)
      .then(raised('key_revoked'));
  });
  test('that is not there cannot clear', () =>
    given(named, connected)
      .when({ type: 'ClearErrors', kinds: ['account_gone', 'key_revoked'] })
      .thenNothing());
  test('means nothing for a store without a connection', () => given(named).when(raise).thenNothing());
});

describe('permission taken back at Stripe', () => {
  const deauthorize: StoreCommand = { type: 'RecordDeauthorization', detail: 'It broke.' };
  const lost: StoreEvent = { type: 'StoreDisconnected', data: { why: 'deauthorized' } };
  test('ends the connection and stays as the one problem', () =>
    given(named, requested, connectedByOauth, raised('webhook_secret_wrong'))
      .when(deauthorize)
      .then(cleared('webhook_secret_wrong'), raised('account_gone'), lost));
  test('ends a connection that was known to be broken', () =>
    given(named, requested, connectedByOauth, raised('account_gone')).when(deauthorize).then(lost));
  test('is known already the second time', () =>
    given(named, requested, connectedByOauth, raised('account_gone'), lost).when(deauthorize).thenNothing());
  test('means nothing for a store with a key of its own', () =>
    given(named, connected).when(deauthorize).thenNothing());
  test('is mended by connecting again', () =>
    given(named, requested, connectedByOauth, raised('account_gone'), lost)
      .when(revise({ connection: lamps }))
      .then(connected, cleared('account_gone')));
});

test('the status says how far the connection is', () => {
  expect(status(named)).toBe('named');
  expect(status(named, connected)).toBe('connecting');
  expect(status(named, connected, registered)).toBe('connected');
  expect(status(named, connected, registered, raised('key_revoked'))).toBe('degraded');
  expect(status(named, connected, registered, raised('key_revoked'), cleared('key_revoked'))).toBe(
    'connected',
  );
  expect(status(named, connected, { type: 'StoreDisconnected', data: { why: 'requested' } })).toBe(
    'disconnected',
  );
});
