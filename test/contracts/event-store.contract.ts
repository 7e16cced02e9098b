import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  AppendRefused,
  type EventStore,
  type ExpectedRevision,
  LARGEST_APPEND,
  type NewEvent,
  type RecordedEvent,
  RevisionConflict,
  START,
} from '../../src/shared/application/ports/event-store.port.js';
import { expectedHash, GENESIS } from '../../src/shared/infrastructure/event-store/hash-chain.js';

export type EventStoreSubject = Readonly<{
  name: string;
  /** A fresh, empty log. */
  open(): Promise<OpenedEventStore>;
}>;

export type OpenedEventStore = Readonly<{
  store: EventStore;
  /** Ends the store's process, in effect, and opens the same log again. Left out where nothing is kept. */
  restart?(): Promise<EventStore>;
  close(): Promise<void>;
}>;

/** An event whose id is its name. */
export function event(name: string, data: NewEvent['data'] = { name }): NewEvent {
  const id = Buffer.from(name).toString('hex').padStart(32, '0').slice(-32);
  return { id, type: 'Happened', schemaVersion: 1, data, metadata: { actor_kind: 'system' } };
}

const events = (names: string) => names.split(' ').map((name) => event(name));

/** What every event store promises. */
export function eventStoreContract(subject: EventStoreSubject): void {
  describe(`an event store: ${subject.name}`, () => {
    let opened: OpenedEventStore;
    let store: EventStore;
    beforeEach(async () => {
      opened = await subject.open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    describe('given a stream of a, b and c', () => {
      type Case = [string, ExpectedRevision, string, { revision: number } | { actual: ExpectedRevision }];
      const cases: Case[] = [
        ['appends at its end', 2, 'd', { revision: 3 }],
        ['appends several at its end', 2, 'd e f', { revision: 5 }],
        ['repeats all of it', 'no_stream', 'a b c', { revision: 2 }],
        ['repeats its beginning', 'no_stream', 'a', { revision: 0 }],
        ['repeats its middle', 0, 'b', { revision: 1 }],
        ['repeats its end', 1, 'c', { revision: 2 }],
        ['repeats from its middle on', 0, 'b c', { revision: 2 }],
        ['refuses another first event', 'no_stream', 'x', { actual: 2 }],
        ['refuses another event in the middle', 0, 'x', { actual: 2 }],
        ['refuses a repeat that goes on past the end', 1, 'c d', { actual: 2 }],
        ['refuses a repeat that ends otherwise', 'no_stream', 'a x', { actual: 2 }],
        ['refuses the same events at another place', 0, 'a', { actual: 2 }],
        ['refuses the same events in another order', 'no_stream', 'b a', { actual: 2 }],
        ['refuses a revision that is not there yet', 3, 'd', { actual: 2 }],
      ];
      test.each(cases)('%s', async (_, expected, names, outcome) => {
        const first = await store.append('s-1', 'no_stream', events('a b'));
        const second = await store.append('s-1', 1, events('c'));
        const before = await store.read('s-1');
        const attempt = store.append('s-1', expected, events(names));
        if ('actual' in outcome) {
          await expect(attempt).rejects.toThrow(RevisionConflict);
          await expect(attempt).rejects.toMatchObject({ stream: 's-1', expected, actual: outcome.actual });
          expect(await store.read('s-1')).toEqual(before);
          return;
        }
        const appended = await attempt;
        expect(appended.revision).toBe(outcome.revision);
        const after = await store.read('s-1');
        expect(after[outcome.revision]?.position).toBe(appended.position);
        expect(after).toHaveLength(Math.max(3, outcome.revision + 1));
        if (outcome.revision === 1) expect(appended).toEqual(first);
        if (outcome.revision === 2) expect(appended).toEqual(second);
      });
    });

    test('has no streams until something is appended', async () => {
      expect(await store.read('s-1')).toEqual([]);
      expect(await store.readAll(START, 10)).toEqual([]);
      expect(await store.head()).toBe(START);
      await expect(store.append('s-1', 0, events('a'))).rejects.toMatchObject({ actual: 'no_stream' });
    });

    test('gives back what was appended, in canonical form and with its hash', async () => {
      const data = { b: [1, -0, 1.5e21, 'ü\u2028"\\', true], a: { z: 1, ä: {} }, gone: undefined };
      const { position } = await store.append('s-1', 'no_stream', [event('a', data), event('b')]);
      const [first, second] = await store.read('s-1');
      expect(first).toMatchObject({
        ...event('a'),
        data: JSON.parse(JSON.stringify(data)),
        stream: 's-1',
        revision: 0,
      });
      expect(second).toMatchObject({ revision: 1, position });
      expect(first?.hash).toBe(first && expectedHash(first, GENESIS));
      expect(second?.hash).toBe(first && second && expectedHash(second, first.hash));
      expect(first?.hash).toBe('76b7ed0291df712c4fcdebdc9f70e65260c2e99137858ed00f79062572fc110e');
    });

    test('reads a stream from a revision on', async () => {
      await store.append('s-1', 'no_stream', events('a b c'));
      expect((await store.read('s-1', 1)).map(({ revision }) => revision)).toEqual([1, 2]);
      expect(await store.read('s-1', 3)).toEqual([]);
      expect(await store.read('s-1', 9)).toEqual([]);
    });

    test('reads the whole log in order of position, page by page', async () => {
      for (const name of 'abcdefgh') await store.append(`s-${name}`, 'no_stream', events(`${name} ${name}2`));
      const all = await store.readAll(START, 100);
      expect(all).toHaveLength(16);
      expect(await store.head()).toBe(all.at(-1)?.position);
      const positions = all.map(({ position }) => position);
      expect(positions).toEqual([...positions].sort((one, other) => one - other));
      expect(new Set(positions).size).toBe(16);
      const paged: RecordedEvent[] = [];
      for (let more = await store.readAll(START, 3); more.length > 0; ) {
        paged.push(...more);
        more = await store.readAll(paged.at(-1)?.position ?? START, 3);
      }
      expect(paged).toEqual(all);
    });

    test('keeps streams apart whose names begin alike', async () => {
      await store.append('s-1', 'no_stream', events('a'));
      await store.append('s-11', 'no_stream', events('b'));
      await store.append('S-1', 'no_stream', events('c'));
      expect(await store.read('s-1')).toHaveLength(1);
    });

    test('lets one of many at the same expectation win, and tells the others where the stream is', async () => {
      const racers = Array.from({ length: 40 }, (_, n) => store.append('s-1', 'no_stream', events(`r${n}`)));
      const ends = await Promise.allSettled(racers);
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const end of ends) {
        if (end.status === 'rejected')
          expect(end.reason).toMatchObject({ name: 'RevisionConflict', actual: 0 });
      }
      expect(await store.read('s-1')).toHaveLength(1);
    });

    test('lets a conflict or a poison append fail alone among many at once', async () => {
      const circular: Record<string, unknown> = {};
      circular['self'] = circular;
      await store.append('s-taken', 'no_stream', events('t'));
      const appends = Array.from({ length: 30 }, (_, n) => {
        if (n % 10 === 3) return store.append('s-taken', 'no_stream', events(`x${n}`));
        if (n % 10 === 7) return store.append(`s-${n}`, 'no_stream', [event(`p${n}`, circular)]);
        return store.append(`s-${n}`, 'no_stream', events(`a${n} b${n}`));
      });
      const ends = await Promise.allSettled(appends);
      const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason.name] : []));
      expect(lost.sort()).toEqual([...Array(3).fill('AppendRefused'), ...Array(3).fill('RevisionConflict')]);
      expect(await store.readAll(START, 100)).toHaveLength(1 + 24 * 2);
    });

    test('writes all events of an append or none, side by side in the log', async () => {
      await Promise.all(
        ['a', 'b', 'c'].map((s) => store.append(`s-${s}`, 'no_stream', events(`${s}1 ${s}2 ${s}3`))),
      );
      const all = await store.readAll(START, 100);
      expect(all.map(({ stream }) => stream).join(' ')).toMatch(/^((s-\w) \2 \2 ?){3}$/);
    });

    test('takes the same append twice at the same time, once', async () => {
      const [one, other] = await Promise.all([
        store.append('s-1', 'no_stream', events('a b')),
        store.append('s-1', 'no_stream', events('a b')),
      ]);
      expect(other).toEqual(one);
      expect(await store.read('s-1')).toHaveLength(2);
    });

    test('takes an append of 1 MiB, and says what is wrong with a larger one', async () => {
      const frame = JSON.stringify({ text: '' }).length + JSON.stringify(event('a').metadata).length;
      const text = 'x'.repeat(LARGEST_APPEND - frame);
      await store.append('s-1', 'no_stream', [event('a', { text })]);
      expect((await store.read('s-1'))[0]?.data['text']).toBe(text);
      const larger = store.append('s-2', 'no_stream', [event('b', { text: `${text}x` })]);
      await expect(larger).rejects.toThrow(AppendRefused);
      await expect(larger).rejects.toThrow('1048577 bytes');
      const hundreds = Array.from({ length: 900 }, (_, n) => event(`e${n}`, { text: 'y'.repeat(500), n }));
      expect(await store.append('s-3', 'no_stream', hundreds)).toMatchObject({ revision: 899 });
    });

    test.each<[string, () => Promise<unknown>]>([
      ['no events', () => store.append('s-1', 'no_stream', [])],
      ['a stream without a name', () => store.append('', 'no_stream', events('a'))],
      ['a bar in a name', () => store.append('s|1', 'no_stream', events('a'))],
      ['a revision below 0', () => store.append('s-1', -1, events('a'))],
      ['half a revision', () => store.append('s-1', 0.5, events('a'))],
      ['an id that is none', () => store.append('s-1', 'no_stream', [{ ...event('a'), id: 'a' }])],
      ['half a character', () => store.append('s-1', 'no_stream', [event('a', { text: '\ud800' })])],
      ['a number that is none', () => store.append('s-1', 'no_stream', [event('a', { n: Number.NaN })])],
    ])('refuses %s', async (_, append) => {
      await expect(append()).rejects.toThrow(AppendRefused);
      expect(await store.head()).toBe(START);
    });

    test('wakes whoever waits for the log to grow, soon', async () => {
      const { signal } = new AbortController();
      const [first] = [await store.append('s-1', 'no_stream', events('a'))];
      await store.waitPast(START, signal);
      let woken = 0;
      const waiting = [1, 2, 3].map(() => store.waitPast(first.position, signal).then(() => woken++));
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(woken).toBe(0);
      const asked = performance.now();
      await store.append('s-2', 'no_stream', events('b'));
      await Promise.all(waiting);
      expect(performance.now() - asked).toBeLessThan(500);
    });

    test('lets go of whoever waits when asked to', async () => {
      const stop = new AbortController();
      const waiting = store.waitPast(START, stop.signal);
      stop.abort();
      await waiting;
      await store.waitPast(START, stop.signal);
    });

    test('behaves as a map of lists does, whatever is appended', async () => {
      const step = fc.record({
        stream: fc.constantFrom('a', 'b', 'c'),
        lag: fc.integer({ min: 0, max: 2 }),
        count: fc.integer({ min: 1, max: 3 }),
      });
      let round = 0;
      const run = async (steps: readonly { stream: string; lag: number; count: number }[]) => {
        const prefix = `r${round++}`;
        const model = new Map<string, string[]>();
        for (const [turn, { stream, lag, count }] of steps.entries()) {
          const list = model.get(stream) ?? [];
          const at = Math.max(0, list.length - lag);
          const added = Array.from({ length: count }, (_, n) => event(`${prefix}.${turn}.${n}`));
          const expected = at > 0 ? at - 1 : 'no_stream';
          const append = store.append(`${prefix}-${stream}`, expected, added);
          if (at < list.length) {
            await expect(append).rejects.toMatchObject({ actual: list.length - 1 });
            continue;
          }
          model.set(stream, [...list, ...added.map(({ id }) => id)]);
          expect((await append).revision).toBe(at + count - 1);
        }
        for (const [stream, ids] of model) {
          const read = await store.read(`${prefix}-${stream}`);
          expect(read.map(({ id }) => id)).toEqual(ids);
          expect(read.map(({ revision }) => revision)).toEqual([...ids.keys()]);
        }
      };
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), run), { numRuns: 25 });
    });

    test('has it all after a restart', async () => {
      if (!opened.restart) return;
      await store.append('s-1', 'no_stream', events('a b'));
      await store.append('s-2', 'no_stream', events('c'));
      const before = await store.readAll(START, 10);
      store = await opened.restart();
      expect(await store.readAll(START, 10)).toEqual(before);
      expect(await store.append('s-1', 'no_stream', events('a b'))).toMatchObject({ revision: 1 });
      const { position } = await store.append('s-1', 1, events('d'));
      expect(position).toBeGreaterThan(before.at(-1)?.position ?? 0);
      expect((await store.read('s-1')).map(({ revision }) => revision)).toEqual([0, 1, 2]);
    });
  });
}
