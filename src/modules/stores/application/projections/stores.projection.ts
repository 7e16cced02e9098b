import type { Projection, Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { IntegrationProblem, StoreEvent } from '../../domain/store.events.js';
import type { StoreStatus } from '../../domain/store.state.js';
import { problemTexts } from '../problem-texts.js';
import { storeIdOf } from '../store-aggregate.js';

/** A store as clients see it. */
export type StoreResource = {
  readonly id: StoreId;
  readonly object: 'store';
  readonly name: string;
  readonly notification_email: string;
  readonly livemode: boolean;
  readonly status: StoreStatus;
  readonly stripe_account: Readonly<{ id: string; country: string; default_currency: string }> | null;
  readonly webhook_endpoint: Readonly<{ id: string; url: string; status: 'enabled' }> | null;
  readonly connect_url: string | null;
  readonly problems: readonly Readonly<{
    code: IntegrationProblem;
    since: string;
    detail: string;
    action: string;
  }>[];
  readonly created_at: string;
  readonly revision: number;
  readonly metadata: Readonly<Record<string, string>>;
};

/** The resource, and what its `connect_url` is made from when it is read. The URL itself would be a secret at rest. */
export type StoreRow = Omit<StoreResource, 'connect_url'> & {
  readonly request: Readonly<{ request: string; expires_at: string }> | null;
  readonly connection: 'none' | 'up' | 'over';
  readonly hears: boolean;
};

/** Every store with its connection and what ails it. */
export const stores: Projection<StoreEvent, StoreRow> = {
  name: 'stores',
  version: 1,
  indexes: ['id', 'status', 'livemode'],
  reads: [
    'StoreNamed',
    'StoreRenamed',
    'NotificationAddressChanged',
    'ConnectionRequested',
    'StoreConnected',
    'WebhookEndpointRegistered',
    'WebhookSecretAdded',
    'IntegrationErrorRaised',
    'IntegrationErrorCleared',
    'StoreDisconnected',
  ],
  keys: (event) => [storeIdOf(event.stream)],
  project: (row, event) => {
    const changed = { ...(row ?? blank(event)), ...change(row ?? blank(event), event) };
    return { ...changed, status: statusOf(changed), revision: event.revision + 1 };
  },
};

function change(row: StoreRow, event: Told<StoreEvent>): Partial<StoreRow> {
  const { type, data } = event;
  switch (type) {
    case 'StoreNamed':
    case 'StoreRenamed':
    case 'NotificationAddressChanged':
      return data;
    case 'ConnectionRequested':
      return { request: { request: data.request, expires_at: data.expires_at } };
    case 'StoreConnected': {
      const { account, country, default_currency, livemode } = data;
      const stripe_account = { id: account, country, default_currency };
      return { stripe_account, livemode, request: null, connection: 'up' };
    }
    case 'WebhookEndpointRegistered':
      return { hears: true, webhook_endpoint: { id: data.endpoint, url: data.url, status: 'enabled' } };
    case 'WebhookSecretAdded':
      return { hears: true };
    case 'IntegrationErrorRaised': {
      const { kind, detail } = data;
      const problem = { code: kind, since: event.at, detail, action: problemTexts[kind].action };
      return { problems: [...without(row, kind), problem] };
    }
    case 'IntegrationErrorCleared':
      return { problems: without(row, data.kind) };
    case 'StoreDisconnected':
      return { connection: 'over', hears: false, webhook_endpoint: null };
    default:
      return assertNever(type);
  }
}

function without(row: StoreRow, kind: IntegrationProblem): StoreRow['problems'] {
  return row.problems.filter(({ code }) => code !== kind);
}

function statusOf({ connection, problems, hears }: StoreRow): StoreStatus {
  if (connection === 'over') return 'disconnected';
  if (connection === 'none') return 'named';
  if (problems.length > 0) return 'degraded';
  return hears ? 'connected' : 'connecting';
}

function blank({ stream, at }: Told<StoreEvent>): StoreRow {
  return {
    id: storeIdOf(stream),
    object: 'store',
    name: '',
    notification_email: '',
    livemode: false,
    status: 'named',
    stripe_account: null,
    webhook_endpoint: null,
    problems: [],
    created_at: at,
    revision: 0,
    metadata: {},
    request: null,
    connection: 'none',
    hears: false,
  };
}
