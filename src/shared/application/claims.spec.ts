import { describe, expect, test } from '@jest/globals';
import { SeededIds } from '../../../test/support/seeded-ids.js';
import { VirtualClock } from '../../../test/support/virtual-clock.js';
import { MemoryEventStore } from '../infrastructure/event-store/memory.event-store.js';
import { Claims } from './claims.js';
import { EventCatalog } from './event-catalog.js';
import { START } from './ports/event-store.port.js';

const claimsOn = (store: MemoryEventStore) =>
  new Claims(store, new EventCatalog(), new VirtualClock(), new SeededIds());

describe('a claim', () => {
  const store = new MemoryEventStore();
  const claims = claimsOn(store);

  test('goes to the first, for ever, also in another process', async () => {
    expect(await claims.claim('order', 'SO-1', { id: 'order_1' })).toEqual({ id: 'order_1' });
    expect(await claimsOn(store).claim('order', 'SO-1', { id: 'order_2' })).toEqual({ id: 'order_1' });
    expect(await claims.find('order', 'SO-1')).toEqual({ id: 'order_1' });
    expect(await claims.find('order', 'SO-2')).toBeUndefined();
  });
  test('may be made again by its owner', async () => {
    const before = await store.head();
    expect(await claims.claim('order', 'SO-1', { id: 'order_1' })).toEqual({ id: 'order_1' });
    expect(await store.head()).toBe(before);
  });
  test('is one per kind and key', async () => {
    expect(await claims.claim('invoice', 'SO-1', { id: 'invoice_1' })).toEqual({ id: 'invoice_1' });
    expect(await claims.claim('order', 'SO-2', { id: 'order_2' })).toEqual({ id: 'order_2' });
  });
  test('has one winner among many at once', async () => {
    const owners = await Promise.all(
      Array.from({ length: 50 }, (_, n) => claims.claim('order', 'SO-9', { id: `order_${n}` })),
    );
    expect(new Set(owners.map(({ id }) => id)).size).toBe(1);
  });
  test('does not tell its key', async () => {
    await claims.claim('idempotency', 'secret key', { id: 'pay_1' });
    expect(JSON.stringify(await store.readAll(START, 1_000))).not.toContain('secret key');
  });
});
