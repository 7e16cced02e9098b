import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { event } from '../../../../test/contracts/event-store.contract.js';
import { AppendRefused, EventStoreUnavailable, START } from '../../application/ports/event-store.port.js';
import { openSqlite, refuseNetwork, requireSqlite, SqliteRefused } from '../sqlite/sqlite-file.js';
import { SqliteEventStore } from './sqlite.event-store.js';
import { LOG_FORMAT } from './sqlite-log.js';

describe('the log in SQLite', () => {
  let folder: string;
  let path: string;
  let store: SqliteEventStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-'));
    path = join(folder, 'data', 'log.db');
    store = SqliteEventStore.open(path);
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const append = (name: string, to = store) => to.append(`s-${name}`, 'no_stream', [event(name)]);
  const behindItsBack = (sql: string) => {
    const db = new DatabaseSync(path);
    try {
      db.exec(sql);
    } finally {
      db.close();
    }
  };

  test('is readable by its owner only', async () => {
    await append('a');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  });

  test('waits for the disk at every commit', () => {
    const db = openSqlite(path, { synchronous: 'FULL', format: LOG_FORMAT });
    const settings = [
      'journal_mode',
      'synchronous',
      'busy_timeout',
      'trusted_schema',
      'cell_size_check',
      'mmap_size',
    ];
    const found = settings.map((name) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
    db.close();
    expect(found).toEqual(['wal', 2, 5_000, 0, 1, 0]);
  });

  test.each(['3.45.1', '3.51.2', '3.50.9', '2.99.9', ''])('refuses SQLite %p', (version) =>
    expect(() => requireSqlite(version)).toThrow(SqliteRefused),
  );
  test.each(['3.51.3', '3.51.10', '3.52.0', '4.0.0'])('takes SQLite %p', (version) =>
    expect(() => requireSqlite(version)).not.toThrow(),
  );
  test('refuses a network filesystem', () => {
    expect(() => refuseNetwork('/mnt', 0x6969)).toThrow('/mnt is on NFS');
    expect(() => refuseNetwork('/mnt', -11317950)).toThrow('CIFS');
    expect(() => refuseNetwork('/mnt', 0xef53)).not.toThrow();
  });

  test('refuses a log of a newer build', async () => {
    await store.close();
    behindItsBack('PRAGMA user_version = 99');
    expect(() => SqliteEventStore.open(path)).toThrow('is in format 99, this build knows 1');
    behindItsBack('PRAGMA user_version = 1');
    store = SqliteEventStore.open(path);
  });

  test.each([
    "UPDATE events SET data = '{}'",
    "UPDATE OR REPLACE events SET stream = 's-b' WHERE stream = 's-a'",
    'DELETE FROM events',
    "DELETE FROM events WHERE stream = 's-b'",
  ])('lets nobody do this: %s', async (sql) => {
    await append('a');
    await append('b');
    expect(() => behindItsBack(sql)).toThrow('the log is only ever appended to');
    expect(await store.readAll(START, 10)).toHaveLength(2);
  });

  test('has one owner, whom a second is told of', async () => {
    expect(() => SqliteEventStore.open(path)).toThrow(`is in use by process ${process.pid}`);
    await append('a');
    await store.close();
    store = SqliteEventStore.open(path);
    await append('b');
  });

  test('may be read beside its owner', async () => {
    await append('a');
    const reader = SqliteEventStore.openForReading(path);
    const stop = new AbortController();
    expect(await reader.readAll(START, 10)).toHaveLength(1);
    await expect(append('x', reader)).rejects.toThrow('open for reading only');
    const waiting = reader.waitPast(1, stop.signal);
    await append('b');
    await waiting;
    expect(await reader.head()).toBe(2);
    const idle = reader.waitPast(2, stop.signal);
    stop.abort();
    await idle;
    await reader.close();
    await append('c');
  });

  test('may be read where nothing may be written', async () => {
    await append('a');
    await store.close();
    for (const file of [folder, join(folder, 'data'), path]) chmodSync(file, 0o555);
    // To whoever may do everything nothing is forbidden: they step down meanwhile.
    const isMighty = process.geteuid?.() === 0;
    if (isMighty) process.seteuid?.(65534);
    try {
      expect(() => writeFileSync(join(folder, 'data', 'mine'), '')).toThrow('EACCES');
      const reader = SqliteEventStore.openForReading(path);
      expect(await reader.readAll(START, 10)).toHaveLength(1);
      await reader.close();
    } finally {
      if (isMighty) process.seteuid?.(0);
      for (const file of [folder, join(folder, 'data')]) chmodSync(file, 0o700);
    }
  });

  test('takes what was asked before it closes, and nothing after', async () => {
    const pending = append('a');
    await store.close();
    await store.close();
    await expect(pending).resolves.toEqual({ revision: 0, position: 1 });
    await expect(append('b')).rejects.toThrow(EventStoreUnavailable);
    store = SqliteEventStore.open(path);
    expect(await store.head()).toBe(1);
  });

  test('wakes whoever waits when it closes', async () => {
    const waiting = store.waitPast(START, new AbortController().signal);
    await store.close();
    await waiting;
  });

  test('says that it surely wrote nothing while another holds the lock or the disk is full, and recovers', async () => {
    await append('a');
    const full = (store as unknown as { db: DatabaseSync }).db;
    const pages = Number(full.prepare('PRAGMA page_count').get()?.['page_count']);
    full.exec(`PRAGMA max_page_count = ${pages}`);
    const big = { text: 'x'.repeat(200_000) };
    const ends = await Promise.allSettled([
      store.append('s-big', 'no_stream', [event('big', big)]),
      append('small'),
      store.append('s-a', 'no_stream', [event('other')]),
    ]);
    expect(ends.map((end) => (end.status === 'rejected' ? end.reason.name : 'written'))).toEqual([
      'EventStoreUnavailable',
      'written',
      'RevisionConflict',
    ]);
    full.exec('PRAGMA max_page_count = 1000000');
    expect(await store.append('s-big', 'no_stream', [event('big', big)])).toMatchObject({ revision: 0 });

    full.exec('PRAGMA busy_timeout = 1');
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(append('b')).rejects.toThrow(EventStoreUnavailable);
    other.exec('ROLLBACK');
    other.close();
    expect(await append('b')).toMatchObject({ revision: 0 });
    expect(existsSync(path)).toBe(true);
  });

  test('gives positions that are never used again', async () => {
    await append('a');
    await append('b');
    await store.close();
    behindItsBack('DROP TRIGGER events_are_never_deleted; DELETE FROM events WHERE position = 2');
    store = SqliteEventStore.open(path);
    expect(await append('c')).toMatchObject({ position: 3 });
  });

  test('groups a thousand appends and more', async () => {
    await Promise.all(Array.from({ length: 2_500 }, (_, n) => append(`n${n}`)));
    expect(await store.head()).toBe(2_500);
    await expect(store.append('s', 'no_stream', [])).rejects.toThrow(AppendRefused);
  });
});
