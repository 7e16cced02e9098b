import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LOG_SCHEMA, SqliteLog } from './sqlite-log.js';

let folder: string;
const connections: DatabaseSync[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => {
  for (const db of connections.splice(0)) db.close();
  rmSync(folder, { recursive: true });
});

function connected(): DatabaseSync {
  const db = new DatabaseSync(join(folder, 'log.db'));
  connections.push(db);
  db.exec(`PRAGMA journal_mode = WAL; ${LOG_SCHEMA}`);
  return db;
}

/** Statements after each of which something else happens. */
function followed(db: DatabaseSync, by: () => void): DatabaseSync {
  const prepare = (sql: string): StatementSync => {
    const statement = db.prepare(sql);
    const { get, all } = statement;
    const then =
      <A extends unknown[], R>(ask: (...args: A) => R) =>
      (...args: A): R => {
        const answer = ask.apply(statement, args);
        by();
        return answer;
      };
    return Object.assign(statement, { get: then(get), all: then(all) });
  };
  return Object.assign(Object.create(db) as DatabaseSync, { prepare });
}

test('a stream that another process writes to while it is read is not taken for damaged', () => {
  const writer = new SqliteLog(connected());
  let revision = -1;
  const write = () => {
    const id = `00000000-0000-7000-8000-${String(revision + 1).padStart(12, '0')}`.replaceAll('-', '');
    const text = { id, type: 'Tick', schemaVersion: 1, metadata: '{}', data: '{}' };
    const expected = revision < 0 ? 'no_stream' : revision;
    ({ revision } = writer.append('s-1', expected, [text]));
  };
  write();
  const reader = new SqliteLog(followed(connected(), write));
  expect(reader.read('s-1', 0).length).toBeGreaterThanOrEqual(1);
  expect(reader.read('s-1', 1).length).toBeGreaterThanOrEqual(1);
  expect(revision).toBeGreaterThanOrEqual(4);
});
