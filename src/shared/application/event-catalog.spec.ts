import { describe, expect, test } from '@jest/globals';
import { EventCatalog, EventUnreadable } from './event-catalog.js';
import type { RecordedEvent } from './ports/event-store.port.js';

type Named = { type: 'Named'; data: { first: string; last: string } };

const named = (data: unknown) => {
  const { first, last } = data as Named['data'];
  if (typeof first !== 'string' || typeof last !== 'string') throw new TypeError('no name');
  return { first, last };
};
const catalog = new EventCatalog().register<Named>({
  Named: {
    version: 3,
    parse: named,
    upcasts: {
      1: ({ name }) => ({ full: name }),
      2: ({ full }) => ({ first: String(full).split(' ')[0], last: String(full).split(' ')[1] }),
    },
  },
});
const recorded = (schemaVersion: number, data: RecordedEvent['data'], type = 'Named'): RecordedEvent => ({
  id: '0'.repeat(32),
  type,
  schemaVersion,
  data,
  metadata: { occurred_at: '2026-11-02T09:00:00.000Z' },
  stream: 's-1',
  revision: 4,
  position: 9,
  hash: '',
});

describe('the catalogue of events', () => {
  test('writes the newest version', () => {
    const data = { first: 'Ada', last: 'Lovelace' };
    expect(catalog.encode({ type: 'Named', data })).toEqual({ type: 'Named', schemaVersion: 3, data });
  });
  test.each([
    ['lacks something', { first: 'Ada' }],
    ['has something more', { first: 'Ada', last: 'Lovelace', born: 1815 }],
  ])('does not write what %s', (_, data) =>
    expect(() => catalog.encode({ type: 'Named', data })).toThrow(EventUnreadable),
  );
  test('lifts older versions step by step, and tells the envelope beside', () =>
    expect(catalog.decode<Named>(recorded(1, { name: 'Ada Lovelace' }))).toEqual({
      type: 'Named',
      data: { first: 'Ada', last: 'Lovelace' },
      id: '0'.repeat(32),
      stream: 's-1',
      revision: 4,
      position: 9,
      at: '2026-11-02T09:00:00.000Z',
      metadata: { occurred_at: '2026-11-02T09:00:00.000Z' },
    }));
  test('reads past members that it does not know', () =>
    expect(catalog.decode<Named>(recorded(3, { first: 'A', last: 'B', more: 1 })).data).toEqual({
      first: 'A',
      last: 'B',
    }));
  test.each<[string, RecordedEvent, string]>([
    ['an unknown type', recorded(1, {}, 'Unheard'), 'no event of type Unheard'],
    ['a newer version', recorded(4, {}), 'stored in version 4, this build reads up to 3'],
    ['a version from nowhere', recorded(0, {}), 'no way from version 0'],
    ['unfit data', recorded(3, { first: 1 }), 'not what its codec says'],
  ])('halts at %s', (_, event, says) => expect(() => catalog.decode(event)).toThrow(says));
  test('has each type once in the whole system', () => {
    const codec = { Named: { version: 1, parse: named } };
    expect(() => catalog.register<Named>(codec)).toThrow('two codecs for events of type Named');
    expect(catalog.types).toEqual(['Named']);
  });
});
