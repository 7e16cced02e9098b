import type { Position } from '../../../src/shared/application/ports/event-store.port.js';
import {
  checkpointName,
  ReadStore,
  type Row,
  type RowChange,
  type RowPage,
  type RowQuery,
  type TableName,
} from '../../../src/shared/application/ports/read-store.port.js';
import { MemoryReadStore } from '../../../src/shared/infrastructure/read-store/memory.read-store.js';
import type { Wire } from '../kernel/wire.js';
import type { Swarm } from '../world/swarm.js';

const near = [0, 2] as const;

/** Where rows are kept between lives, unless they are lost. */
export class Shelf {
  rows = new MemoryReadStore();

  lose(): void {
    this.rows = new MemoryReadStore();
  }
}

/** Told of every checkpoint that moves. */
export type CheckpointWatcher = (name: string, to: Position) => void;

/** The read model as one life of a node reaches it. */
export class SimulatedReadStore extends ReadStore {
  constructor(
    private readonly shelf: Shelf,
    private readonly wire: Wire,
    private readonly swarm: () => Swarm,
    private readonly onCheckpoint: CheckpointWatcher,
  ) {
    super();
  }

  override checkpoint(name: string): Promise<Position> {
    return this.ask('checkpoint', (rows) => rows.checkpoint(name));
  }

  override saveCheckpoint(name: string, position: Position): Promise<void> {
    return this.ask('save checkpoint', (rows) => rows.saveCheckpoint(name, position));
  }

  override commit(
    table: TableName,
    from: Position,
    to: Position,
    changes: readonly RowChange[],
  ): Promise<boolean> {
    return this.ask('commit', async (rows) => {
      const isMine = await rows.commit(table, from, to, changes);
      if (isMine) this.onCheckpoint(checkpointName(table), to);
      else this.wire.coverage.count('F16 rows moved by another');
      return isMine;
    });
  }

  override replace(
    table: TableName,
    to: Position,
    rows: Iterable<Readonly<{ key: string; row: Row }>>,
  ): Promise<void> {
    return this.ask('replace', (kept) => kept.replace(table, to, rows));
  }

  override get<R extends Row>(table: TableName, key: string): Promise<R | undefined> {
    return this.ask('get', (rows) => rows.get<R>(table, key));
  }

  override getMany<R extends Row>(
    table: TableName,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, R>> {
    return this.ask('get', (rows) => rows.getMany<R>(table, keys));
  }

  override find<R extends Row>(table: TableName, query: RowQuery): Promise<RowPage<R>> {
    return this.ask('find', (rows) => rows.find<R>(table, query));
  }

  override async *scan(table: TableName): AsyncIterable<Readonly<{ key: string; row: Row }>> {
    yield* await this.ask('scan', (rows) => allOf(rows, table));
  }

  override drop(table: TableName): Promise<void> {
    return this.ask('drop', (rows) => rows.drop(table));
  }

  private ask<T>(what: string, work: (rows: MemoryReadStore) => Promise<T>): Promise<T> {
    const { wire } = this;
    if (wire.random.happens(this.swarm().rows.away)) {
      wire.coverage.count('F11 rows away');
      return wire.fail(what, 5, new Error('the read model is away'));
    }
    return wire.look(what, near, () => work(this.shelf.rows));
  }
}

/** Every row of a table, in key order. */
export async function allOf(
  rows: ReadStore,
  table: TableName,
): Promise<Readonly<{ key: string; row: Row }>[]> {
  const all: Readonly<{ key: string; row: Row }>[] = [];
  for await (const one of rows.scan(table)) all.push(one);
  return all;
}
