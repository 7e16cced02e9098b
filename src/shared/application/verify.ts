import {
  type EventStore,
  LogDamaged,
  type Position,
  type RecordedEvent,
  START,
} from './ports/event-store.port.js';

const BATCH = 1_000;

export type Verified = Readonly<{ events: number; streams: number; position: Position }>;

/** The first event that is not what was written. */
export type Broken = Readonly<{ stream: string; revision: number; reason: string; after: Position }>;

export type Verdict =
  | Readonly<{ intact: true } & Verified>
  | Readonly<{ intact: false } & Verified & { broken: Broken }>;

/** The hash that an event must have after the one before it in its stream, `undefined` for the first. */
export type HashOf = (event: RecordedEvent, previous: string | undefined) => string;

type End = Readonly<{ revision: number; hash: string }>;

/**
 * Reads the whole log and computes every hash again. Every stream must be dense and chained from its first event,
 * and must read the same by itself as it stands in the log. What is written meanwhile is left to the next time.
 */
export async function verifyLog(store: EventStore, hashOf: HashOf): Promise<Verdict> {
  const ends = new Map<string, End>();
  let events = 0;
  let position: Position = START;
  try {
    for (let batch = await store.readAll(START, BATCH); batch.length > 0; ) {
      for (const event of batch) {
        ends.set(event.stream, follow(event, ends.get(event.stream), hashOf));
        position = event.position;
        events++;
      }
      batch = await store.readAll(position, BATCH);
    }
    for (const [stream, end] of ends) await sameByItself(store, stream, end, position);
  } catch (error) {
    if (!(error instanceof LogDamaged)) throw error;
    const { stream, revision, message: reason } = error;
    const broken = { stream, revision, reason, after: position };
    return { intact: false, events, streams: ends.size, position, broken };
  }
  return { intact: true, events, streams: ends.size, position };
}

function follow(event: RecordedEvent, before: End | undefined, hashOf: HashOf): End {
  const { stream, revision, hash } = event;
  const next = before ? before.revision + 1 : 0;
  if (revision !== next) throw new LogDamaged(stream, next, `revision ${revision} stands in its place`);
  if (hash !== hashOf(event, before?.hash)) {
    throw new LogDamaged(stream, revision, 'it does not follow from the event before');
  }
  return { revision, hash };
}

async function sameByItself(store: EventStore, stream: string, end: End, seen: Position): Promise<void> {
  const events = (await store.read(stream)).filter(({ position }) => position <= seen);
  if (events.length !== end.revision + 1 || events.at(-1)?.hash !== end.hash) {
    throw new LogDamaged(stream, events.length, 'the stream by itself ends otherwise than in the log');
  }
}
