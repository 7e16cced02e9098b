import { rememberedForMs } from '../api/idempotency.js';
import { eventLifeMs } from '../resources/events.js';
import type { World } from './world.js';

const everyMs = 3_600_000;

/** Stripe forgets keys after a day and events after thirty. The job plans its own next run. */
export function forgetOld(world: World): void {
  const { books, clock } = world;
  const keysFrom = clock.now - rememberedForMs;
  for (const { id, object } of [...books.remembered.all()]) {
    if (object.at <= keysFrom) books.remembered.remove(id);
  }
  const eventsFrom = (clock.now - eventLifeMs) / 1000;
  for (const { id, object } of [...books.events.all()]) {
    if (object.created > eventsFrom) break; // oldest first
    books.events.remove(id);
  }
  for (const { id, object } of [...books.deliveries.all()]) {
    if (books.events.find(object.event)) break;
    books.deliveries.remove(id);
  }
  planForgetting(world);
}

export function planForgetting({ books, clock, jobs }: World): void {
  const planned = [...books.jobs.all()].some(({ object }) => object.kind === 'forget_old');
  if (!planned) jobs.schedule('forget_old', '', '', clock.now + everyMs);
}
