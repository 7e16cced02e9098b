import type { Connection, StoreEvent } from '../../src/modules/stores/domain/store.events.js';
import type { StoreCommand } from '../../src/modules/stores/domain/store.js';

export const at = '2026-11-23T10:00:00.000Z';
export const inTenMinutes = '2026-11-23T10:10:00.000Z';
export const tomorrow = '2026-11-24T10:00:00.000Z';

export const lamps: Connection = {
  account: 'acct_lamps',
  country: 'GB',
  default_currency: 'gbp',
  livemode: false,
  method: 'key',
  secret_ref: 'store_1/stripe_key/1',
};
export const byOauth: Connection = { ...lamps, method: 'oauth', secret_ref: null };
export const request = { request: 'r1', state_hash: 'hash-1', expires_at: inTenMinutes };

/** A store that was only named. */
export const named: StoreEvent = {
  type: 'StoreNamed',
  data: { name: 'Lamps & Co', notification_email: 'ops@lamps.test' },
};
export const requested: StoreEvent = { type: 'ConnectionRequested', data: request };
export const connected: StoreEvent = { type: 'StoreConnected', data: lamps };
export const connectedByOauth: StoreEvent = { type: 'StoreConnected', data: byOauth };
export const registered: StoreEvent = {
  type: 'WebhookEndpointRegistered',
  data: { endpoint: 'we_1', url: 'http://a/1', secret_ref: 'store_1/whsec/1', earlier_until: tomorrow },
};
export const raised = (kind: 'key_revoked' | 'account_gone' | 'webhook_secret_wrong'): StoreEvent => ({
  type: 'IntegrationErrorRaised',
  data: { kind, detail: 'It broke.' },
});
export const cleared = (kind: 'key_revoked' | 'account_gone' | 'webhook_secret_wrong'): StoreEvent => ({
  type: 'IntegrationErrorCleared',
  data: { kind },
});

export const ended: StoreEvent = { type: 'StoreDisconnected', data: { why: 'requested' } };

type Revise = Extract<StoreCommand, { type: 'ReviseStore' }>;
export const revise = (changes: Revise['changes']): StoreCommand => ({ type: 'ReviseStore', changes });

export const complete: Extract<StoreCommand, { type: 'CompleteConnection' }> = {
  type: 'CompleteConnection',
  connection: byOauth,
  state_hash: 'hash-1',
  at,
};
