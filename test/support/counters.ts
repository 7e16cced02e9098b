import type { Context } from '../../src/shared/application/context.js';
import { EventCatalog, type EventCodec } from '../../src/shared/application/event-catalog.js';
import type { Row } from '../../src/shared/application/ports/read-store.port.js';
import type { Projection } from '../../src/shared/application/projection.js';
import type { Aggregate } from '../../src/shared/application/streams.js';
import { Refusal } from '../../src/shared/domain/refusal.js';

/** The smallest aggregate there is, for tests of what carries aggregates: it counts up to a thousand. */
export type Counted = Readonly<{ type: 'Counted'; data: Readonly<{ by: number }> }>;

export const counter: Aggregate<number, number, Counted> = {
  category: 'counter',
  decider: {
    initial: 0,
    decide: (by, sum) => {
      if (sum + by > 1_000) throw new Refusal('amount_exceeds_balance', 'It counts up to a thousand.');
      return by === 0 ? [] : [{ type: 'Counted', data: { by } }];
    },
    evolve: (sum, { data }) => sum + data.by,
  },
};

export const counterCodec: EventCodec<Counted> = {
  Counted: {
    version: 1,
    parse: (data) => {
      const { by } = data as Counted['data'];
      if (typeof by !== 'number') throw new TypeError('not a count');
      return { by };
    },
  },
};

export const countersCatalog = () => new EventCatalog().register(counterCodec);

export type CounterRow = Row & Readonly<{ sum: number; count: number }>;

export const counters: Projection<Counted, CounterRow> = {
  name: 'counters',
  version: 1,
  indexes: ['count'],
  reads: ['Counted'],
  keys: ({ stream }) => [stream, 'all'],
  project: (row, { at, data }) => ({
    created_at: row?.created_at ?? at,
    sum: (row?.sum ?? 0) + data.by,
    count: (row?.count ?? 0) + 1,
  }),
};

export const someone: Context = {
  actor: { kind: 'system', id: 'test' },
  correlationId: 'c1',
  origin: 'api',
};
