import { Refusal } from '../../domain/refusal.js';
import type { Position } from './event-store.port.js';

/** A JSON document of the read model. */
export type Row = Readonly<Record<string, unknown>> & { readonly created_at: string };

/** Which rows: one table per projection and version, so that a new version is built beside the old one. */
export type TableName = Readonly<{
  name: string;
  version: number;
  /** Fields that queries filter by, each with an index of its own; `store+status` is one index over both. */
  indexes: readonly string[];
}>;

/** The name that a table's checkpoint goes by. */
export function checkpointName({ name, version }: Pick<TableName, 'name' | 'version'>): string {
  return `${name}@${version}`;
}

export type RowChange = Readonly<{ key: string; row: Row | null }>;

/** Rows in the order (`created_at`, key), newest first. */
export type RowQuery = Readonly<{
  /** Equality on indexed fields, all must hold. `undefined` values are not looked at; an array means any of them. */
  where?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  createdAt?: Readonly<{ gte?: string; gt?: string; lte?: string; lt?: string }>;
  /** Only rows after (older than) or before (newer than) the row with this key. Unknown key: Refusal `invalid_cursor`. */
  startingAfter?: string;
  endingBefore?: string;
  limit: number;
}>;

export type RowPage<R> = Readonly<{ rows: readonly (R & { readonly _key: string })[]; hasMore: boolean }>;

/** A cursor that names no row, or none that the caller may see: in the same words. */
export function unknownCursor(key: string): Refusal {
  return new Refusal('invalid_cursor', 'There is no such row to start from.', { cursor: key });
}

/**
 * The read model: rows that are only ever a fold of the log, with the position they have reached.
 * Losing it loses nothing.
 */
export abstract class ReadStore {
  /** Position up to which the table (or a policy, by name) has seen the log; START where it never ran. */
  abstract checkpoint(name: string): Promise<Position>;
  /** Moves a policy's checkpoint forward. */
  abstract saveCheckpoint(name: string, position: Position): Promise<void>;
  /**
   * Writes rows and moves the table's checkpoint from `from` to `to` in one step.
   * Where the checkpoint is not at `from` (another runner was faster) nothing is written and the answer is false.
   */
  abstract commit(
    table: TableName,
    from: Position,
    to: Position,
    changes: readonly RowChange[],
  ): Promise<boolean>;
  /**
   * Puts these rows in place of all the table's rows, and its checkpoint at `to`. Readers see the old rows until
   * the new ones stand. `rows` come in key order.
   */
  abstract replace(
    table: TableName,
    to: Position,
    rows: Iterable<Readonly<{ key: string; row: Row }>>,
  ): Promise<void>;
  abstract get<R extends Row>(table: TableName, key: string): Promise<R | undefined>;
  abstract getMany<R extends Row>(table: TableName, keys: readonly string[]): Promise<ReadonlyMap<string, R>>;
  abstract find<R extends Row>(table: TableName, query: RowQuery): Promise<RowPage<R>>;
  /** Every row in key order, for digests and comparison. */
  abstract scan(table: TableName): AsyncIterable<Readonly<{ key: string; row: Row }>>;
  /** Drops a table's rows and its checkpoint. */
  abstract drop(table: TableName): Promise<void>;
}
