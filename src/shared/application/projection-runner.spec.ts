import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ReadingHost } from '../../../test/support/a-reading-host.js';
import { type Counted, type CounterRow, counters } from '../../../test/support/counters.js';
import { settled } from '../../../test/support/virtual-clock.js';
import type { Told } from './projection.js';

let the: ReadingHost;
beforeEach(() => {
  the = new ReadingHost();
});
afterEach(() => the.stop());

describe('a projection', () => {
  test('keeps up with the log, and says so', async () => {
    await the.count(1);
    await the.readers.addProjection(counters).start();
    const { position } = await the.count(2, 'counter_b');
    expect(await the.readers.waitFor(position, 1_000)).toBe(true);
    expect(await the.row('all')).toMatchObject({ sum: 3, count: 2 });
    expect(await the.row('counter-b')).toMatchObject({ sum: 2, count: 1 });
    expect(await the.statusOf('counters')).toMatchObject({ kind: 'projection', lag: 0, failure: undefined });
    expect(await the.readers.lag()).toBe(0);
  });

  test('may be added while the host runs', async () => {
    await the.readers.start();
    await the.count(1);
    the.readers.addProjection(counters);
    expect(await the.readers.waitFor(1, 1_000)).toBe(true);
    expect(() => the.readers.addProjection(counters)).toThrow('two readers named counters');
  });

  test('is waited for as long as asked and no longer', async () => {
    await the.readers.addProjection(counters).start();
    const waiting = the.readers.waitFor(1, 500);
    await the.clock.advance(499);
    await the.clock.advance(1);
    expect(await waiting).toBe(false);
  });

  test('goes on after a restart where it stood', async () => {
    await the.readers.addProjection(counters).start();
    for (let n = 0; n < 5; n++) await the.count(1);
    await the.readers.waitFor(5, 1_000);
    await the.readers.stop();
    await the.count(1);
    const next = the.host().addProjection(counters);
    await next.start();
    await next.waitFor(6, 1_000);
    expect(await the.row('all')).toMatchObject({ sum: 6, count: 6 });
  });

  test('goes on with no log but the one that it has read', async () => {
    await the.readers.addProjection(counters).start();
    for (let n = 0; n < 5; n++) await the.count(1);
    await the.readers.waitFor(5, 1_000);
    await the.readers.stop();
    the.restoreOlderLog();
    await the.count(1);
    const next = the.host().addProjection(counters);
    await expect(next.start()).rejects.toThrow(
      'counters has seen the log up to event 5, but the log ends at 1',
    );
  });

  test('counts every event once though the answer to its write is lost', async () => {
    the.rows.losesAnswers = 3;
    await the.readers.addProjection(counters).start();
    await the.count(1);
    await settled();
    for (let n = 0; n < 5; n++) await the.clock.advance(2_000);
    await the.count(2);
    await settled();
    expect(await the.row('all')).toMatchObject({ sum: 3, count: 2 });
  });

  test('counts every event once though two hosts keep the same rows', async () => {
    const other = the.host().addProjection(counters);
    await Promise.all([the.readers.addProjection(counters).start(), other.start()]);
    for (let n = 0; n < 20; n++) await the.count(1);
    expect(await the.readers.waitFor(20, 1_000)).toBe(true);
    expect(await other.waitFor(20, 1_000)).toBe(true);
    expect(await the.row('all')).toMatchObject({ sum: 20, count: 20 });
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
    the.readers.listenToFaults((reader, _, { attempts }) => faults.push(`${reader} ${attempts}`));
    for (const by of [1, 2, 13, 4]) await the.count(by);
    await the.readers.addProjection(fragile).start();
    await settled();
    expect(await the.row('all')).toMatchObject({ sum: 3 });
    expect(await the.statusOf('counters')).toMatchObject({
      checkpoint: 2,
      lag: 2,
      failure: { attempts: 1, event: { position: 3, stream: 'counter-a', revision: 2, type: 'Counted' } },
    });
    expect((await the.statusOf('counters')).failure?.reason).toContain('unlucky');
    await the.clock.advance(10_000);
    expect(await the.readers.waitFor(3, 0)).toBe(false);
    expect(faults.length).toBeGreaterThan(3);
    broken = false;
    await the.clock.advance(30_000);
    expect(await the.row('all')).toMatchObject({ sum: 20, count: 4 });
    expect(await the.statusOf('counters')).toMatchObject({ lag: 0, failure: undefined });
  });

  test('stops at an event that this build cannot read, and passes those it has no business with', async () => {
    const strange = { id: 'f'.repeat(32), schemaVersion: 1, data: {}, metadata: {} };
    await the.store.append('other-1', 'no_stream', [{ ...strange, type: 'Unheard' }]);
    await the.store.append('counter-a', 'no_stream', [{ ...strange, type: 'Counted', schemaVersion: 2 }]);
    await the.readers.addProjection(counters).start();
    await settled();
    expect(await the.statusOf('counters')).toMatchObject({
      checkpoint: 1,
      failure: { event: { position: 2 } },
    });
    expect((await the.statusOf('counters')).failure?.reason).toContain('this build reads up to 1');
  });

  test('forgets the rows of two versions ago, and keeps those of one', async () => {
    for (const version of [1, 2, 3]) {
      const one = the.host().addProjection({ ...counters, version });
      await one.start();
      await the.count(1);
      await one.waitFor(await the.store.head(), 1_000);
      await one.stop();
    }
    expect(await the.rows.checkpoint('counters@1')).toBe(0);
    expect(await the.rows.checkpoint('counters@2')).toBe(2);
    expect(await the.rows.checkpoint('counters@3')).toBe(3);
  });
});
