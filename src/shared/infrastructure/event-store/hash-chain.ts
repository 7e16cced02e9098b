import { hash } from 'node:crypto';
import { canonicalJson } from '../../application/canonical-json.js';
import {
  AppendRefused,
  LARGEST_APPEND,
  LogDamaged,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from '../../application/ports/event-store.port.js';

/** What stands before the first event of every stream. */
export const GENESIS = '0'.repeat(64);
const HASH_VERSION = 1;
/** A bar would blur the parts of what is hashed. */
const NAME = /^[^|\s\p{C}]{1,300}$/u;

/** An event as the exact text that is stored and hashed. */
export type EventText = Readonly<{
  id: string;
  type: string;
  schemaVersion: number;
  metadata: string;
  data: string;
}>;

export type SealedEvent = EventText &
  Readonly<{ stream: string; revision: number; previousHash: string; hash: string }>;

/**
 * The events of one append as canonical JSON (RFC 8785): equal bytes in every event store.
 * @throws AppendRefused for no events, a bad name, a value that is no JSON, or more than `LARGEST_APPEND` bytes
 */
export function textOf(stream: string, events: readonly NewEvent[]): readonly EventText[] {
  if (!NAME.test(stream))
    throw new AppendRefused('the name of a stream is 1 to 300 letters without blanks or |');
  if (events.length === 0) throw new AppendRefused('an append holds one event at least');
  let bytes = 0;
  const texts = events.map(({ id, type, schemaVersion, metadata, data }) => {
    if (!/^[0-9a-f]{32}$/.test(id)) throw new AppendRefused('an event id is 32 hex digits');
    if (!NAME.test(type))
      throw new AppendRefused('the name of a type is 1 to 300 letters without blanks or |');
    if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1)
      throw new AppendRefused('versions start at 1');
    const text = { id, type, schemaVersion, metadata: json(metadata), data: json(data) };
    bytes += Buffer.byteLength(text.metadata) + Buffer.byteLength(text.data);
    return text;
  });
  if (bytes > LARGEST_APPEND) {
    throw new AppendRefused(`an append of ${bytes} bytes is above the ${LARGEST_APPEND} that one may hold`);
  }
  return texts;
}

/** Joins events to the end of a stream's chain. */
export function seal(
  stream: string,
  revision: number,
  previousHash: string,
  texts: readonly EventText[],
): readonly SealedEvent[] {
  let before = previousHash;
  return texts.map((text, at) => {
    const event = { ...text, stream, revision: revision + at, previousHash: before };
    before = hashOf(event);
    return { ...event, hash: before };
  });
}

/** SHA-256 over `1|previous hash|stream|revision|id|type|schema version|metadata|data`, hex. */
export function hashOf(event: Omit<SealedEvent, 'hash'>): string {
  const { previousHash, stream, revision, id, type, schemaVersion, metadata, data } = event;
  const text = `${HASH_VERSION}|${previousHash}|${stream}|${revision}|${id}|${type}|${schemaVersion}|${metadata}|${data}`;
  return hash('sha256', text, 'hex');
}

/** The hash that a recorded event must have after `previousHash`: what an auditor computes from an export. */
export function expectedHash(event: RecordedEvent, previousHash: string): string {
  const { metadata, data } = event;
  return hashOf({ ...event, previousHash, metadata: canonicalJson(metadata), data: canonicalJson(data) });
}

/** Back from the stored text. @throws LogDamaged where it is not what was sealed */
export function unseal(event: SealedEvent, position: Position): RecordedEvent {
  const { id, stream, revision, type, schemaVersion, hash: sealed } = event;
  if (hashOf(event) !== sealed) throw new LogDamaged(stream, revision, 'its bytes do not match its hash');
  const metadata = JSON.parse(event.metadata);
  const data = JSON.parse(event.data);
  return { id, stream, revision, position, type, schemaVersion, data, metadata, hash: sealed };
}

/** Whether a stream's events follow each other without a gap. @throws LogDamaged */
export function checkLink(event: SealedEvent, previous: Pick<SealedEvent, 'revision' | 'hash'>): void {
  const { stream, revision } = event;
  if (revision !== previous.revision + 1) {
    throw new LogDamaged(stream, previous.revision + 1, `revision ${revision} stands in its place`);
  }
  if (event.previousHash !== previous.hash) {
    throw new LogDamaged(stream, revision, 'it does not follow from the event before');
  }
}

function json(value: unknown): string {
  try {
    return canonicalJson(value);
  } catch (cause) {
    throw new AppendRefused('the data of an event is not JSON', { cause });
  }
}
