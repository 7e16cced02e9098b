import type { Position } from './ports/event-store.port.js';

/** How a reader of the log is doing. */
export type ReaderStatus = Readonly<{
  name: string;
  kind: 'projection' | 'policy';
  /** It has seen the log up to here. */
  checkpoint: Position;
  head: Position;
  /** How far behind it is; 0 where it has seen all there is. */
  lag: number;
  /** Why it stands still, while it does: for a projection the poison event, which it never skips. */
  failure: Failure | undefined;
  /** Events that a policy failed at and tries again; 0 for a projection. */
  parked: number;
}>;

export type Failure = Readonly<{
  reason: string;
  attempts: number;
  /** The event it fails at, where it is one. */
  event?: Readonly<{ position: Position; stream: string; revision: number; type: string }>;
}>;

/** Told of every failure of a reader as it happens, for the operator's log. */
export type FaultListener = (reader: string, error: unknown, failure: Failure) => void;

/** A poison event: the reader cannot get past it. */
export class ReaderStuck extends Error {
  override readonly name = 'ReaderStuck';
  constructor(
    readonly event: NonNullable<Failure['event']>,
    override readonly cause: unknown,
  ) {
    super(`stuck at ${event.type}, event ${event.revision} of stream ${event.stream}: ${reasonOf(cause)}`);
  }
}

/** A reader has seen more than the log holds, so this is not the log that it read: going on would pass over events. */
export class ReaderAhead extends Error {
  override readonly name = 'ReaderAhead';
  constructor(reader: string, checkpoint: Position, head: Position) {
    super(
      `${reader} has seen the log up to event ${checkpoint}, but the log ends at ${head}: it is older than the rows ` +
        'beside it, or was cut. Where it is the right one, remove the read model; it is made anew from the log.',
    );
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** From a quarter of a second, doubling. */
export function backOffMs(attempt: number, longestMs: number): number {
  return Math.min(longestMs, 250 * 2 ** Math.min(attempt, 20));
}
