import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { counter, counters, countersCatalog, someone } from '../../../test/support/counters.js';
import { SeededIds } from '../../../test/support/seeded-ids.js';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { MemoryEventStore } from '../infrastructure/event-store/memory.event-store.js';
import { MemoryReadStore } from '../infrastructure/read-store/memory.read-store.js';
import { anyProjection } from './projection-fold.js';
import { digestOf, rebuild } from './rebuild.js';
import { Streams } from './streams.js';
import { Subscriptions } from './subscriptions.js';

/** Removes a row at every third event, so that rows come back. */
const flickering = {
  ...counters,
  name: 'flickering',
  project: (...[row, event, key]: Parameters<typeof counters.project>) =>
    event.revision % 3 === 2 ? null : counters.project(row, event, key),
};
const projections = [anyProjection(counters), anyProjection(flickering)];

describe('a rebuild', () => {
  let store: MemoryEventStore;
  let rows: MemoryReadStore;
  let streams: Streams;
  const clock = new VirtualClock();
  beforeEach(() => {
    store = new MemoryEventStore();
    rows = new MemoryReadStore();
    streams = new Streams(store, countersCatalog(), clock, new SeededIds());
  });
  const host = () =>
    new Subscriptions(store, rows, countersCatalog(), clock)
      .addProjection(counters)
      .addProjection(flickering);
  const run = () => rebuild(store, countersCatalog(), rows, projections);

  test('gives the rows that stand, byte for byte, whatever happened', async () => {
    const step = fc.tuple(
      fc.constantFrom('counter_a', 'counter_b', 'counter_c'),
      fc.integer({ min: 0, max: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(40), async (steps, pause) => {
        rows = new MemoryReadStore();
        for (const part of [steps.slice(0, pause), steps.slice(pause)]) {
          const readers = host();
          await readers.start();
          for (const [id, by] of part) await streams.handle(counter, id, by, someone);
          expect(await readers.waitFor(await store.head(), 1_000)).toBe(true);
          await readers.stop();
        }
        const live = await Promise.all(projections.map((one) => digestOf(rows, one)));
        const rebuilt = await run();
        expect(rebuilt.map(({ digest }) => digest)).toEqual(live);
        expect(rebuilt.map(({ before }) => before)).toEqual(live);
      }),
      { numRuns: 25 },
    );
  });

  test('mends rows that were lost or changed, and says that they were wrong', async () => {
    await streams.handle(counter, 'counter_a', 5, someone);
    const [first] = await run();
    await rows.commit(counters, 1, 1, [{ key: 'all', row: { created_at: '2026', sum: 9 } }]);
    const [second] = await run();
    expect(second?.digest).toBe(first?.digest);
    expect(second?.before).not.toBe(second?.digest);
    expect(await rows.get(counters, 'all')).toMatchObject({ sum: 5 });
  });

  test('hands over to the reader that goes on', async () => {
    const readers = host();
    await readers.start();
    for (let n = 0; n < 3; n++) await streams.handle(counter, 'counter_a', 1, someone);
    await readers.waitFor(3, 1_000);
    await run();
    await streams.handle(counter, 'counter_a', 1, someone);
    await readers.waitFor(4, 1_000);
    await readers.stop();
    expect(await rows.get(counters, 'all')).toMatchObject({ sum: 4, count: 4 });
  });

  test('replaces nothing where a projection throws', async () => {
    await streams.handle(counter, 'counter_a', 5, someone);
    await run();
    const broken = anyProjection({
      ...counters,
      project: () => {
        throw new Error('unlucky');
      },
    });
    await expect(rebuild(store, countersCatalog(), rows, [broken])).rejects.toThrow('unlucky');
    expect(await rows.get(counters, 'all')).toMatchObject({ sum: 5 });
  });
});
