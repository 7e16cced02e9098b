import { z } from 'zod';
import type { EventCodec } from '../../../../shared/application/event-catalog.js';
import type { StoreEvent } from '../../domain/store.events.js';

type DataOf<T extends StoreEvent['type']> = Extract<StoreEvent, { type: T }>['data'];

const text = z.string();
/** RFC 3339 UTC. */
const moment = z.iso.datetime();
const kind = z.enum([
  'account_gone',
  'key_revoked',
  'permission_missing',
  'stripe_unreachable',
  'webhook_endpoint_refused',
  'webhook_secret_wrong',
]);

/** The stored shape of an event at its newest version. */
function stored<T extends StoreEvent['type']>(schema: z.ZodType<DataOf<T>>) {
  return { version: 1, parse: (data: unknown): DataOf<T> => schema.parse(data) };
}

/** What is written to the log and read from it. Stored shapes never change: a new one is a new version and an upcast. */
export const storeCodec: EventCodec<StoreEvent> = {
  StoreNamed: stored<'StoreNamed'>(z.object({ name: text, notification_email: text })),
  StoreRenamed: stored<'StoreRenamed'>(z.object({ name: text })),
  NotificationAddressChanged: stored<'NotificationAddressChanged'>(z.object({ notification_email: text })),
  ConnectionRequested: stored<'ConnectionRequested'>(
    z.object({ request: text, state_hash: text, expires_at: moment }),
  ),
  StoreConnected: stored<'StoreConnected'>(
    z.object({
      account: text,
      country: text,
      default_currency: text,
      livemode: z.boolean(),
      method: z.enum(['key', 'oauth']),
      secret_ref: text.nullable(),
    }),
  ),
  WebhookEndpointRegistered: stored<'WebhookEndpointRegistered'>(
    z.object({ endpoint: text, url: text, secret_ref: text, earlier_until: moment }),
  ),
  WebhookSecretAdded: stored<'WebhookSecretAdded'>(z.object({ secret_ref: text, earlier_until: moment })),
  IntegrationErrorRaised: stored<'IntegrationErrorRaised'>(z.object({ kind, detail: text })),
  IntegrationErrorCleared: stored<'IntegrationErrorCleared'>(z.object({ kind })),
  StoreDisconnected: stored<'StoreDisconnected'>(z.object({ why: z.enum(['requested', 'deauthorized']) })),
};
