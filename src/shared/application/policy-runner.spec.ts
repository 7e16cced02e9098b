import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ReadingHost } from '../../../test/support/a-reading-host.js';
import { type Counted, counters } from '../../../test/support/counters.js';
import { settled } from '../../../test/support/virtual-clock.js';
import type { Policy } from './policy.js';
import type { Told } from './projection.js';

let the: ReadingHost;
beforeEach(() => {
  the = new ReadingHost();
});
afterEach(() => the.stop());

const policy = (on: (event: Told<Counted>) => Promise<void>): Policy<Counted> => ({
  name: 'follow',
  reads: ['Counted'],
  on,
});

describe('a policy', () => {
  test('is told every event once in the order of its stream while all is well', async () => {
    const told: string[] = [];
    the.readers.addPolicy(policy(async ({ stream, revision }) => void told.push(`${stream} ${revision}`)));
    await the.readers.start();
    for (const id of ['counter_a', 'counter_b', 'counter_a']) await the.count(1, id);
    await settled();
    expect(told).toEqual(['counter-a 0', 'counter-b 0', 'counter-a 1']);
    await the.readers.stop();
    await the.count(1);
    await the
      .host()
      .addPolicy(policy(async ({ stream, revision }) => void told.push(`${stream} ${revision}`)))
      .start();
    await settled();
    expect(told).toHaveLength(4);
  });

  test('is not held up in one stream by a slow answer in another', async () => {
    const told: string[] = [];
    the.readers.addPolicy(
      policy(async ({ stream, revision }) => {
        if (stream === 'counter-slow') await the.clock.sleep(20_000);
        told.push(`${stream} ${revision}`);
      }),
    );
    await the.readers.start();
    await the.count(1, 'counter_slow');
    await the.count(1, 'counter_slow');
    await the.count(1, 'counter_quick');
    await settled();
    expect(told).toEqual(['counter-quick 0']);
    expect(await the.statusOf('follow')).toMatchObject({ checkpoint: 0 });
    await the.clock.advance(20_000);
    expect(await the.statusOf('follow')).toMatchObject({ checkpoint: 1 });
    await the.clock.advance(20_000);
    expect(told).toEqual(['counter-quick 0', 'counter-slow 0', 'counter-slow 1']);
    expect(await the.statusOf('follow')).toMatchObject({ lag: 0 });
  });

  test('is told again what a crash cut off', async () => {
    const told: number[] = [];
    the.readers.addPolicy(policy(() => new Promise(() => undefined)));
    await the.readers.start();
    await the.count(5);
    await settled();
    the.crash();
    await the
      .host()
      .addPolicy(policy(async ({ data }) => void told.push(data.by)))
      .start();
    await settled();
    expect(told).toEqual([5]);
  });

  test('has what it throws at parked, goes on, and tries again for ever, later and later', async () => {
    const tries: number[] = [];
    const told: number[] = [];
    let broken = true;
    the.readers.addPolicy(
      policy(async ({ data }) => {
        if (data.by === 13) tries.push(the.clock.now().getTime());
        if (data.by === 13 && broken) throw new Error('unlucky');
        told.push(data.by);
      }),
    );
    await the.readers.start();
    for (const by of [1, 13, 4]) await the.count(by);
    await settled();
    expect(told).toEqual([1, 4]);
    expect(await the.statusOf('follow')).toMatchObject({ parked: 1, lag: 0 });
    await the.clock.advance(3_600_000);
    const waits = tries.slice(1).map((at, n) => at - (tries[n] ?? 0));
    expect(waits.slice(0, 4)).toEqual([250, 500, 1_000, 2_000]);
    expect(waits.at(-1)).toBe(300_000);
    broken = false;
    await the.clock.advance(300_000);
    expect(told).toEqual([1, 4, 13]);
    expect(await the.statusOf('follow')).toMatchObject({ parked: 0 });
    await the.clock.advance(3_600_000);
    expect(told).toHaveLength(3);
  });

  test('tries an event again in minutes that was parked while the clock was a day ahead', async () => {
    const now = the.clock.now.bind(the.clock);
    the.clock.now = () => new Date(now().getTime() + 24 * 3_600_000);
    const broken = policy(async () => {
      throw new Error('unlucky');
    });
    await the.readers.addPolicy(broken).start();
    await the.count(13);
    await settled();
    await the.readers.stop();
    the.clock.now = now;
    const told: number[] = [];
    const next = the.host().addPolicy(policy(async ({ data }) => void told.push(data.by)));
    await next.start();
    await settled();
    await the.clock.advance(5 * 60_000);
    expect(told).toEqual([13]);
    await next.stop();
  });

  test('still knows after a restart what it had parked', async () => {
    const broken = policy(async () => {
      throw new Error('unlucky');
    });
    await the.readers.addPolicy(broken).start();
    await the.count(13);
    await settled();
    await the.readers.stop();
    const told: number[] = [];
    const next = the.host().addPolicy(policy(async ({ data }) => void told.push(data.by)));
    await next.start();
    await settled();
    expect(await the.statusOf('follow', next)).toMatchObject({ parked: 1, lag: 0 });
    await the.clock.advance(1_000);
    expect(told).toEqual([13]);
    expect(await the.statusOf('follow', next)).toMatchObject({ parked: 0 });
    await next.stop();
    const last = the.host().addPolicy(policy(async ({ data }) => void told.push(data.by)));
    await last.start();
    await the.clock.advance(600_000);
    expect(told).toEqual([13]);
  });

  test('loses nothing while the read model cannot be written', async () => {
    const told: number[] = [];
    let broken = true;
    the.readers.addPolicy(
      policy(async ({ data }) => {
        if (broken) throw new Error('unlucky');
        told.push(data.by);
      }),
    );
    await the.readers.start();
    the.rows.fails = 3;
    await the.count(13);
    await settled();
    expect((await the.statusOf('follow')).failure?.reason).toContain('disk full');
    await the.clock.advance(2_000);
    expect(await the.statusOf('follow')).toMatchObject({ failure: undefined, parked: 1 });
    await the.readers.stop();
    broken = false;
    await the
      .host()
      .addPolicy(policy(async ({ data }) => void told.push(data.by)))
      .start();
    await settled();
    await the.clock.advance(600_000);
    expect(told).toEqual([13]);
  });

  test('is drained when the host stops', async () => {
    let ended = false;
    the.readers.addPolicy(
      policy(async () => {
        await settled(3);
        ended = true;
      }),
    );
    await the.readers.start();
    await the.count(1);
    await settled(1);
    await the.readers.stop();
    expect(ended).toBe(true);
    expect(await the.rows.checkpoint('policy-follow@1')).toBe(1);
  });

  test('has at most 32 on its hands', async () => {
    let now = 0;
    let most = 0;
    the.readers.addPolicy(
      policy(async () => {
        most = Math.max(most, ++now);
        await settled(1);
        now--;
      }),
    );
    for (let n = 0; n < 300; n++) await the.count(1, `counter_${n}`);
    await the.readers.start();
    while ((await the.statusOf('follow')).lag > 0) await settled();
    expect(most).toBe(32);
  });
});

test('write nothing for events that are none of their business', async () => {
  await the.readers
    .addProjection({ ...counters, name: 'idle', reads: [] })
    .addPolicy({ ...policy(async () => undefined), reads: [] })
    .start();
  for (let n = 0; n < 400; n++) await the.count(1, `counter_${n}`);
  await the.readers.waitFor(400, 1_000);
  await settled();
  expect(the.rows.commits).toBe(0);
  for (let n = 400; n < 600; n++) await the.count(1, `counter_${n}`);
  await the.readers.waitFor(600, 1_000);
  await settled();
  expect(the.rows.commits).toBe(2);
  await the.readers.stop();
  expect(await the.rows.checkpoint('idle@1')).toBe(600);
  expect(await the.rows.checkpoint('policy-follow@1')).toBe(600);
});
