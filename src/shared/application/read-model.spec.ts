import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Counted, type CounterRow, counters } from '../../../test/support/counters.js';
import { MemoryReadStore } from '../infrastructure/read-store/memory.read-store.js';
import { SqliteReadStore } from '../infrastructure/read-store/sqlite.read-store.js';
import { checkpointName, type ReadStore, type RowQuery } from './ports/read-store.port.js';
import type { Projection } from './projection.js';
import { ReadModel } from './read-model.js';

const table: Projection<Counted, CounterRow> = counters;
const at = (second: number) => new Date(Date.UTC(2026, 10, 2, 9, 0, second)).toISOString();

const stores: Readonly<Record<string, (folder: string) => ReadStore & { close?: () => void }>> = {
  memory: () => new MemoryReadStore(),
  SQLite: (folder) => SqliteReadStore.open(join(folder, 'read.db')),
};

describe.each(Object.keys(stores))('all rows, told page by page, out of a store of %s:', (kind) => {
  let folder: string;
  let store: ReadStore & { close?: () => void };
  let model: ReadModel;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rows-'));
    const open = stores[kind];
    if (!open) throw new Error(`no store ${kind}`);
    store = open(folder);
    model = new ReadModel(store);
  });
  afterEach(() => {
    store.close?.();
    rmSync(folder, { recursive: true });
  });

  /** One row for each moment given, in seconds: `r000`, `r001`, … */
  async function fill(seconds: readonly number[]): Promise<readonly string[]> {
    await store.drop(table);
    const rows = seconds.map((second, n) => ({
      key: `r${String(n).padStart(3, '0')}`,
      row: { created_at: at(second), sum: second, count: n % 3 },
    }));
    await store.commit(table, 0, 1, rows);
    return rows.map(({ key }) => key);
  }

  async function remove(keys: readonly string[]): Promise<void> {
    const from = await store.checkpoint(checkpointName(table));
    const changes = keys.map((key) => ({ key, row: null }));
    expect(await store.commit(table, from, from + 1, changes)).toBe(true);
  }

  /** Tells every row; `meanwhile` runs after each. */
  async function told(query: RowQuery, meanwhile: (key: string, nth: number) => Promise<void>) {
    const keys: string[] = [];
    for await (const { _key } of model.all(table, query)) {
      keys.push(_key);
      await meanwhile(_key, keys.length);
    }
    return keys;
  }

  test('it goes on when each row is removed as soon as it is told', async () => {
    const keys = await fill(Array.from({ length: 250 }, (_, n) => Math.floor(n / 9)));
    const seen = await told({ limit: 100 }, (key) => remove([key]));
    expect([...seen].sort()).toEqual(keys);
  });

  test('it goes on when all rows are of one moment, and the last row of every page is removed', async () => {
    const keys = await fill(Array.from({ length: 35 }, () => 7));
    const seen = await told({ limit: 10 }, async (key, nth) => {
      if (nth % 10 === 0) await remove([key]);
    });
    expect([...seen].sort()).toEqual(keys);
  });

  test('it tells newest first, between the moments asked for, and what fits only', async () => {
    await fill([5, 1, 3, 3, 9, 4, 2]);
    const between = await told({ limit: 2, createdAt: { gte: at(2), lt: at(9) } }, async () => undefined);
    expect(between).toEqual(['r000', 'r005', 'r003', 'r002', 'r006']);
    expect(await told({ limit: 1, where: { count: 0 } }, async () => undefined)).toEqual([
      'r000',
      'r003',
      'r006',
    ]);
  });

  test('whatever is removed meanwhile, no row is told twice, and none that stays is left out', async () => {
    const history = fc.record({
      seconds: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 }),
      limit: fc.integer({ min: 1, max: 8 }),
      /** After so many rows, these are removed: by their place among all. */
      removals: fc.array(
        fc.record({
          after: fc.integer({ min: 1, max: 40 }),
          rows: fc.array(fc.nat(39), { maxLength: 6 }),
          andTheOneTold: fc.boolean(),
        }),
        { maxLength: 12 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(history, async ({ seconds, limit, removals }) => {
        const keys = await fill(seconds);
        const removed = new Set<string>();
        const seen = await told({ limit }, async (key, nth) => {
          for (const { rows, andTheOneTold } of removals.filter(({ after }) => after === nth)) {
            const going = rows.flatMap((place) => keys[place] ?? []);
            if (andTheOneTold) going.push(key);
            for (const gone of going) removed.add(gone);
            await remove([...new Set(going)]);
          }
        });
        expect(new Set(seen).size).toBe(seen.length);
        expect(keys.filter((each) => !removed.has(each) && !seen.includes(each))).toEqual([]);
      }),
      { numRuns: kind === 'memory' ? 300 : 100 },
    );
  });
});
