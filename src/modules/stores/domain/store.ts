import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Decider } from '../../../shared/domain/decider.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { Connection, IntegrationProblem, StoreEvent } from './store.events.js';
import {
  type ConnectionRequest,
  type ExistingStore,
  evolve,
  isCompleted,
  isOpen,
  type Store,
} from './store.state.js';

/** What may change together, in one append. */
export type StoreChanges = Readonly<{
  name?: string;
  notification_email?: string;
  connection?: Connection;
  /** Taken up only where the store is not connected and no earlier request is still open at `at`. */
  request?: ConnectionRequest & Readonly<{ at: string }>;
  webhook_secret?: Readonly<{ ref: string; earlier_until: string }>;
}>;

export type StoreCommand =
  | { type: 'OpenStore'; name: string; notification_email: string; changes: StoreChanges }
  | { type: 'ReviseStore'; changes: StoreChanges }
  /** The end of an OAuth round: single use, and only in time. */
  | { type: 'CompleteConnection'; connection: Connection; state_hash: string; at: string }
  /** `replaces` is the endpoint this decision was made about: where another came first, nothing follows. */
  | {
      type: 'RegisterEndpoint';
      endpoint: string;
      url: string;
      secret_ref: string;
      earlier_until: string;
      replaces: string | null;
    }
  | { type: 'RaiseError'; kind: IntegrationProblem; detail: string }
  | { type: 'ClearErrors'; kinds: readonly IntegrationProblem[] }
  | { type: 'Disconnect' }
  /** The merchant took our permission back at Stripe. */
  | { type: 'RecordDeauthorization'; detail: string };

/** @throws Refusal */
function decide(command: StoreCommand, store: Store): readonly StoreEvent[] {
  if (command.type === 'OpenStore') {
    if (store.exists) return [];
    const { name, notification_email } = command;
    const named: StoreEvent = { type: 'StoreNamed', data: { name, notification_email } };
    return [named, ...revise(existing(evolve(store, named)), command.changes)];
  }
  return decideExisting(command, existing(store));
}

function decideExisting(
  command: Exclude<StoreCommand, { type: 'OpenStore' }>,
  store: ExistingStore,
): readonly StoreEvent[] {
  switch (command.type) {
    case 'ReviseStore':
      return revise(store, command.changes);
    case 'CompleteConnection':
      if (isCompleted(store, command.state_hash)) return [];
      checkState(store, command.state_hash, command.at);
      return connect(store, command.connection, '/code');
    case 'RegisterEndpoint': {
      const { endpoint, url, secret_ref, earlier_until, replaces } = command;
      if (!store.connection || (store.endpoint?.id ?? null) !== replaces) return [];
      const registered = {
        type: 'WebhookEndpointRegistered',
        data: { endpoint, url, secret_ref, earlier_until },
      } as const;
      return [registered, ...heardAgain(store)];
    }
    case 'RaiseError':
      return raise(store, command.kind, command.detail);
    case 'ClearErrors':
      return command.kinds.flatMap((kind) => cleared(store, kind));
    case 'Disconnect':
      return end(store);
    case 'RecordDeauthorization':
      return lose(store, command.detail);
    default:
      return assertNever(command);
  }
}

function revise(store: ExistingStore, changes: StoreChanges): readonly StoreEvent[] {
  const { name, notification_email, connection, request, webhook_secret } = changes;
  const events: StoreEvent[] = [];
  if (name !== undefined && name !== store.name) events.push({ type: 'StoreRenamed', data: { name } });
  if (notification_email !== undefined && notification_email !== store.notification_email) {
    events.push({ type: 'NotificationAddressChanged', data: { notification_email } });
  }
  if (connection) events.push(...connect(store, connection, '/stripe_secret_key'));
  else if (request && !store.connection && !isOpen(store.request, request.at)) {
    const { at: _, ...data } = request;
    events.push({ type: 'ConnectionRequested', data });
  }
  if (webhook_secret) {
    const { ref, earlier_until } = webhook_secret;
    events.push({ type: 'WebhookSecretAdded', data: { secret_ref: ref, earlier_until } });
    events.push(...heardAgain(store));
  }
  return events;
}

function connect(store: ExistingStore, connection: Connection, param: string): readonly StoreEvent[] {
  const { home } = store;
  if (home && home.livemode !== connection.livemode) {
    const mode = home.livemode ? 'live' : 'test';
    throw new Refusal('mode_mismatch', `This store is in ${mode} mode and stays in it.`, { param });
  }
  if (home && home.account !== connection.account) {
    throw new Refusal(
      'validation_failed',
      `This store's payments live in ${home.account}. Connect another account as another store.`,
      { param, account: home.account },
    );
  }
  const mended = (['account_gone', 'key_revoked', 'permission_missing'] as const).flatMap((kind) =>
    cleared(store, kind),
  );
  return [{ type: 'StoreConnected', data: connection }, ...mended];
}

/** What a new secret mends, whoever brought it. */
function heardAgain(store: ExistingStore): readonly StoreEvent[] {
  return [...cleared(store, 'webhook_secret_wrong'), ...cleared(store, 'webhook_endpoint_refused')];
}

/** A repeated problem is no news, whatever its words. */
function raise(store: ExistingStore, kind: IntegrationProblem, detail: string): readonly StoreEvent[] {
  if (store.problems.has(kind) || !store.connection) return [];
  return [{ type: 'IntegrationErrorRaised', data: { kind, detail } }];
}

/** What ailed the connection ends with it. */
function end(store: ExistingStore): readonly StoreEvent[] {
  if (store.disconnected) return [];
  const over = [...store.problems.keys()].flatMap((kind) => cleared(store, kind));
  return [...over, { type: 'StoreDisconnected', data: { why: 'requested' } }];
}

/** Stays as a problem, since somebody has to connect the store again. */
function lose(store: ExistingStore, detail: string): readonly StoreEvent[] {
  if (store.connection?.method !== 'oauth') return [];
  const others = [...store.problems.keys()].filter((kind) => kind !== 'account_gone');
  return [
    ...others.flatMap((kind) => cleared(store, kind)),
    ...raise(store, 'account_gone', detail),
    { type: 'StoreDisconnected', data: { why: 'deauthorized' } },
  ];
}

function cleared(store: ExistingStore, kind: IntegrationProblem): readonly StoreEvent[] {
  return store.problems.has(kind) ? [{ type: 'IntegrationErrorCleared', data: { kind } }] : [];
}

/** @throws Refusal where the state was never given out, was used, or came too late. */
export function checkState(store: ExistingStore, stateHash: string, at: string): void {
  if (store.request?.state_hash === stateHash && isOpen(store.request, at)) return;
  throw new Refusal('validation_failed', 'This connection link was used already or has expired.', {
    param: '/state',
  });
}

/** @throws Refusal `not_found` */
export function existing(store: Store): ExistingStore {
  if (!store.exists) throw new Refusal('not_found', 'There is no such store.');
  return store;
}

export const storeDecider: Decider<StoreCommand, Store, StoreEvent> = {
  initial: { exists: false },
  decide,
  evolve,
};
