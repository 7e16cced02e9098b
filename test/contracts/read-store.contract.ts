import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  checkpointName,
  type ReadStore,
  type Row,
  type RowQuery,
  type TableName,
} from '../../src/shared/application/ports/read-store.port.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';

export type ReadStoreSubject = Readonly<{
  name: string;
  /** A fresh, empty read model. */
  open(): Promise<OpenedReadStore>;
}>;

export type OpenedReadStore = Readonly<{
  store: ReadStore;
  restart?(): Promise<ReadStore>;
  close(): Promise<void>;
}>;

const orders: TableName = {
  name: 'order-summary',
  version: 1,
  indexes: ['store', 'status', 'paid', 'store+status'],
};
const at = (second: number) => new Date(Date.UTC(2026, 10, 2, 9, 0, second)).toISOString();
const row = (second: number, fields: Record<string, unknown> = {}): Row => ({
  created_at: at(second),
  ...fields,
});

/** What every read store promises. */
export function readStoreContract(subject: ReadStoreSubject): void {
  describe(`a read store: ${subject.name}`, () => {
    let opened: OpenedReadStore;
    let store: ReadStore;
    beforeEach(async () => {
      opened = await subject.open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const put = (rows: Record<string, Row | null>, from = 0, to = from + 1, table = orders) =>
      store.commit(
        table,
        from,
        to,
        Object.entries(rows).map(([key, value]) => ({ key, row: value })),
      );
    const keys = async (query: Partial<RowQuery>, table = orders) => {
      const { rows, hasMore } = await store.find(table, { limit: 10, ...query });
      return `${rows.map(({ _key }) => _key).join(' ')}${hasMore ? ' …' : ''}`;
    };

    test('is empty before anything is written', async () => {
      expect(await store.get(orders, 'a')).toBeUndefined();
      expect(await store.getMany(orders, ['a'])).toEqual(new Map());
      expect(await keys({ where: { status: 'paid' } })).toBe('');
      expect(await store.checkpoint('order-summary@1')).toBe(0);
      expect(await dump(store, orders)).toEqual([]);
      await expect(keys({ startingAfter: 'a' })).rejects.toMatchObject({ code: 'invalid_cursor' });
    });

    test('writes rows and checkpoint in one step, where the checkpoint is as expected', async () => {
      expect(await put({ a: row(1, { n: 1 }), b: row(2) }, 0, 7)).toBe(true);
      expect(await store.checkpoint(checkpointName(orders))).toBe(7);
      expect(await put({ a: row(1, { n: 2 }), c: row(3) }, 0, 9)).toBe(false);
      expect(await put({ a: row(1, { n: 2 }), c: row(3) }, 6, 9)).toBe(false);
      expect(await store.checkpoint(checkpointName(orders))).toBe(7);
      expect(await store.get(orders, 'a')).toEqual(row(1, { n: 1 }));
      expect(await store.get(orders, 'c')).toBeUndefined();
      expect(await put({ a: row(1, { n: 2 }), b: null, c: row(3) }, 7, 7)).toBe(true);
      expect(await store.getMany(orders, ['a', 'b', 'c', 'd'])).toEqual(
        new Map([
          ['a', row(1, { n: 2 })],
          ['c', row(3)],
        ]),
      );
    });

    test('lets one of two runners at the same checkpoint win', async () => {
      const ends = await Promise.all([put({ a: row(1) }, 0, 1), put({ b: row(1) }, 0, 1)]);
      expect(ends.filter(Boolean)).toHaveLength(1);
      expect(await dump(store, orders)).toHaveLength(1);
    });

    test('gives rows back as they were written', async () => {
      const full = row(1, {
        text: 'ü"\\\u2028',
        list: [1, { a: null }],
        nested: { b: true },
        none: null,
        big: 9e15,
      });
      await put({ 'a key/with "signs"': full });
      expect(await store.get(orders, 'a key/with "signs"')).toEqual(full);
      expect((await store.find(orders, { limit: 1 })).rows).toEqual([
        { ...full, _key: 'a key/with "signs"' },
      ]);
    });

    test('keeps the rows of versions apart, and drops one without the other', async () => {
      const next = { ...orders, version: 2 };
      await put({ a: row(1, { v: 1 }) }, 0, 4);
      await put({ a: row(1, { v: 2 }) }, 0, 5, next);
      await store.drop(orders);
      await store.drop(orders);
      expect(await store.get(orders, 'a')).toBeUndefined();
      expect(await store.checkpoint(checkpointName(orders))).toBe(0);
      expect(await store.get(next, 'a')).toEqual(row(1, { v: 2 }));
      expect(await put({ a: row(1, { v: 3 }) }, 0, 1)).toBe(true);
    });

    test('pages newest first, the key deciding within one moment, both ways', async () => {
      await put({ a: row(1), b: row(2), c: row(2), d: row(2), e: row(3), f: row(4) });
      expect(await keys({})).toBe('f e d c b a');
      expect(await keys({ limit: 2 })).toBe('f e …');
      expect(await keys({ limit: 2, startingAfter: 'e' })).toBe('d c …');
      expect(await keys({ limit: 2, startingAfter: 'c' })).toBe('b a');
      expect(await keys({ limit: 2, startingAfter: 'a' })).toBe('');
      expect(await keys({ limit: 2, endingBefore: 'b' })).toBe('d c …');
      expect(await keys({ limit: 2, endingBefore: 'd' })).toBe('f e');
      expect(await keys({ limit: 2, endingBefore: 'f' })).toBe('');
      expect(await keys({ limit: 9, startingAfter: 'f', endingBefore: 'b' })).toBe('e d c');
    });

    test.each(['startingAfter', 'endingBefore'] as const)(
      'refuses a cursor that is no row: %s',
      async (side) => {
        await put({ a: row(1) });
        await expect(keys({ [side]: 'gone' })).rejects.toMatchObject({
          name: 'Refusal',
          code: 'invalid_cursor',
        });
      },
    );

    test('filters by fields that have an index, and only by those', async () => {
      await put({
        a: row(1, { store: 's1', status: 'paid', paid: true }),
        b: row(2, { store: 's1', status: 'unpaid', paid: false }),
        c: row(3, { store: 's2', status: 'paid', paid: 1 }),
        d: row(4, { store: 's1', status: 'overpaid', paid: 'true' }),
        e: row(5, { store: 's1', status: null, paid: ['true'] }),
      });
      expect(await keys({ where: { store: 's1' } })).toBe('e d b a');
      expect(await keys({ where: { store: 's1', status: 'paid' } })).toBe('a');
      expect(await keys({ where: { store: 's1', status: undefined } })).toBe('e d b a');
      expect(await keys({ where: { status: ['paid', 'overpaid', 'paid'] } })).toBe('d c a');
      expect(await keys({ where: { status: ['paid', 'overpaid'] }, limit: 2 })).toBe('d c …');
      expect(await keys({ where: { status: ['paid', 'overpaid'] }, startingAfter: 'd' })).toBe('c a');
      expect(await keys({ where: { status: ['paid', 'overpaid'] }, endingBefore: 'a' })).toBe('d c');
      expect(await keys({ where: { status: [] } })).toBe('');
      expect(await keys({ where: { paid: true } })).toBe('a');
      expect(await keys({ where: { paid: false } })).toBe('b');
      expect(await keys({ where: { paid: 1 } })).toBe('c');
      expect(await keys({ where: { paid: 'true' } })).toBe('d');
      await expect(keys({ where: { colour: 'red' } })).rejects.toThrow('no index on colour');
    });

    test('filters by when a row was made', async () => {
      await put({ a: row(1), b: row(2), c: row(3), d: row(4) });
      expect(await keys({ createdAt: { gte: at(2), lt: at(4) } })).toBe('c b');
      expect(await keys({ createdAt: { gt: at(2), lte: at(4) } })).toBe('d c');
      expect(await keys({ createdAt: { gt: at(1) }, startingAfter: 'd' })).toBe('c b');
    });

    test('finds a row where it moved to', async () => {
      await put({ a: row(1, { status: 'unpaid' }), b: row(2, { status: 'unpaid' }) });
      await put({ a: row(9, { status: 'paid' }), b: null }, 1);
      expect(await keys({ where: { status: 'unpaid' } })).toBe('');
      expect(await keys({ where: { status: 'paid' } })).toBe('a');
      expect(await keys({})).toBe('a');
    });

    test('puts rows in place of all others in one step', async () => {
      await put({ a: row(1, { status: 'paid' }), b: row(2) }, 0, 5);
      await store.replace(orders, 8, [
        { key: 'b', row: row(2, { status: 'paid' }) },
        { key: 'c', row: row(3, { status: 'unpaid' }) },
      ]);
      expect(await keys({})).toBe('c b');
      expect(await keys({ where: { status: 'paid' } })).toBe('b');
      expect(await store.checkpoint(checkpointName(orders))).toBe(8);
      expect(await put({ d: row(4) }, 5, 6)).toBe(false);
      expect(await put({ d: row(4) }, 8, 9)).toBe(true);
      await store.replace(orders, 9, []);
      expect(await keys({})).toBe('');
    });

    test('answers from the old rows until the new ones stand', async () => {
      await put({ a: row(1) }, 0, 5);
      let seen = 0;
      const rows = function* () {
        for (let n = 0; n < 5_000; n++) yield { key: `k${String(n).padStart(5, '0')}`, row: row(n % 60) };
      };
      let done = false;
      const replaced = store.replace(orders, 6, rows()).then(() => {
        done = true;
      });
      while (!done) {
        const page = await keys({ limit: 1 });
        expect(['a', 'k04979 …']).toContain(page);
        seen++;
        await new Promise((resolve) => setImmediate(resolve));
      }
      await replaced;
      expect(seen).toBeGreaterThan(0);
      expect(await keys({ limit: 1 })).toBe('k04979 …');
    });

    test('scans every row in key order', async () => {
      const many = Array.from({ length: 4_321 }, (_, n) => `k${(n * 7_919) % 10_000}`);
      await put(Object.fromEntries(many.map((key, n) => [key, row(n % 60, { n })])));
      const scanned = (await dump(store, orders)).map(({ key }) => key);
      expect(scanned).toEqual([...many].sort());
    });

    test('keeps a checkpoint by name, and never moves it back', async () => {
      await store.saveCheckpoint('sweep', 5);
      await store.saveCheckpoint('sweep', 3);
      expect(await store.checkpoint('sweep')).toBe(5);
      expect(await store.checkpoint('other')).toBe(0);
    });

    test('answers as soon as other indexes are asked for', async () => {
      await put({ a: row(1, { colour: 'red' }), b: row(2, { colour: 'blue' }) }, 0, 3);
      const other = { ...orders, indexes: ['colour'] };
      expect(await keys({ where: { colour: 'red' } }, other)).toBe('a');
      expect(await store.checkpoint(checkpointName(other))).toBe(3);
      expect(await put({ c: row(3, { colour: 'red' }) }, 3, 4, other)).toBe(true);
      expect(await keys({ where: { colour: 'red' } }, other)).toBe('c a');
    });

    test('answers every query as the store in memory does', async () => {
      const model = new MemoryReadStore();
      const fields = fc.record({
        store: fc.constantFrom('s1', 's2'),
        status: fc.constantFrom('paid', 'unpaid', 'overpaid'),
        second: fc.integer({ min: 0, max: 9 }),
      });
      const rows = await fc.sample(fields, { numRuns: 120, seed: 7 });
      const changes = rows.map(({ second, ...rest }, n) => ({
        key: `k${(n * 37) % 120}`,
        row: row(second, rest),
      }));
      for (const one of [store, model]) await one.commit(orders, 0, 1, changes);
      const cursor = fc.option(
        fc.integer({ min: 0, max: 119 }).map((n) => `k${n}`),
        { nil: undefined },
      );
      const second = fc.option(fc.integer({ min: 0, max: 9 }).map(at), { nil: undefined });
      const query = fc.record({
        where: fc.record({
          store: fc.constantFrom(undefined, 's1', 's3'),
          status: fc.constantFrom(undefined, 'paid', ['paid', 'unpaid'], []),
        }),
        createdAt: fc.record({ gte: second, lt: second }),
        startingAfter: cursor,
        endingBefore: cursor,
        limit: fc.integer({ min: 1, max: 20 }),
      });
      await fc.assert(
        fc.asyncProperty(query, async (asked) => {
          const clean = JSON.parse(JSON.stringify(asked)) as RowQuery;
          expect(await store.find(orders, clean)).toEqual(await model.find(orders, clean));
        }),
        { numRuns: 150 },
      );
    });

    test('has it all after a restart', async () => {
      if (!opened.restart) return;
      await put({ a: row(1, { status: 'paid' }) }, 0, 5);
      store = await opened.restart();
      expect(await keys({ where: { status: 'paid' } })).toBe('a');
      expect(await put({ b: row(2) }, 5, 6)).toBe(true);
    });
  });
}

async function dump(store: ReadStore, table: TableName) {
  const rows: Readonly<{ key: string; row: Row }>[] = [];
  for await (const one of store.scan(table)) rows.push(one);
  return rows;
}
