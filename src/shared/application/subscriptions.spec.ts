import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Counted,
  type CounterRow,
  counter,
  counters,
  countersCatalog,
  someone,
} from '../../../test/support/counters.js';
import { SeededIds } from '../../../test/support/seeded-ids.js';
import { settled, VirtualClock } from '../../../test/support/virtual-clock.js';
import { MemoryEventStore } from '../infrastructure/event-store/memory.event-store.js';
import { MemoryReadStore } from '../infrastructure/read-store/memory.read-store.js';
import type { Policy } from './policy.js';
import type { Position } from './ports/event-store.port.js';
import type { RowChange, TableName } from './ports/read-store.port.js';
import type { Told } from './projection.js';
import { ReadModel } from './read-model.js';
import type { ReaderStatus } from './reader-status.js';
import { Streams } from './streams.js';
import { Subscriptions } from './subscriptions.js';

/** Writes rows, then loses the answer or the disk, as often as it is told to. */
class TroubledRows extends MemoryReadStore {
  losesAnswers = 0;
  fails = 0;
  commits = 0;

  override async commit(table: TableName, from: Position, to: Position, changes: readonly RowChange[]) {
    this.commits++;
    if (this.fails-- > 0) throw new Error('disk full');
    const done = await super.commit(table, from, to, changes);
    if (this.losesAnswers-- > 0) throw new Error('answer lost');
    return done;
  }
}

describe('readers of the log', () => {
  let clock: VirtualClock;
  let store: MemoryEventStore;
  let rows: TroubledRows;
  let streams: Streams;
  let readers: Subscriptions;
  const started: Subscriptions[] = [];
  beforeEach(() => {
    clock = new VirtualClock();
    store = new MemoryEventStore();
    rows = new TroubledRows();
    streams = new Streams(store, countersCatalog(), clock, new SeededIds());
    readers = host();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
  });

  const host = () => {
    const one = new Subscriptions(store, rows, countersCatalog(), clock);
    started.push(one);
    return one;
  };
  const count = (by: number, id = 'counter_a') => streams.handle(counter, id, by, someone);
  const row = (key: string) => new ReadModel(rows).get(counters, key);
  const statusOf = async (name: string, of = readers) =>
    (await of.status()).find((one) => one.name === name) as ReaderStatus;
  const policy = (on: (event: Told<Counted>) => Promise<void>): Policy<Counted> => ({
    name: 'follow',
    reads: ['Counted'],
    on,
  });

  describe('a projection', () => {
    test('keeps up with the log, and says so', async () => {
      await count(1);
      await readers.addProjection(counters).start();
      const { position } = await count(2, 'counter_b');
      expect(await readers.waitFor(position, 1_000)).toBe(true);
      expect(await row('all')).toMatchObject({ sum: 3, count: 2 });
      expect(await row('counter-b')).toMatchObject({ sum: 2, count: 1 });
      expect(await statusOf('counters')).toMatchObject({ kind: 'projection', lag: 0, failure: undefined });
      expect(await readers.lag()).toBe(0);
    });

    test('may be added while the host runs', async () => {
      await readers.start();
      await count(1);
      readers.addProjection(counters);
      expect(await readers.waitFor(1, 1_000)).toBe(true);
      expect(() => readers.addProjection(counters)).toThrow('two readers named counters');
    });

    test('is waited for as long as asked and no longer', async () => {
      await readers.addProjection(counters).start();
      const waiting = readers.waitFor(1, 500);
      await clock.advance(499);
      await clock.advance(1);
      expect(await waiting).toBe(false);
    });

    test('goes on after a restart where it stood', async () => {
      await readers.addProjection(counters).start();
      for (let n = 0; n < 5; n++) await count(1);
      await readers.waitFor(5, 1_000);
      await readers.stop();
      await count(1);
      const next = host().addProjection(counters);
      await next.start();
      await next.waitFor(6, 1_000);
      expect(await row('all')).toMatchObject({ sum: 6, count: 6 });
    });

    test('counts every event once though the answer to its write is lost', async () => {
      rows.losesAnswers = 3;
      await readers.addProjection(counters).start();
      await count(1);
      await settled();
      for (let n = 0; n < 5; n++) await clock.advance(2_000);
      await count(2);
      await settled();
      expect(await row('all')).toMatchObject({ sum: 3, count: 2 });
    });

    test('counts every event once though two hosts keep the same rows', async () => {
      const other = host().addProjection(counters);
      await Promise.all([readers.addProjection(counters).start(), other.start()]);
      for (let n = 0; n < 20; n++) await count(1);
      expect(await readers.waitFor(20, 1_000)).toBe(true);
      expect(await other.waitFor(20, 1_000)).toBe(true);
      expect(await row('all')).toMatchObject({ sum: 20, count: 20 });
    });

    test('stops at an event it cannot take, keeps what is before it, and goes on once it can', async () => {
      let broken = true;
      const faults: string[] = [];
      const fragile = {
        ...counters,
        project: (before: CounterRow | undefined, event: Told<Counted>, key: string) => {
          if (broken && event.data.by === 13) throw new Error('unlucky');
          return counters.project(before, event, key);
        },
      };
      readers.listenToFaults((reader, _, { attempts }) => faults.push(`${reader} ${attempts}`));
      for (const by of [1, 2, 13, 4]) await count(by);
      await readers.addProjection(fragile).start();
      await settled();
      expect(await row('all')).toMatchObject({ sum: 3 });
      expect(await statusOf('counters')).toMatchObject({
        checkpoint: 2,
        lag: 2,
        failure: { attempts: 1, event: { position: 3, stream: 'counter-a', revision: 2, type: 'Counted' } },
      });
      expect((await statusOf('counters')).failure?.reason).toContain('unlucky');
      await clock.advance(10_000);
      expect(await readers.waitFor(3, 0)).toBe(false);
      expect(faults.length).toBeGreaterThan(3);
      broken = false;
      await clock.advance(30_000);
      expect(await row('all')).toMatchObject({ sum: 20, count: 4 });
      expect(await statusOf('counters')).toMatchObject({ lag: 0, failure: undefined });
    });

    test('stops at an event that this build cannot read, and passes those it has no business with', async () => {
      const strange = { id: 'f'.repeat(32), schemaVersion: 1, data: {}, metadata: {} };
      await store.append('other-1', 'no_stream', [{ ...strange, type: 'Unheard' }]);
      await store.append('counter-a', 'no_stream', [{ ...strange, type: 'Counted', schemaVersion: 2 }]);
      await readers.addProjection(counters).start();
      await settled();
      expect(await statusOf('counters')).toMatchObject({
        checkpoint: 1,
        failure: { event: { position: 2 } },
      });
      expect((await statusOf('counters')).failure?.reason).toContain('this build reads up to 1');
    });

    test('forgets the rows of two versions ago, and keeps those of one', async () => {
      for (const version of [1, 2, 3]) {
        const one = host().addProjection({ ...counters, version });
        await one.start();
        await count(1);
        await one.waitFor(await store.head(), 1_000);
        await one.stop();
      }
      expect(await rows.checkpoint('counters@1')).toBe(0);
      expect(await rows.checkpoint('counters@2')).toBe(2);
      expect(await rows.checkpoint('counters@3')).toBe(3);
    });
  });

  describe('a policy', () => {
    test('is told every event once in the order of its stream while all is well', async () => {
      const told: string[] = [];
      readers.addPolicy(policy(async ({ stream, revision }) => void told.push(`${stream} ${revision}`)));
      await readers.start();
      for (const id of ['counter_a', 'counter_b', 'counter_a']) await count(1, id);
      await settled();
      expect(told).toEqual(['counter-a 0', 'counter-b 0', 'counter-a 1']);
      await readers.stop();
      await count(1);
      await host()
        .addPolicy(policy(async ({ stream, revision }) => void told.push(`${stream} ${revision}`)))
        .start();
      await settled();
      expect(told).toHaveLength(4);
    });

    test('is not held up in one stream by a slow answer in another', async () => {
      const told: string[] = [];
      readers.addPolicy(
        policy(async ({ stream, revision }) => {
          if (stream === 'counter-slow') await clock.sleep(20_000);
          told.push(`${stream} ${revision}`);
        }),
      );
      await readers.start();
      await count(1, 'counter_slow');
      await count(1, 'counter_slow');
      await count(1, 'counter_quick');
      await settled();
      expect(told).toEqual(['counter-quick 0']);
      expect(await statusOf('follow')).toMatchObject({ checkpoint: 0 });
      await clock.advance(20_000);
      expect(await statusOf('follow')).toMatchObject({ checkpoint: 1 });
      await clock.advance(20_000);
      expect(told).toEqual(['counter-quick 0', 'counter-slow 0', 'counter-slow 1']);
      expect(await statusOf('follow')).toMatchObject({ lag: 0 });
    });

    test('is told again what a crash cut off', async () => {
      const told: number[] = [];
      readers.addPolicy(policy(() => new Promise(() => undefined)));
      await readers.start();
      await count(5);
      await settled();
      started.length = 0;
      await host()
        .addPolicy(policy(async ({ data }) => void told.push(data.by)))
        .start();
      await settled();
      expect(told).toEqual([5]);
    });

    test('has what it throws at parked, goes on, and tries again for ever, later and later', async () => {
      const tries: number[] = [];
      const told: number[] = [];
      let broken = true;
      readers.addPolicy(
        policy(async ({ data }) => {
          if (data.by === 13) tries.push(clock.now().getTime());
          if (data.by === 13 && broken) throw new Error('unlucky');
          told.push(data.by);
        }),
      );
      await readers.start();
      for (const by of [1, 13, 4]) await count(by);
      await settled();
      expect(told).toEqual([1, 4]);
      expect(await statusOf('follow')).toMatchObject({ parked: 1, lag: 0 });
      await clock.advance(3_600_000);
      const waits = tries.slice(1).map((at, n) => at - (tries[n] ?? 0));
      expect(waits.slice(0, 4)).toEqual([250, 500, 1_000, 2_000]);
      expect(waits.at(-1)).toBe(300_000);
      broken = false;
      await clock.advance(300_000);
      expect(told).toEqual([1, 4, 13]);
      expect(await statusOf('follow')).toMatchObject({ parked: 0 });
      await clock.advance(3_600_000);
      expect(told).toHaveLength(3);
    });

    test('still knows after a restart what it had parked', async () => {
      const broken = policy(async () => {
        throw new Error('unlucky');
      });
      await readers.addPolicy(broken).start();
      await count(13);
      await settled();
      await readers.stop();
      const told: number[] = [];
      const next = host().addPolicy(policy(async ({ data }) => void told.push(data.by)));
      await next.start();
      await settled();
      expect(await statusOf('follow', next)).toMatchObject({ parked: 1, lag: 0 });
      await clock.advance(1_000);
      expect(told).toEqual([13]);
      expect(await statusOf('follow', next)).toMatchObject({ parked: 0 });
      await next.stop();
      const last = host().addPolicy(policy(async ({ data }) => void told.push(data.by)));
      await last.start();
      await clock.advance(600_000);
      expect(told).toEqual([13]);
    });

    test('loses nothing while the read model cannot be written', async () => {
      const told: number[] = [];
      let broken = true;
      readers.addPolicy(
        policy(async ({ data }) => {
          if (broken) throw new Error('unlucky');
          told.push(data.by);
        }),
      );
      await readers.start();
      rows.fails = 3;
      await count(13);
      await settled();
      expect((await statusOf('follow')).failure?.reason).toContain('disk full');
      await clock.advance(2_000);
      expect(await statusOf('follow')).toMatchObject({ failure: undefined, parked: 1 });
      await readers.stop();
      broken = false;
      await host()
        .addPolicy(policy(async ({ data }) => void told.push(data.by)))
        .start();
      await settled();
      await clock.advance(600_000);
      expect(told).toEqual([13]);
    });

    test('is drained when the host stops', async () => {
      let ended = false;
      readers.addPolicy(
        policy(async () => {
          await settled(3);
          ended = true;
        }),
      );
      await readers.start();
      await count(1);
      await settled(1);
      await readers.stop();
      expect(ended).toBe(true);
      expect(await rows.checkpoint('policy-follow@1')).toBe(1);
    });

    test('has at most 32 on its hands', async () => {
      let now = 0;
      let most = 0;
      readers.addPolicy(
        policy(async () => {
          most = Math.max(most, ++now);
          await settled(1);
          now--;
        }),
      );
      for (let n = 0; n < 300; n++) await count(1, `counter_${n}`);
      await readers.start();
      while ((await statusOf('follow')).lag > 0) await settled();
      expect(most).toBe(32);
    });
  });

  test('write nothing for events that are none of their business', async () => {
    await readers
      .addProjection({ ...counters, name: 'idle', reads: [] })
      .addPolicy({ ...policy(async () => undefined), reads: [] })
      .start();
    for (let n = 0; n < 400; n++) await count(1, `counter_${n}`);
    await readers.waitFor(400, 1_000);
    await settled();
    expect(rows.commits).toBe(0);
    for (let n = 400; n < 600; n++) await count(1, `counter_${n}`);
    await readers.waitFor(600, 1_000);
    await settled();
    expect(rows.commits).toBe(2);
    await readers.stop();
    expect(await rows.checkpoint('idle@1')).toBe(600);
    expect(await rows.checkpoint('policy-follow@1')).toBe(600);
  });
});
