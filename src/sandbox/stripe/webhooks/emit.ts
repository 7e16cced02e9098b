import { apiVersion } from '../api/caller.js';
import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import type { EndpointNote, WebhookEndpoint } from '../objects/webhook-endpoint.js';

type Endpoint = Row<WebhookEndpoint, EndpointNote>;

/**
 * Something happened to `object`. The event and its way to every endpoint that asked for it are part of the
 * same commit, so that no crash can lose them.
 */
export function emit(world: World, cause: Cause, type: string, object: object, previous?: object): void {
  tell(world, cause, type, object, previous, endpointsOf(world, cause.account));
}

/** The same, but for one application only: on its Connect endpoints, and on those it made at the account. */
export function emitToApplication(
  world: World,
  cause: Cause,
  type: string,
  object: object,
  clientId: string,
): void {
  const { books } = world;
  const own = [...books.endpoints.walk(cause.account, undefined, 1)].filter(
    ({ object: { application } }) => application === clientId,
  );
  tell(world, cause, type, object, undefined, [...own, ...connectEndpoints(world, clientId)]);
}

function tell(
  world: World,
  cause: Cause,
  type: string,
  object: object,
  previous: object | undefined,
  endpoints: readonly Endpoint[],
): void {
  const { books, ids, clock } = world;
  const id = ids.next('event');
  const hearing = endpoints.filter(({ object: endpoint }) => hears(endpoint, type));
  const request = { id: cause.requestId, idempotency_key: cause.idempotencyKey };
  const data = previous ? { object, previous_attributes: previous } : { object };
  const event = {
    id,
    object: 'event' as const,
    api_version: apiVersion,
    created: clock.seconds,
    data,
    livemode: false as const,
    pending_webhooks: hearing.length,
    request,
    type,
  };
  books.events.add(cause.account, id, event, { undelivered: hearing.length });
  for (const endpoint of hearing) deliver(world, cause.account, id, type, endpoint);
}

function deliver(
  { books, ids, clock, dispatcher }: World,
  account: string,
  event: string,
  type: string,
  to: Endpoint,
) {
  const id = ids.next('delivery');
  const { now } = clock;
  books.deliveries.add(
    account,
    id,
    {
      id,
      event,
      type,
      endpoint: to.id,
      url: to.object.url,
      state: 'pending',
      attempts: 0,
      nextAt: now,
      lastStatus: null,
      lastError: null,
    },
    null,
  );
  dispatcher.queue(id, now);
}

function endpointsOf(world: World, account: string): Endpoint[] {
  const { books } = world;
  const found = [...books.endpoints.walk(account, undefined, 1)].filter(({ note }) => !note.connect);
  for (const { object: connection } of books.connections.walk(account, undefined, 1)) {
    found.push(...connectEndpoints(world, connection.clientId));
  }
  return found;
}

function connectEndpoints({ books }: World, clientId: string): Endpoint[] {
  const platforms = [...books.accounts.all()].filter(({ note }) => note.clientId === clientId);
  return platforms.flatMap(({ id }) =>
    [...books.endpoints.walk(id, undefined, 1)].filter(({ note }) => note.connect),
  );
}

function hears({ status, enabled_events }: WebhookEndpoint, type: string): boolean {
  return status === 'enabled' && (enabled_events.includes('*') || enabled_events.includes(type));
}
