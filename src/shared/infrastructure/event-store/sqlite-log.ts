import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type Appended,
  type ExpectedRevision,
  LogDamaged,
  type Position,
  type RecordedEvent,
  START,
} from '../../application/ports/event-store.port.js';
import { SQLITE_CORRUPT, SQLITE_NOTADB, sqliteCode } from '../sqlite/sqlite-file.js';
import { nextRevision, resultOfRepeat, type Stored } from './expectation.js';
import { checkLink, type EventText, GENESIS, type SealedEvent, seal, unseal } from './hash-chain.js';

export const LOG_FORMAT = 1;

/** Positions are never used twice, and what is written stays as it is. */
export const LOG_SCHEMA = `
  CREATE TABLE IF NOT EXISTS events (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 0),
    id BLOB NOT NULL,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    data TEXT NOT NULL,
    previous_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (stream, revision)
  ) STRICT;
  CREATE TRIGGER IF NOT EXISTS events_are_never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'the log is only ever appended to'); END;
  CREATE TRIGGER IF NOT EXISTS events_are_never_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'the log is only ever appended to'); END;`;

// Text crosses into JavaScript several times faster than blobs do.
const COLUMNS = `position, stream, revision, lower(hex(id)), type, schema_version, metadata, data,
  lower(hex(previous_hash)), lower(hex(hash))`;

type Line = [
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  schemaVersion: number,
  metadata: string,
  data: string,
  previousHash: string,
  hash: string,
];

type End = [revision: number, hash: string];

/** The table of events and the statements on it. Synchronous; knows nothing of transactions. */
export class SqliteLog {
  private readonly insert: StatementSync;
  private readonly last: StatementSync;
  private readonly inPlace: StatementSync;
  private readonly ofStream: StatementSync;
  private readonly ofLog: StatementSync;
  private readonly newest: StatementSync;

  constructor(db: DatabaseSync) {
    const prepare = (sql: string) => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.insert = db.prepare(`INSERT INTO events (stream, revision, id, type, schema_version, metadata, data,
      previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.last = prepare(
      'SELECT revision, lower(hex(hash)) FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1',
    );
    this.inPlace = prepare(
      'SELECT lower(hex(id)), revision, position FROM events WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?',
    );
    this.ofStream = prepare(
      `SELECT ${COLUMNS} FROM events WHERE stream = ? AND revision >= ? ORDER BY revision`,
    );
    this.ofLog = prepare(`SELECT ${COLUMNS} FROM events WHERE position > ? ORDER BY position LIMIT ?`);
    this.newest = prepare('SELECT position FROM events ORDER BY position DESC LIMIT 1');
  }

  /** @throws RevisionConflict */
  append(stream: string, expected: ExpectedRevision, texts: readonly EventText[]): Appended {
    const next = nextRevision(expected);
    const [revision, hash] = rowOf<End>(this.last.get(stream)) ?? [-1, undefined];
    if (revision !== next - 1) {
      const ids = texts.map(({ id }) => id);
      const stored = rowsOf<[string, number, number]>(this.inPlace.all(stream, next, ids.length));
      const inPlace = stored.map(([id, at, position]): Stored => ({ id, revision: at, position }));
      return resultOfRepeat(stream, expected, revision, ids, inPlace);
    }
    let position: Position = START;
    for (const event of seal(stream, next, hash ?? GENESIS, texts)) {
      const { id, type, schemaVersion, metadata, data, previousHash } = event;
      const written = this.insert.run(
        stream,
        event.revision,
        bytes(id),
        type,
        schemaVersion,
        metadata,
        data,
        bytes(previousHash),
        bytes(event.hash),
      );
      position = Number(written.lastInsertRowid);
    }
    return { revision: next + texts.length - 1, position };
  }

  /** @throws LogDamaged */
  read(stream: string, from: number): readonly RecordedEvent[] {
    // First the end: another process may append in between, and then there is more to read, never less.
    const [end] = this.guard(stream, from, () => rowOf<End>(this.last.get(stream))) ?? [-1];
    const lines = this.guard(stream, from, () =>
      rowsOf<Line>(this.ofStream.all(stream, Math.max(0, from - 1))),
    );
    const sealed = lines.map(sealedOf);
    const before = from > 0 ? sealed.shift() : undefined;
    let previous: Pick<SealedEvent, 'revision' | 'hash'> = before ?? { revision: from - 1, hash: GENESIS };
    const events = sealed.map((event, at) => {
      if (event.stream !== stream) throw new LogDamaged(stream, from + at, 'it names another stream');
      checkLink(event, previous);
      previous = event;
      return unseal(event, event.position);
    });
    // A damaged index can hide events: asked from the other side, it must end at the same one.
    if (end > previous.revision) throw new LogDamaged(stream, previous.revision + 1, 'it cannot be found');
    return events;
  }

  /** @throws LogDamaged */
  readAll(after: Position, limit: number): readonly RecordedEvent[] {
    const lines = this.guard('$all', after, () => rowsOf<Line>(this.ofLog.all(after, limit)));
    return lines.map((line) => {
      const event = sealedOf(line);
      return unseal(event, event.position);
    });
  }

  head(): Position {
    return this.guard('$all', START, () => rowOf<[number]>(this.newest.get()))?.[0] ?? START;
  }

  /** What SQLite itself finds broken becomes what readers expect. */
  private guard<T>(stream: string, at: number, read: () => T): T {
    try {
      return read();
    } catch (error) {
      const code = sqliteCode(error);
      if (code !== SQLITE_CORRUPT && code !== SQLITE_NOTADB) throw error;
      throw new LogDamaged(stream, at, 'SQLite cannot read its pages');
    }
  }
}

function sealedOf(line: Line): SealedEvent & Readonly<{ position: Position }> {
  const [position, stream, revision, id, type, schemaVersion, metadata, data, previousHash, hash] = line;
  return { position, stream, revision, id, type, schemaVersion, metadata, data, previousHash, hash };
}

function rowOf<T>(row: unknown): T | undefined {
  return row as T | undefined;
}

function rowsOf<T>(rows: unknown): readonly T[] {
  return rows as readonly T[];
}

function bytes(digits: string): Uint8Array {
  return Buffer.from(digits, 'hex');
}
