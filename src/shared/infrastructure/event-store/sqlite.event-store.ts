import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import {
  type Appended,
  EventStore,
  EventStoreUnavailable,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from '../../application/ports/event-store.port.js';
import { OwnerLock } from '../sqlite/owner-lock.js';
import { naming, openSqlite, PATIENCE_MS } from '../sqlite/sqlite-file.js';
import { WriteAheadLog } from '../sqlite/write-ahead-log.js';
import { nextRevision } from './expectation.js';
import { GroupCommit } from './group-commit.js';
import { textOf } from './hash-chain.js';
import { HeadWaiters } from './head-waiters.js';
import { LOG_FORMAT, LOG_SCHEMA, SqliteLog } from './sqlite-log.js';

const LOOKS_AGAIN_MS = 50;
/** Groups of appends that readers let go before them. */
const GROUPS_BEFORE_READERS = 8;

/** The log in one SQLite file. What is acknowledged is on the disk. */
export class SqliteEventStore extends EventStore {
  readonly wal: WriteAheadLog;
  private readonly log: SqliteLog;
  private readonly group: GroupCommit;
  private readonly waiters = new HeadWaiters();
  private open = true;
  private waking = false;

  private constructor(
    path: string,
    private readonly db: DatabaseSync,
    private readonly lock?: OwnerLock,
  ) {
    super();
    this.wal = new WriteAheadLog(db, path, PATIENCE_MS);
    this.log = new SqliteLog(db);
    this.group = new GroupCommit(
      db,
      ({ stream, expected, texts }) => this.log.append(stream, expected, texts),
      () => this.wakeReaders(),
    );
  }

  /** The only writer of this file. @throws SqliteRefused where there is another */
  static open(path: string): SqliteEventStore {
    const db = openSqlite(path, { synchronous: 'FULL', format: LOG_FORMAT });
    let lock: OwnerLock | undefined;
    try {
      lock = OwnerLock.take(path);
      const owned = lock;
      return naming(path, () => {
        db.exec(LOG_SCHEMA);
        return new SqliteEventStore(path, db, owned);
      });
    } catch (error) {
      db.close();
      lock?.release();
      throw error;
    }
  }

  /** Beside a running owner, which it neither disturbs nor waits for. */
  static openForReading(path: string): SqliteEventStore {
    const db = openSqlite(path, { synchronous: 'FULL', format: LOG_FORMAT, readOnly: true });
    try {
      return naming(path, () => new SqliteEventStore(path, db));
    } catch (error) {
      db.close();
      throw error;
    }
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    if (!this.open || !this.lock) {
      throw new EventStoreUnavailable(this.open ? 'the log is open for reading only' : 'the log is closed');
    }
    nextRevision(expected);
    return this.group.submit({ stream, expected, texts: textOf(stream, events) });
  }

  async read(stream: string, from = 0): Promise<readonly RecordedEvent[]> {
    return this.log.read(stream, from);
  }

  async readAll(after: Position, limit: number): Promise<readonly RecordedEvent[]> {
    const events = this.log.readAll(after, limit);
    // A reader that has much to catch up with lets others have their turn.
    if (events.length === limit) await nextTurn();
    return events;
  }

  async head(): Promise<Position> {
    return this.log.head();
  }

  async waitPast(position: Position, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.open && this.log.head() <= position) {
      if (this.lock) await this.waiters.wait(signal);
      else await pause(LOOKS_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A turn later, so that answers leave first, and so do the appends that follow from them at once. */
  private wakeReaders(): void {
    if (this.waking) return;
    this.waking = true;
    const wake = (groups: number) => {
      if (groups > 0 && this.group.waiting) return void setImmediate(wake, groups - 1);
      this.waking = false;
      this.waiters.wake();
    };
    setImmediate(wake, GROUPS_BEFORE_READERS);
  }

  /** Writes what waits, then lets go of the file. */
  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    this.group.drain();
    this.waiters.wake();
    this.db.close();
    this.lock?.release();
  }
}
