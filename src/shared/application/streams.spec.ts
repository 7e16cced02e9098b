import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Counted, counter, countersCatalog, someone } from '../../../test/support/counters.js';
import { SeededIds } from '../../../test/support/seeded-ids.js';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { fold } from '../domain/decider.js';
import { MemoryEventStore } from '../infrastructure/event-store/memory.event-store.js';
import {
  AppendInDoubt,
  EventStoreUnavailable,
  type ExpectedRevision,
  type NewEvent,
  START,
} from './ports/event-store.port.js';
import { Streams } from './streams.js';

/** What happens to the next appends before and after they are written. */
class TroubledStore extends MemoryEventStore {
  appends = 0;
  readonly before: (() => Promise<unknown> | undefined)[] = [];
  readonly after: (() => Promise<unknown> | undefined)[] = [];

  override async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]) {
    this.appends++;
    await this.before.shift()?.();
    const appended = await super.append(stream, expected, events);
    await this.after.shift()?.();
    return appended;
  }
}

/** Sleeps as long as it is told to, in no time. */
class ImpatientClock extends VirtualClock {
  override async sleep(): Promise<void> {}
}

describe('aggregates over the log', () => {
  let store: TroubledStore;
  let streams: Streams;
  const rivals = () => new Streams(store, countersCatalog(), new ImpatientClock(), new SeededIds('rival'));
  const count = (by: number, options = {}) => streams.handle(counter, 'counter_7', by, someone, options);
  const lose = () => {
    throw new AppendInDoubt('no answer');
  };
  beforeEach(() => {
    store = new TroubledStore();
    streams = new Streams(store, countersCatalog(), new ImpatientClock(), new SeededIds());
  });

  test('begin empty', async () => {
    expect(await streams.load(counter, 'counter_7')).toEqual({
      state: 0,
      revision: 'no_stream',
      position: START,
    });
    expect(await streams.history(counter, 'counter_7')).toEqual([]);
    expect(await count(0)).toEqual({ state: 0, events: [], revision: -1, position: START });
  });

  test('keep what was decided, with who asked and when', async () => {
    await streams.handle(counter, 'counter_8', 1, someone);
    expect(await count(5)).toEqual({
      state: 5,
      events: [{ type: 'Counted', data: { by: 5 } }],
      revision: 0,
      position: 2,
    });
    expect(await store.read('counter-7')).toMatchObject([
      {
        type: 'Counted',
        schemaVersion: 1,
        metadata: { occurred_at: '2026-11-02T09:00:00.000Z', $correlationId: 'c1', actor_kind: 'system' },
      },
    ]);
    expect(await streams.load(counter, 'counter_7')).toEqual({ state: 5, revision: 0, position: 2 });
    expect(await streams.history(counter, 'counter_7')).toMatchObject([{ type: 'Counted', revision: 0 }]);
  });

  test('write nothing where it is so already, and say where the stream stands', async () => {
    await count(5);
    expect(await count(0)).toEqual({ state: 5, events: [], revision: 0, position: 1 });
    expect(store.appends).toBe(1);
  });

  test('write nothing when a rule says no', async () => {
    await expect(count(1_001)).rejects.toMatchObject({ code: 'amount_exceeds_balance' });
    expect(store.appends).toBe(0);
  });

  test('take turns in one process: two hundred at once, not one conflict', async () => {
    const ends = await Promise.allSettled(Array.from({ length: 200 }, () => count(6)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(166);
    expect(await streams.load(counter, 'counter_7')).toMatchObject({ state: 996, revision: 165 });
    expect(store.appends).toBe(166);
  });

  test('decide again where another process was faster', async () => {
    await count(900);
    store.before.push(() => rivals().handle(counter, 'counter_7', 50, someone));
    expect(await count(40)).toMatchObject({ state: 990, revision: 2 });
    store.before.push(() => rivals().handle(counter, 'counter_7', 10, someone));
    await expect(count(5)).rejects.toMatchObject({ code: 'amount_exceeds_balance' });
  });

  test('give up where another process is always faster', async () => {
    const other = rivals();
    const faster = () => other.handle(counter, 'counter_7', 1, someone);
    for (let n = 0; n < 100; n++) store.before.push(n % 2 ? () => undefined : faster);
    await expect(count(5)).rejects.toMatchObject({ code: 'overloaded' });
  });

  test('refuse a command that was meant for another revision', async () => {
    await count(1, { expectedRevision: -1 });
    await count(2, { expectedRevision: 0 });
    await expect(count(3, { expectedRevision: 0 })).rejects.toMatchObject({ code: 'revision_mismatch' });
    store.before.push(() => rivals().handle(counter, 'counter_7', 50, someone));
    await expect(count(3, { expectedRevision: 1 })).rejects.toMatchObject({ code: 'revision_mismatch' });
  });

  test('ask again where an answer was lost, and count once', async () => {
    store.after.push(lose, lose, lose);
    expect(await count(5)).toMatchObject({ state: 5, revision: 0, position: 1 });
    store.before.push(lose);
    expect(await count(5)).toMatchObject({ state: 10, revision: 1 });
    expect(await store.read('counter-7')).toHaveLength(2);
  });

  test('find their own event where the answer was lost and another process went on', async () => {
    store.after.push(async () => {
      await rivals().handle(counter, 'counter_7', 100, someone);
      lose();
    });
    expect(await count(5)).toMatchObject({ revision: 0, position: 1, events: [{ data: { by: 5 } }] });
    expect(await streams.load(counter, 'counter_7')).toMatchObject({ state: 105, revision: 1 });
  });

  test('say so where there is no telling whether it was written', async () => {
    for (let n = 0; n < 20; n++) store.before.push(lose);
    await expect(count(5)).rejects.toThrow(AppendInDoubt);
    store.before.length = 0;
    store.before.push(() => {
      throw new EventStoreUnavailable('disk full');
    });
    await expect(count(5)).rejects.toThrow('disk full');
    expect(await count(5)).toMatchObject({ state: 5 });
  });

  test('are at any time what a fresh fold of their stream is', async () => {
    const step = fc.record({
      id: fc.constantFrom('counter_a', 'counter_b'),
      by: fc.integer({ min: 0, max: 9 }),
      mine: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const other = rivals();
        for (const { id, by, mine } of steps) {
          await (mine ? streams : other).handle(counter, id, by, someone);
          for (const one of [streams, other]) {
            const history = await one.history(counter, id);
            const loaded = await one.load(counter, id);
            expect(loaded.state).toBe(fold(counter.decider, history as readonly Counted[]));
            expect(loaded.revision).toBe(history.at(-1)?.revision ?? 'no_stream');
            expect(loaded.position).toBe(history.at(-1)?.position ?? START);
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
