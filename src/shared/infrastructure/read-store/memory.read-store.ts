import { Injectable } from '@nestjs/common';
import { type Position, START } from '../../application/ports/event-store.port.js';
import {
  checkpointName,
  ReadStore,
  type Row,
  type RowChange,
  type RowPage,
  type RowQuery,
  type TableName,
  unknownCursor,
} from '../../application/ports/read-store.port.js';
import { type Condition, conditionsOf, indexedValue } from './row-query.js';

type Keyed = Readonly<{ key: string; row: Row }>;

/** The read model in memory, for tests and simulation. Rows are kept as text, so nobody shares an object with it. */
@Injectable()
export class MemoryReadStore extends ReadStore {
  private readonly tables = new Map<string, Map<string, string>>();
  private readonly checkpoints = new Map<string, Position>();

  async checkpoint(name: string): Promise<Position> {
    return this.checkpoints.get(name) ?? START;
  }

  async saveCheckpoint(name: string, position: Position): Promise<void> {
    if (position > (await this.checkpoint(name))) this.checkpoints.set(name, position);
  }

  async commit(
    table: TableName,
    from: Position,
    to: Position,
    changes: readonly RowChange[],
  ): Promise<boolean> {
    const name = checkpointName(table);
    if ((this.checkpoints.get(name) ?? START) !== from) return false;
    const rows = this.tables.get(name) ?? new Map<string, string>();
    for (const { key, row } of changes) {
      if (row) rows.set(key, JSON.stringify(row));
      else rows.delete(key);
    }
    this.tables.set(name, rows);
    this.checkpoints.set(name, to);
    return true;
  }

  async replace(table: TableName, to: Position, rows: Iterable<Keyed>): Promise<void> {
    const name = checkpointName(table);
    this.tables.set(name, new Map([...rows].map(({ key, row }) => [key, JSON.stringify(row)])));
    this.checkpoints.set(name, to);
  }

  async get<R extends Row>(table: TableName, key: string): Promise<R | undefined> {
    const text = this.tables.get(checkpointName(table))?.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as R);
  }

  async getMany<R extends Row>(table: TableName, keys: readonly string[]): Promise<ReadonlyMap<string, R>> {
    const found = new Map<string, R>();
    for (const key of keys) {
      const row = await this.get<R>(table, key);
      if (row) found.set(key, row);
    }
    return found;
  }

  async find<R extends Row>(table: TableName, query: RowQuery): Promise<RowPage<R>> {
    const { startingAfter, endingBefore, limit } = query;
    const conditions = conditionsOf(table, query);
    const all = this.newestFirst(table);
    const older = startingAfter === undefined ? undefined : cursor(all, startingAfter);
    const newer = endingBefore === undefined ? undefined : cursor(all, endingBefore);
    const fitting = all.filter(
      (one) =>
        conditions.every((condition) => holds(one.row, condition)) &&
        within(one.row.created_at, query.createdAt) &&
        (!older || order(older, one) < 0) &&
        (!newer || order(one, newer) < 0),
    );
    const backwards = newer !== undefined && older === undefined;
    const page = backwards ? fitting.slice(Math.max(0, fitting.length - limit)) : fitting.slice(0, limit);
    const rows = page.map(({ key, row }) => ({ ...(row as R), _key: key }));
    return { rows, hasMore: fitting.length > page.length };
  }

  async *scan(table: TableName): AsyncIterable<Keyed> {
    const rows = this.tables.get(checkpointName(table)) ?? new Map<string, string>();
    for (const key of [...rows.keys()].sort()) {
      const text = rows.get(key);
      if (text !== undefined) yield { key, row: JSON.parse(text) as Row };
    }
  }

  async drop(table: TableName): Promise<void> {
    this.tables.delete(checkpointName(table));
    this.checkpoints.delete(checkpointName(table));
  }

  private newestFirst(table: TableName): readonly Keyed[] {
    const rows = this.tables.get(checkpointName(table)) ?? new Map<string, string>();
    return [...rows].map(([key, text]) => ({ key, row: JSON.parse(text) as Row })).sort(order);
  }
}

/** Below 0 where `one` is newer. */
function order(one: Keyed, other: Keyed): number {
  if (one.row.created_at !== other.row.created_at) return one.row.created_at > other.row.created_at ? -1 : 1;
  if (one.key === other.key) return 0;
  return one.key > other.key ? -1 : 1;
}

function cursor(rows: readonly Keyed[], key: string): Keyed {
  const found = rows.find((row) => row.key === key);
  if (!found) throw unknownCursor(key);
  return found;
}

function holds(row: Row, { field, anyOf }: Condition): boolean {
  const value = indexedValue(row, field);
  return value !== undefined && anyOf.includes(value);
}

function within(at: string, { gte, gt, lte, lt }: NonNullable<RowQuery['createdAt']> = {}): boolean {
  return (
    (gte === undefined || at >= gte) &&
    (gt === undefined || at > gt) &&
    (lte === undefined || at <= lte) &&
    (lt === undefined || at < lt)
  );
}
