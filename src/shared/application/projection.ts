import type { Metadata, Position } from './ports/event-store.port.js';
import type { Row } from './ports/read-store.port.js';

/** A recorded event as its readers see it: typed, upcast, with its envelope beside it. */
export type Told<Event extends { type: string; data: object }> = Event &
  Readonly<{
    id: string;
    stream: string;
    revision: number;
    position: Position;
    /** RFC 3339 UTC, when it happened by our clock. */
    at: string;
    metadata: Metadata;
  }>;

/**
 * A read model as a pure value. The runner owns position, storage, exactly-once application and rebuild.
 * No clock and no I/O: a rebuild gives the same rows, byte for byte.
 */
export type Projection<Event extends { type: string; data: object }, R extends Row> = Readonly<{
  name: string;
  /** Raise it when a row changes meaning: the runner builds the new rows beside the old, then swaps. */
  version: number;
  /** Top-level fields of a row that queries may filter by; `store+status` is one index over both. */
  indexes: readonly string[];
  /** The event types it reads; others never reach `keys` or `project`. */
  reads: readonly Event['type'][];
  /** The rows an event touches. */
  keys(event: Told<Event>): readonly string[];
  /** The row after the event; `null` removes it. */
  project(row: R | undefined, event: Told<Event>, key: string): R | null;
}>;
