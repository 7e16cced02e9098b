import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Connection, IntegrationProblem, StoreEvent } from './store.events.js';

export type ConnectionRequest = Readonly<{ request: string; state_hash: string; expires_at: string }>;
/** `until` is `null` for the secret in use. */
export type WebhookSecret = Readonly<{ ref: string; until: string | null }>;

/** A named connection to one Stripe account. */
export type ExistingStore = Readonly<{
  exists: true;
  name: string;
  notification_email: string;
  /** The OAuth round that is under way. */
  request: ConnectionRequest | null;
  /** The OAuth round that ended in the present connection. */
  completed: string | null;
  connection: Connection | null;
  /** The account this store has ever been connected to: its payments live there, so it never becomes another. */
  home: Readonly<{ account: string; livemode: boolean }> | null;
  disconnected: boolean;
  endpoint: Readonly<{ id: string; url: string }> | null;
  secrets: readonly WebhookSecret[];
  problems: ReadonlyMap<IntegrationProblem, string>;
}>;
export type Store = Readonly<{ exists: false }> | ExistingStore;

export type StoreStatus = 'named' | 'connecting' | 'connected' | 'degraded' | 'disconnected';

/** `connecting`: the account is known, but Stripe has no way yet to tell us what happens there. */
export function statusOf(store: ExistingStore): StoreStatus {
  if (store.disconnected) return 'disconnected';
  if (!store.connection) return 'named';
  if (store.problems.size > 0) return 'degraded';
  return store.secrets.length > 0 ? 'connected' : 'connecting';
}

/** Whether there is a connection, healthy or not. */
export function isConnected(status: StoreStatus): boolean {
  return status === 'connecting' || status === 'connected' || status === 'degraded';
}

/** Whether this OAuth round has already ended in the present connection: a page that was reloaded. */
export function isCompleted(store: ExistingStore, stateHash: string): boolean {
  return store.completed === stateHash;
}

/** Whether a connection request can still be followed. */
export function isOpen(request: ConnectionRequest | null, at: string): boolean {
  return request !== null && at < request.expires_at;
}

/** Folds any recorded event. */
export function evolve(store: Store, event: StoreEvent): Store {
  if (event.type === 'StoreNamed') return { ...nothingYet, ...event.data };
  // Facts are never refused: an event before the first would be folded onto an unnamed store.
  return evolveExisting(store.exists ? store : nothingYet, event);
}

const nothingYet: ExistingStore = {
  exists: true,
  name: '',
  notification_email: '',
  request: null,
  completed: null,
  connection: null,
  home: null,
  disconnected: false,
  endpoint: null,
  secrets: [],
  problems: new Map(),
};

function evolveExisting(
  store: ExistingStore,
  event: Exclude<StoreEvent, { type: 'StoreNamed' }>,
): ExistingStore {
  const { type, data } = event;
  switch (type) {
    case 'StoreRenamed':
    case 'NotificationAddressChanged':
      return { ...store, ...data };
    case 'ConnectionRequested':
      return { ...store, request: data };
    case 'StoreConnected': {
      const { account, livemode, method } = data;
      const completed = method === 'oauth' ? (store.request?.state_hash ?? null) : null;
      const home = { account, livemode };
      return { ...store, connection: data, home, completed, request: null, disconnected: false };
    }
    case 'WebhookEndpointRegistered':
      return {
        ...store,
        endpoint: { id: data.endpoint, url: data.url },
        secrets: withSecret(store.secrets, data.secret_ref, data.earlier_until),
      };
    case 'WebhookSecretAdded':
      return { ...store, secrets: withSecret(store.secrets, data.secret_ref, data.earlier_until) };
    case 'IntegrationErrorRaised':
      return { ...store, problems: new Map(store.problems).set(data.kind, data.detail) };
    case 'IntegrationErrorCleared':
      return { ...store, problems: new Map([...store.problems].filter(([kind]) => kind !== data.kind)) };
    case 'StoreDisconnected':
      return { ...store, connection: null, completed: null, disconnected: true, endpoint: null, secrets: [] };
    default:
      return assertNever(type);
  }
}

function withSecret(
  secrets: readonly WebhookSecret[],
  ref: string,
  earlierUntil: string,
): readonly WebhookSecret[] {
  const earlier = secrets.map((secret) => ({ ...secret, until: secret.until ?? earlierUntil }));
  return [...earlier, { ref, until: null }];
}
