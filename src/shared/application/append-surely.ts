import type { Clock } from './ports/clock.port.js';
import {
  type Appended,
  AppendInDoubt,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  RevisionConflict,
} from './ports/event-store.port.js';

/** Waits before asking again whether an append was written, in ms. */
const WAITS = [0, 50, 200, 500, 1_000, 2_000];

/**
 * Appends, and where an answer is lost asks again with the identical call until it is known.
 * `undefined`: another append came first and nothing of ours is in the stream.
 * @throws AppendInDoubt where even asking again gave no answer; EventStoreUnavailable
 */
export async function appendSurely(
  store: EventStore,
  clock: Clock,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<Appended | undefined> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await store.append(stream, expected, events);
    } catch (error) {
      if (error instanceof RevisionConflict) return findOurs(store, stream, expected, events);
      const wait = WAITS[attempt];
      if (!(error instanceof AppendInDoubt) || wait === undefined) throw error;
      await clock.sleep(wait);
    }
  }
}

/** Where an answer was lost, ours may stand in the stream already, with others after it. */
async function findOurs(
  store: EventStore,
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): Promise<Appended | undefined> {
  const stored = await store.read(stream, expected === 'no_stream' ? 0 : expected + 1);
  if (stored[0]?.id !== events[0]?.id) return undefined;
  const last = stored[events.length - 1];
  return last && { revision: last.revision, position: last.position };
}
