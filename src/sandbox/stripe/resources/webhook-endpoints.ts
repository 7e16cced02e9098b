import { z } from 'zod';
import { apiVersion } from '../api/caller.js';
import { invalid, missing } from '../api/errors.js';
import { page } from '../api/page.js';
import { flag, metadata, orUnset, paging, text, url } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';
import type { Row } from '../engine/table.js';
import type { World } from '../engine/world.js';
import { mergeMetadata } from '../objects/shared.js';
import type { EndpointNote, WebhookEndpoint } from '../objects/webhook-endpoint.js';
import { isEventType } from '../webhooks/event-types.js';

const enabledEvents = z
  .array(text)
  .min(1)
  .refine((types) => types.every((type) => type === '*' || isEventType(type)), { error: 'enabled_events' });
const Create = z.strictObject({
  enabled_events: enabledEvents,
  url,
  api_version: text.optional(),
  connect: flag.optional(),
  description: orUnset(text).optional(),
  metadata: metadata.optional(),
});
const Update = z.strictObject({
  enabled_events: enabledEvents.optional(),
  url: url.optional(),
  description: orUnset(text).optional(),
  disabled: flag.optional(),
  metadata: metadata.optional(),
});

/** The secret is told here and never again. */
function create({ world, account, caller, params }: Call<z.infer<typeof Create>>): object {
  const { api_version = apiVersion, connect = false, description = null } = params;
  if (api_version !== apiVersion) {
    throw invalid(
      `Invalid Stripe API version: ${api_version}. This sandbox speaks ${apiVersion} only.`,
      'api_version',
    );
  }
  if (connect && account.note.clientId === null) {
    throw invalid('Only platforms have connected accounts to hear of.', 'connect');
  }
  const { ids, clock, books } = world;
  const id = ids.next('webhook_endpoint');
  const endpoint: WebhookEndpoint = {
    id,
    object: 'webhook_endpoint',
    api_version,
    application: caller.platform ?? (connect ? account.note.clientId : null),
    created: clock.seconds,
    description,
    enabled_events: params.enabled_events,
    livemode: false,
    metadata: mergeMetadata({}, params.metadata),
    status: 'enabled',
    url: params.url,
  };
  const secret = ids.next('webhook_secret');
  books.endpoints.add(account.id, id, endpoint, { secret, connect, previousSecret: null, previousUntil: 0 });
  return { ...endpoint, secret };
}

function update({ world, account, params, id }: Call<z.infer<typeof Update>>): WebhookEndpoint {
  const row = endpointOf(world, account.id, id);
  const { disabled, description, enabled_events } = params;
  const after: WebhookEndpoint = {
    ...row.object,
    ...(enabled_events !== undefined && { enabled_events }),
    ...(params.url !== undefined && { url: params.url }),
    ...(description !== undefined && { description }),
    ...(disabled !== undefined && { status: disabled ? ('disabled' as const) : ('enabled' as const) }),
    metadata: mergeMetadata(row.object.metadata, params.metadata),
  };
  return world.books.endpoints.replace(row, after).object;
}

/** @throws ApiError 404 */
function endpointOf(world: World, account: string, id: string): Row<WebhookEndpoint, EndpointNote> {
  const found = world.books.endpoints.get(account, id);
  if (!found) throw missing('webhook endpoint', id);
  return found;
}

const base = '/v1/webhook_endpoints';

export const webhookEndpointRoutes = [
  route('POST', base, Create, create),
  route('GET', base, z.strictObject(paging), ({ world, account, params }) =>
    page(
      { table: world.books.endpoints, account: account.id, url: base, noun: 'webhook_endpoint' },
      params,
      () => true,
    ),
  ),
  route('GET', `${base}/:id`, nothing, ({ world, account, id }) => endpointOf(world, account.id, id).object),
  route('POST', `${base}/:id`, Update, update),
  route('DELETE', `${base}/:id`, nothing, ({ world, account, id }) => {
    endpointOf(world, account.id, id);
    world.books.endpoints.remove(id);
    return { id, object: 'webhook_endpoint', deleted: true };
  }),
];
