import { EventCatalog } from '../../src/shared/application/event-catalog.js';
import type { EventStore, NewEvent } from '../../src/shared/application/ports/event-store.port.js';
import type { Row } from '../../src/shared/application/ports/read-store.port.js';
import type { Projection } from '../../src/shared/application/projection.js';
import { UuidIds } from '../../src/shared/infrastructure/ids/uuid.ids.js';

/** A log as shops write it: five events per order, about 350 bytes each with their envelope. */
export type Noted = { type: 'Noted'; data: { store: string; status: string; total: number; note: string } };

export const notedCatalog = () =>
  new EventCatalog().register<Noted>({ Noted: { version: 1, parse: (data) => data as Noted['data'] } });

const STATUSES = ['unpaid', 'unpaid', 'partially_paid', 'paid', 'paid'];
const PER_ORDER = 5;
const ids = new UuidIds();

export function noted(order: number, step: number): NewEvent {
  return {
    id: ids.next(),
    type: 'Noted',
    schemaVersion: 1,
    data: {
      store: `store_${order % 20}`,
      status: STATUSES[(order * 7 + step) % STATUSES.length],
      total: 1_000 + order,
      note: 'two desk lamps and the shade that goes with them',
    },
    metadata: {
      occurred_at: new Date(1_790_000_000_000 + order * 1_000 + step).toISOString(),
      $correlationId: ids.next(),
      actor_kind: 'api_key',
      actor_id: 'key_0192f3a4b5c67d8e9f0011223344',
      origin: 'api',
    },
  };
}

/** Orders in the order of their ids, each stream written in one append. */
export async function fill(store: EventStore, events: number): Promise<void> {
  const orders = events / PER_ORDER;
  for (let order = 0; order < orders; ) {
    const group: Promise<unknown>[] = [];
    for (; group.length < 500 && order < orders; order++) {
      const texts = Array.from({ length: PER_ORDER }, (_, step) => noted(order, step));
      group.push(store.append(`order-${ids.next()}`, 'no_stream', texts));
    }
    await Promise.all(group);
  }
}

export type OrderRow = Row & Readonly<{ store: string; status: string; total: number; events: number }>;

export const orders: Projection<Noted, OrderRow> = {
  name: 'orders',
  version: 1,
  indexes: ['store', 'status', 'store+status'],
  reads: ['Noted'],
  keys: ({ stream }) => [stream],
  project: (row, { at, data }) => ({
    created_at: row?.created_at ?? at,
    store: data.store,
    status: data.status,
    total: data.total,
    events: (row?.events ?? 0) + 1,
  }),
};
