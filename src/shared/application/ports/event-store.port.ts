/** Where an event stands in the log: a safe integer that grows with every event, not necessarily by one. */
export type Position = number;
export const START: Position = 0;

/** The state a stream must be in for an append to happen. There is no "any": it would lose retries. */
export type ExpectedRevision = 'no_stream' | number;

/** Flat, text to text. `$correlationId` and `$causationId` are the names EventStoreDB knows. */
export type Metadata = Readonly<Record<string, string>>;

export type NewEvent = Readonly<{
  /** UUID, 32 hex digits. Appending it again at the same expectation changes nothing. */
  id: string;
  type: string;
  schemaVersion: number;
  data: Readonly<Record<string, unknown>>;
  metadata: Metadata;
}>;

export type RecordedEvent = NewEvent &
  Readonly<{
    stream: string;
    /** 0 for a stream's first event; dense. */
    revision: number;
    position: Position;
    /** SHA-256 over the previous event's hash and this event's exact stored bytes, hex. */
    hash: string;
  }>;

export type Appended = Readonly<{ revision: number; position: Position }>;

/** Another append came first. Nothing was written. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super(`stream ${stream} is at ${actual}, not at ${expected}`);
  }
}

/** Surely not written. */
export class EventStoreUnavailable extends Error {
  override readonly name = 'EventStoreUnavailable';
}

/** Perhaps written: retry the identical call. */
export class AppendInDoubt extends Error {
  override readonly name = 'AppendInDoubt';
}

/** More than one append may hold, or a name or value that no log can hold. Never written, however often it is tried. */
export class AppendRefused extends Error {
  override readonly name = 'AppendRefused';
}

/** Most that one append may hold, data and metadata of all its events together, in bytes. */
export const LARGEST_APPEND = 1024 * 1024;

/** Stored bytes that do not match their hash. The stream is not readable past this event, and nothing is guessed. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
  constructor(
    readonly stream: string,
    readonly revision: number,
    reason: string,
  ) {
    super(`event ${revision} of stream ${stream} is damaged: ${reason}`);
  }
}

/**
 * The append-only log. An append is atomic, durable before it resolves, and covers one stream only.
 * The same event ids at the same expectation succeed again with the original result; anything else that
 * meets a moved stream is a RevisionConflict.
 */
export abstract class EventStore {
  /** @throws RevisionConflict, EventStoreUnavailable, AppendInDoubt, AppendRefused */
  abstract append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended>;
  /** A whole stream from `from`, in order; `[]` where there is none. @throws LogDamaged */
  abstract read(stream: string, from?: number): Promise<readonly RecordedEvent[]>;
  /** The whole log after a position, in order, at most `limit` events. @throws LogDamaged */
  abstract readAll(after: Position, limit: number): Promise<readonly RecordedEvent[]>;
  /** The position of the newest event, START for an empty log. */
  abstract head(): Promise<Position>;
  /** Resolves as soon as the log is past `position`, or when `signal` aborts. */
  abstract waitPast(position: Position, signal: AbortSignal): Promise<void>;
}
