import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import { type RouteWishes, wishesOf } from './edge-hooks.js';
import type { Metrics } from './metrics.js';

/**
 * How many calls of a kind are worked on at the same time. Each kind has its own room, so that a flood of one, or
 * a Stripe that hangs, takes nothing from the others. What waits for the log is bounded by the same numbers.
 * `stripe` is the most that Stripe itself takes at once. Webhooks have the most room, since Stripe may come back
 * only hours later.
 */
export const ROOM = {
  read: 64,
  write: 64,
  stripe: 64,
  page: 64,
  webhook: 256,
} as const;

export type Lane = keyof typeof ROOM;

/** `undefined`: always let in. Health, measurements and documents cost little, and tell that the server is busy. */
export function laneOf(method: string, path: string, { rawBody, asksStripe }: RouteWishes): Lane | undefined {
  if (rawBody) return 'webhook';
  if (path.startsWith('/pay/')) return 'page';
  if (!path.startsWith('/v1/')) return undefined;
  if (asksStripe) return 'stripe';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'write';
}

/**
 * Load shedding: a call that finds no room is refused before it is looked at any further, so that nothing of it
 * was begun and it can be repeated as if it were new. It has its place from the moment its body is here, since a
 * slow sender must not keep others out, until its answer is ready: whoever hangs up makes no room.
 */
export function shedLoad(server: FastifyInstance, { underWay, shed }: Metrics): void {
  const busy: Record<Lane, number> = { read: 0, write: 0, stripe: 0, page: 0, webhook: 0 };
  const placed = new WeakMap<FastifyRequest, Lane>();
  for (const lane of Object.keys(ROOM) as Lane[]) {
    underWay.set({ lane }, 0);
    shed.inc({ lane }, 0);
  }
  server.addHook('preValidation', async (request) => {
    const lane = laneOf(request.method, request.routeOptions.url ?? '', wishesOf(request));
    if (!lane) return;
    if (busy[lane] >= ROOM[lane]) {
      shed.inc({ lane });
      throw new Refusal('overloaded', 'Too many calls at the same time. Nothing was begun: repeat this one.');
    }
    placed.set(request, lane);
    underWay.set({ lane }, ++busy[lane]);
  });
  server.addHook('onSend', async (request) => {
    const lane = placed.get(request);
    if (!lane) return;
    placed.delete(request);
    underWay.set({ lane }, --busy[lane]);
  });
}
