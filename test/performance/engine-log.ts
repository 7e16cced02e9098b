import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import { SystemClock } from '../../src/shared/infrastructure/clock/system.clock.js';
import { SqliteEventStore } from '../../src/shared/infrastructure/event-store/sqlite.event-store.js';
import { SqliteReadStore } from '../../src/shared/infrastructure/read-store/sqlite.read-store.js';
import { compare, median, type Note, perSecond, rate } from './measure.js';
import { type Noted, noted, notedCatalog, orders } from './orders-log.js';

/** Appends one after the other and 32 at once, beside plain writes that wait for the same disk. */
export async function appends(folder: string, figure: Note): Promise<void> {
  const store = SqliteEventStore.open(join(folder, 'append.db'));
  let streams = 0;
  const append = () =>
    store.append(`order-${String(streams++).padStart(9, '0')}`, 'no_stream', [noted(streams, 0)]);
  const one = () =>
    rate(1_000, async () => {
      for (let n = 0; n < 1_000; n++) await append();
    });
  const many = (at: number, count: number) =>
    rate(count, () =>
      Promise.all(
        Array.from({ length: at }, async () => {
          for (let n = 0; n < count / at; n++) await append();
        }),
      ),
    );
  const plain = openSync(join(folder, 'plain'), 'a');
  const raw = () =>
    rate(1_000, () => {
      for (let n = 0; n < 1_000; n++) {
        writeSync(plain, JSON.stringify(noted(n, 0)));
        fdatasyncSync(plain);
      }
    });
  await one();
  const floor = await compare(one, raw);
  figure(
    'append, one at a time / plain write + fdatasync',
    floor.ratio,
    { atLeast: 0.6 },
    `${perSecond(floor.one)} / ${perSecond(floor.other)}`,
  );
  const group = await compare(() => many(32, 9_600), one);
  figure(
    'append, 32 at once / one at a time',
    group.ratio,
    { atLeast: 4 },
    `${perSecond(group.one)} / ${perSecond(group.other)}`,
  );
  const tenths: number[] = [];
  for (let tenth = 0; tenth < 10; tenth++) tenths.push(await many(250, 15_000));
  const [first = 0, second = 0, third = 0] = tenths;
  const last = median(tenths.slice(-3));
  figure(
    'append speed, end of 190k events / beginning',
    last / median([first, second, third]),
    { atLeast: 0.8 },
    perSecond(last),
  );
  closeSync(plain);
  await store.close();
}

/** How soon a policy is told of what was appended, with a projection beside it. */
export async function reactions(folder: string, figure: Note): Promise<void> {
  const store = SqliteEventStore.open(join(folder, 'react.db'));
  const rows = SqliteReadStore.open(join(folder, 'react-rows.db'));
  const told = new Map<string, number>();
  const readers = new Subscriptions(store, rows, notedCatalog(), new SystemClock())
    .addProjection(orders)
    .addPolicy<Noted>({
      name: 'told',
      reads: ['Noted'],
      on: async ({ id }) => void told.set(id, performance.now()),
    });
  await readers.start();
  const policy: number[] = [];
  const projection: number[] = [];
  for (let n = 0; n < 1_000; n++) {
    const event = noted(n, 0);
    const { position } = await store.append(`order-${n}`, 'no_stream', [event]);
    const appended = performance.now();
    await readers.waitFor(position, 1_000);
    projection.push(performance.now() - appended);
    while (!told.has(event.id)) await new Promise((resolve) => setImmediate(resolve));
    policy.push((told.get(event.id) ?? 0) - appended);
  }
  figure(
    'committed -> policy told, median in ms',
    median(policy),
    { atMost: 5 },
    `slowest of 1,000: ${Math.max(...policy).toFixed(1)} ms`,
  );
  figure(
    'committed -> projection written, median in ms',
    median(projection),
    { atMost: 5 },
    `slowest of 1,000: ${Math.max(...projection).toFixed(1)} ms`,
  );
  await readers.stop();
  rows.close();
  await store.close();
}
