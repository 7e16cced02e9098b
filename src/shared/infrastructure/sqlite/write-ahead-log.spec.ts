import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { event } from '../../../../test/contracts/event-store.contract.js';
import { START } from '../../application/ports/event-store.port.js';
import { checkpointName } from '../../application/ports/read-store.port.js';
import { SqliteEventStore } from '../event-store/sqlite.event-store.js';
import { Log } from '../logging/log.js';
import { SqliteReadStore } from '../read-store/sqlite.read-store.js';
import { WalWatch } from './wal-watch.js';
import { KEPT_BYTES } from './write-ahead-log.js';

const MEGABYTE = 1024 * 1024;
/** With what stands beside it, about a megabyte. */
const TEXT = MEGABYTE - 1_000;
/** Appends that share one wait for the disk. */
const TOGETHER = 7;
const ALARM_BYTES = KEPT_BYTES + 8 * MEGABYTE;
const table = { name: 'things', version: 1, indexes: [] } as const;

let folder: string;
let store: SqliteEventStore;
let rows: SqliteReadStore;
let watch: WalWatch;
let registry: Registry;
let lines: { level: string; file: string; bytes: number }[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wal-'));
  store = SqliteEventStore.open(join(folder, 'log.db'));
  rows = SqliteReadStore.open(join(folder, 'read.db'));
  lines = [];
  registry = new Registry();
  const files = new Map([
    ['log.db', store.wal],
    ['read.db', rows.wal],
  ]);
  watch = new WalWatch(files, new Log('warn', (line) => lines.push(JSON.parse(line))), registry, ALARM_BYTES);
});
afterEach(async () => {
  rows.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

/** Somebody else who reads the file as it was at this moment, until they let go. */
function auditor(file: 'log.db' | 'read.db'): Readonly<{ count(): number; letGo(): void }> {
  const db = new DatabaseSync(join(folder, file), { readOnly: true });
  const select = db.prepare('SELECT count(*) AS n FROM sqlite_schema');
  const events = file === 'log.db' ? db.prepare('SELECT count(*) AS n FROM events') : select;
  db.exec('BEGIN');
  events.get();
  return { count: () => Number(events.get()?.['n']), letGo: () => db.close() };
}

let written = 0;
async function append(megabytes: number): Promise<void> {
  const one = (name: string) =>
    store.append(`s-${name}`, 'no_stream', [event(name, { text: 'x'.repeat(TEXT) })]);
  for (let left = megabytes; left > 0; left -= TOGETHER) {
    await Promise.all(Array.from({ length: Math.min(left, TOGETHER) }, () => one(`n${written++}`)));
  }
}

async function writeRows(from: number, megabytes: number): Promise<void> {
  for (let n = from; n < from + megabytes; n++) {
    const row = { id: `row${n}`, created_at: '2026-11-25T00:00:00.000Z', text: 'x'.repeat(TEXT) };
    expect(await rows.commit(table, n, n + 1, [{ key: row.id, row }])).toBe(true);
  }
}

async function gauge(file: string): Promise<number> {
  const text = await registry.metrics();
  return Number(new RegExp(`^quittance_wal_bytes\\{file="${file}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
}

/** In megabytes. */
const MORE_THAN_THE_ALARM = 5 * TOGETHER;

describe('while somebody reads one snapshot of the log for long', () => {
  test('every append goes on and is seen, the file grows, and is small again once they let go', async () => {
    await append(3);
    const reader = auditor('log.db');
    for (let n = 0; n < MORE_THAN_THE_ALARM; n += TOGETHER) {
      await append(TOGETHER);
      watch.look();
    }
    expect(await store.head()).toBe(3 + MORE_THAN_THE_ALARM);
    expect(reader.count()).toBe(3);
    const another = SqliteEventStore.openForReading(join(folder, 'log.db'));
    expect(await another.readAll(START + 3, 1_000)).toHaveLength(MORE_THAN_THE_ALARM);
    await another.close();

    expect(store.wal.bytes).toBeGreaterThan(ALARM_BYTES);
    expect(await gauge('log.db')).toBe(store.wal.bytes);
    expect(lines).toEqual([expect.objectContaining({ level: 'warn', file: 'log.db' })]);
    expect(lines[0]?.bytes).toBeGreaterThan(ALARM_BYTES);

    reader.letGo();
    watch.look();
    expect(await gauge('log.db')).toBe(0);
    expect(lines).toHaveLength(1);

    const later = auditor('log.db');
    await append(MORE_THAN_THE_ALARM);
    watch.look();
    later.letGo();
    expect(lines).toHaveLength(2);
  }, 30_000);

  test('the next appends alone make the file small again', async () => {
    const reader = auditor('log.db');
    await append(KEPT_BYTES / MEGABYTE + 6);
    expect(store.wal.bytes).toBeGreaterThan(KEPT_BYTES);
    reader.letGo();
    await append(1);
    await append(1);
    expect(store.wal.bytes).toBeLessThanOrEqual(KEPT_BYTES);
  }, 30_000);
});

test('rows are written while somebody reads one snapshot of them, and their file is small again afterwards', async () => {
  await writeRows(0, 1);
  const reader = auditor('read.db');
  await writeRows(1, MORE_THAN_THE_ALARM);
  watch.look();
  expect(await gauge('read.db')).toBeGreaterThan(ALARM_BYTES);
  expect(lines).toEqual([expect.objectContaining({ level: 'warn', file: 'read.db' })]);
  expect(await rows.checkpoint(checkpointName(table))).toBe(1 + MORE_THAN_THE_ALARM);
  reader.letGo();
  watch.look();
  expect(await gauge('read.db')).toBe(0);
}, 30_000);

test('without a long reader the file stays bounded by itself, and nobody is alarmed', async () => {
  for (let n = 0; n < MORE_THAN_THE_ALARM; n++) {
    auditor('log.db').letGo();
    await append(1);
    expect(store.wal.bytes).toBeLessThanOrEqual(KEPT_BYTES);
  }
  watch.look();
  expect(lines).toEqual([]);
}, 30_000);
