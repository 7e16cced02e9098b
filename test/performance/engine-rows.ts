import { hash } from 'node:crypto';
import { createReadStream, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { type Position, START } from '../../src/shared/application/ports/event-store.port.js';
import { anyProjection } from '../../src/shared/application/projection-fold.js';
import { foldLog } from '../../src/shared/application/rebuild.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import { SystemClock } from '../../src/shared/infrastructure/clock/system.clock.js';
import { SqliteEventStore } from '../../src/shared/infrastructure/event-store/sqlite.event-store.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { SqliteReadStore } from '../../src/shared/infrastructure/read-store/sqlite.read-store.js';
import { compare, type Note, perSecond, rate } from './measure.js';
import { fill, notedCatalog, orders } from './orders-log.js';

const SMALL = 10_000;
const LARGE = 200_000;

/** Reading a whole log and building rows from it, beside a plain file and beside SQL that does it all by itself. */
export async function replays(folder: string, figure: Note): Promise<void> {
  const [small, large] = [join(folder, 'small.db'), join(folder, 'large.db')];
  for (const [path, events] of [
    [small, SMALL],
    [large, LARGE],
  ] as const) {
    const store = SqliteEventStore.open(path);
    await fill(store, events);
    await store.close();
  }
  const store = SqliteEventStore.openForReading(large);
  const lines = join(folder, 'log.jsonl');
  const all = await store.readAll(START, LARGE);
  writeFileSync(lines, all.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const envelope = statSync(lines).size;
  figure(
    'disk per event / its JSON envelope',
    statSync(large).size / envelope,
    { atMost: 1.4 },
    `${Math.round(statSync(large).size / LARGE)} B`,
  );

  const readAll = async () => {
    for (let at: Position = START; ; ) {
      const events = await store.readAll(at, 1_000);
      if (events.length === 0) return;
      at = events.at(-1)?.position ?? at;
    }
  };
  const replay = () => rate(LARGE, readAll);
  const plain = () =>
    rate(LARGE, async () => {
      for await (const line of createInterface({ input: createReadStream(lines) })) {
        if (hash('sha256', line).length === 64) JSON.parse(line);
      }
    });
  const read = await compare(replay, plain);
  figure(
    'replay / JSON lines, both parsed and every hash computed',
    read.ratio,
    { atLeast: 0.65 },
    `${perSecond(read.one)} / ${perSecond(read.other)}`,
  );

  const rebuilt = (path: string, events: number) =>
    rate(events, async () => {
      const log = SqliteEventStore.openForReading(path);
      const rows = SqliteReadStore.open(join(folder, 'rebuilt.db'));
      const { folds, position } = await foldLog(log, notedCatalog(), [anyProjection(orders)]);
      for (const [projection, fold] of folds) await rows.replace(projection, position, fold.rows());
      rows.close();
      await log.close();
    });
  // SQL checks no hash; a rebuild does, so the reading stands on both sides.
  const alone = () =>
    rate(LARGE, async () => {
      await readAll();
      sqlAlone(large, join(folder, 'alone.db'));
    });
  const build = await compare(() => rebuilt(large, LARGE), alone);
  figure(
    'rebuild of a projection / replay, then SQL alone',
    build.ratio,
    { atLeast: 0.45 },
    `${perSecond(build.one)} / ${perSecond(build.other)}`,
  );
  const growth = await compare(
    () => rebuilt(large, LARGE),
    () => rebuilt(small, SMALL),
  );
  figure(
    'rebuild speed, 200k events / 10k',
    growth.ratio,
    { atLeast: 0.7 },
    `${perSecond(growth.one)} / ${perSecond(growth.other)}`,
  );
  await store.close();
}

function sqlAlone(log: string, into: string): void {
  const db = new DatabaseSync(into);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000;
    ATTACH '${log}' AS log; DROP TABLE IF EXISTS orders;
    CREATE TABLE orders (key TEXT PRIMARY KEY, created_at TEXT, body TEXT, store TEXT, status TEXT) WITHOUT ROWID;
    INSERT INTO orders
      SELECT stream, min(json_extract(metadata, '$.occurred_at')),
        json_object('created_at', min(json_extract(metadata, '$.occurred_at')), 'store', json_extract(data, '$.store'),
          'status', json_extract(data, '$.status'), 'total', json_extract(data, '$.total'), 'events', count(*)),
        json_extract(data, '$.store'), json_extract(data, '$.status')
      FROM log.events GROUP BY stream ORDER BY stream;
    CREATE INDEX a ON orders (created_at, key); CREATE INDEX b ON orders (store, created_at, key);
    CREATE INDEX c ON orders (status, created_at, key); CREATE INDEX d ON orders (store, status, created_at, key)`);
  db.close();
}

/** A page of 50 from many rows beside one from few. */
export async function pages(folder: string, figure: Note): Promise<void> {
  const rows = SqliteReadStore.open(join(folder, 'pages.db'));
  const table = (count: number) => ({ ...orders, name: `orders-${count}` });
  const key = (n: number) => `order-${String(n).padStart(7, '0')}`;
  for (const count of [SMALL, LARGE]) {
    const all = Array.from({ length: count }, (_, n) => ({
      key: key(n),
      row: {
        created_at: new Date(1_790_000_000_000 + n * 1_000).toISOString(),
        store: `store_${n % 20}`,
        status: ['paid', 'unpaid', 'partially_paid'][n % 3],
        total: n,
        events: 5,
      },
    }));
    await rows.replace(table(count), 1, all);
  }
  const asks = {
    'first page of a store by status': () => ({ where: { store: 'store_7', status: 'paid' } }),
    'first page by two statuses': () => ({ where: { status: ['paid', 'unpaid'] } }),
    'deep page of all': (count: number) => ({ startingAfter: key(count / 2) }),
  };
  for (const [name, query] of Object.entries(asks)) {
    const micros = (count: number) => async () => {
      const begun = performance.now();
      for (let n = 0; n < 300; n++) await rows.find(table(count), { ...query(count), limit: 50 });
      return ((performance.now() - begun) * 1_000) / 300;
    };
    await micros(LARGE)();
    const grown = await compare(micros(LARGE), micros(SMALL));
    figure(
      `${name}, 200k rows / 10k`,
      grown.ratio,
      { atMost: 5 },
      `${Math.round(grown.one)} us / ${Math.round(grown.other)} us`,
    );
  }
  rows.close();
}

/** What keeping up costs, with several readers of the same log. */
export async function keepingUp(folder: string, figure: Note): Promise<void> {
  const store = SqliteEventStore.openForReading(join(folder, 'small.db'));
  const head = await store.head();
  const follow = (readers: number) => () =>
    rate(SMALL, async () => {
      const host = new Subscriptions(store, new MemoryReadStore(), notedCatalog(), new SystemClock());
      for (let n = 0; n < readers; n++)
        host.addProjection({ ...orders, name: `orders-${n}`, reads: n ? [] : ['Noted'] });
      await host.start();
      await host.waitFor(head, 30_000);
      await host.stop();
    });
  const cost = await compare(follow(10), follow(1));
  figure(
    'catching up, ten readers / one',
    cost.ratio,
    { atLeast: 0.5 },
    `${perSecond(cost.one)} / ${perSecond(cost.other)}`,
  );
  await store.close();
}
