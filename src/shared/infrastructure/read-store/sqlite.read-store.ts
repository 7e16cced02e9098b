import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
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
import { openSqlite } from '../sqlite/sqlite-file.js';
import { WriteAheadLog } from '../sqlite/write-ahead-log.js';
import { conditionsOf } from './row-query.js';
import { SqliteCheckpoints } from './sqlite-checkpoints.js';
import { findPage } from './sqlite-page.js';
import { type Keyed, SqliteTable } from './sqlite-table.js';

const FORMAT = 1;
/** Waiting stops the whole process, so it is short; readers of the log try again by themselves. */
const PATIENCE_MS = 250;
const CHUNK = 2_000;

/** The read model in one SQLite file, apart from the log. A power cut may undo its newest steps, never half a step. */
export class SqliteReadStore extends ReadStore {
  readonly wal: WriteAheadLog;
  private readonly tables = new Map<string, SqliteTable>();
  private readonly checkpoints: SqliteCheckpoints;

  private constructor(
    path: string,
    private readonly db: DatabaseSync,
  ) {
    super();
    this.wal = new WriteAheadLog(db, path, PATIENCE_MS);
    this.checkpoints = new SqliteCheckpoints(db);
  }

  static open(path: string): SqliteReadStore {
    const db = openSqlite(path, { synchronous: 'NORMAL', format: FORMAT });
    db.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
    return new SqliteReadStore(path, db);
  }

  async checkpoint(name: string): Promise<Position> {
    return this.checkpoints.get(name)?.position ?? START;
  }

  async saveCheckpoint(name: string, position: Position): Promise<void> {
    this.transaction(() => {
      const known = this.checkpoints.get(name);
      if (!known || known.position < position)
        this.checkpoints.set(name, { rows_in: null, indexes: null, ...known, position });
    });
  }

  async commit(
    table: TableName,
    from: Position,
    to: Position,
    changes: readonly RowChange[],
  ): Promise<boolean> {
    return this.transaction(() => {
      const name = checkpointName(table);
      const known = this.checkpoints.get(name);
      if ((known?.position ?? START) !== from) return false;
      const rows = this.rowsOf(table) ?? this.create(table);
      for (const { key, row } of changes) {
        if (row) rows.put({ key, row });
        else rows.remove(key);
      }
      this.checkpoints.set(name, { position: to, rows_in: rows.name, indexes: table.indexes.join() });
      return true;
    });
  }

  async replace(table: TableName, to: Position, rows: Iterable<Keyed>): Promise<void> {
    const fresh = new SqliteTable(this.db, table, SqliteTable.freshName(table));
    this.transaction(() => {
      for (const name of this.checkpoints.leftOver(checkpointName(table))) {
        new SqliteTable(this.db, table, name).drop();
      }
      fresh.create();
    });
    let chunk: Keyed[] = [];
    const write = () => {
      this.transaction(() => chunk.forEach((row) => void fresh.put(row)));
      chunk = [];
    };
    for (const row of rows) {
      chunk.push(row);
      if (chunk.length < CHUNK) continue;
      write();
      await nextTurn();
    }
    write();
    this.transaction(() => fresh.createIndexes());
    this.transaction(() => this.swap(table, to, fresh));
  }

  async get<R extends Row>(table: TableName, key: string): Promise<R | undefined> {
    const body = this.rowsOf(table)?.body(key);
    return body === undefined ? undefined : (JSON.parse(body) as R);
  }

  async getMany<R extends Row>(table: TableName, keys: readonly string[]): Promise<ReadonlyMap<string, R>> {
    const rows = this.rowsOf(table);
    const found = new Map<string, R>();
    for (const key of keys) {
      const body = rows?.body(key);
      if (body !== undefined) found.set(key, JSON.parse(body) as R);
    }
    return found;
  }

  async find<R extends Row>(table: TableName, query: RowQuery): Promise<RowPage<R>> {
    const rows = this.rowsOf(table);
    if (rows) return findPage<R>(rows, table, query);
    conditionsOf(table, query);
    const cursor = query.startingAfter ?? query.endingBefore;
    if (cursor !== undefined) throw unknownCursor(cursor);
    return { rows: [], hasMore: false };
  }

  async *scan(table: TableName): AsyncIterable<Keyed> {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: readonly Keyed[] = this.rowsOf(table)?.after(after, CHUNK) ?? [];
      yield* page;
      after = page.length === CHUNK ? page.at(-1)?.key : undefined;
      if (after !== undefined) await nextTurn();
    }
  }

  async drop(table: TableName): Promise<void> {
    this.transaction(() => {
      const rows = this.checkpoints.get(checkpointName(table))?.rows_in;
      if (rows) this.tableNamed(table, rows).drop();
      this.checkpoints.delete(checkpointName(table));
      this.tables.delete(checkpointName(table));
    });
  }

  close(): void {
    this.db.close();
  }

  /** Where the rows are now: another process may have put others in their place. */
  private rowsOf(table: TableName): SqliteTable | undefined {
    const known = this.checkpoints.get(checkpointName(table));
    if (!known?.rows_in) return undefined;
    const rows = this.tableNamed(table, known.rows_in);
    if (known.indexes === table.indexes.join()) return rows;
    return this.reindexed(table, known.position, rows);
  }

  /** The same rows under other indexes: no version changes for that. */
  private reindexed(table: TableName, position: Position, rows: SqliteTable): SqliteTable {
    const fresh = new SqliteTable(this.db, table, SqliteTable.freshName(table));
    const move = () => {
      fresh.create();
      for (
        let page = rows.after('', CHUNK);
        page.length > 0;
        page = rows.after(page.at(-1)?.key ?? '', CHUNK)
      ) {
        for (const row of page) fresh.put(row);
      }
      fresh.createIndexes();
      this.swap(table, position, fresh);
      return fresh;
    };
    return this.db.isTransaction ? move() : this.transaction(move);
  }

  private create(table: TableName): SqliteTable {
    const fresh = this.tableNamed(table, SqliteTable.freshName(table));
    fresh.create();
    fresh.createIndexes();
    return fresh;
  }

  private swap(table: TableName, position: Position, fresh: SqliteTable): void {
    const name = checkpointName(table);
    const old = this.checkpoints.get(name)?.rows_in;
    this.checkpoints.set(name, { position, rows_in: fresh.name, indexes: table.indexes.join() });
    this.tables.set(name, fresh);
    if (old) new SqliteTable(this.db, table, old).drop();
  }

  private tableNamed(table: TableName, name: string): SqliteTable {
    const known = this.tables.get(checkpointName(table));
    if (known?.name === name) return known;
    const found = new SqliteTable(this.db, table, name);
    this.tables.set(checkpointName(table), found);
    return found;
  }

  private transaction<T>(work: () => T): T {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }
}
