import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { opened } from '../../../../../test/support/an-order.js';
import { orderHistories } from '../../../../../test/support/order-histories.js';
import { EventCatalog } from '../../../../shared/application/event-catalog.js';
import { orders } from '../../application/projections/orders.projection.js';
import type { OrderEvent } from '../../domain/order.events.js';
import { orderCodec } from './order.codec.js';

const catalog = new EventCatalog().register(orderCodec);
const recorded = (event: OrderEvent) => ({
  id: '0'.repeat(32),
  stream: 'order-01',
  revision: 0,
  position: 1,
  hash: '',
  metadata: { occurred_at: '2026-11-23T10:00:00.000Z' },
  ...catalog.encode(event),
});

describe('what the log keeps of an order', () => {
  test('is read back as it was written, whatever happened', () => {
    fc.assert(
      fc.property(orderHistories, (steps) => {
        for (const event of steps.flatMap(({ events }) => events)) {
          const stored = JSON.parse(JSON.stringify(recorded(event)));
          expect(catalog.decode<OrderEvent>(stored)).toMatchObject(event);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('names every event that the orders are made of', () => {
    expect(Object.keys(orderCodec).sort()).toEqual([...orders.reads].sort());
  });

  test.each([
    ['an amount that is no integer', { total: 100.5 }],
    ['a member that nobody knows', { colour: 'red' }],
    ['a missing member', { number: undefined }],
  ])('never takes %s', (_, changes) => {
    const event = opened() as Extract<OrderEvent, { type: 'OrderOpened' }>;
    const terms = { ...event.data.terms, ...changes } as typeof event.data.terms;
    expect(() => catalog.encode({ type: 'OrderOpened', data: { ...event.data, terms } })).toThrow(
      'OrderOpened',
    );
  });
});
