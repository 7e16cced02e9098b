import type { Metadata } from './ports/event-store.port.js';

export type Actor = Readonly<{
  kind: 'api_key' | 'person' | 'customer' | 'stripe' | 'system';
  id: string;
  name?: string;
}>;

/** Who asks, why, and on whose behalf: written beside every event that follows. */
export type Context = Readonly<{
  actor: Actor;
  /** One per request or webhook; joins all that came of it. */
  correlationId: string;
  /** The event or command that led to this. */
  causationId?: string;
  origin: 'api' | 'page' | 'webhook' | 'sweep' | 'policy' | 'boot';
  reason?: string;
  store?: string;
  /** The order whose history this belongs to. */
  order?: string;
}>;

export function toMetadata(context: Context, at: Date): Metadata {
  const { actor } = context;
  const entries = {
    occurred_at: at.toISOString(),
    $correlationId: context.correlationId,
    $causationId: context.causationId,
    actor_kind: actor.kind,
    actor_id: actor.id,
    actor_name: actor.name,
    origin: context.origin,
    reason: context.reason,
    store: context.store,
    order: context.order,
  };
  return Object.fromEntries(Object.entries(entries).filter((e): e is [string, string] => e[1] !== undefined));
}

/** What we do of our own accord: a sweep, a restart. */
export function onOurOwn(origin: 'sweep' | 'boot', correlationId: string): Context {
  return { actor: { kind: 'system', id: 'quittance' }, correlationId, origin };
}

/** What follows from a recorded event: the same story, with that event as its cause. */
export function following(
  event: Readonly<{ id: string; metadata: Metadata }>,
  origin: Context['origin'] = 'policy',
): Context {
  const { $correlationId, store, order } = event.metadata;
  return {
    actor: { kind: 'system', id: 'quittance' },
    correlationId: $correlationId ?? event.id,
    causationId: event.id,
    origin,
    ...(store && { store }),
    ...(order && { order }),
  };
}
