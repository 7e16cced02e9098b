import { beforeEach, describe, expect, test } from '@jest/globals';
import { importing, lamps, total } from '../../../../test/support/an-order.js';
import { SeededIds } from '../../../../test/support/seeded-ids.js';
import { VirtualClock } from '../../../../test/support/virtual-clock.js';
import { Claims } from '../../../shared/application/claims.js';
import { onOurOwn } from '../../../shared/application/context.js';
import { EventCatalog } from '../../../shared/application/event-catalog.js';
import { Streams } from '../../../shared/application/streams.js';
import type { OrderId } from '../../../shared/domain/ids.js';
import { MemoryEventStore } from '../../../shared/infrastructure/event-store/memory.event-store.js';
import { orderCodec } from '../infrastructure/event-store/order.codec.js';
import { InvoiceNumbers } from './invoice-numbers.js';
import { OrderBook } from './order-book.js';

const context = onOurOwn('boot', 'req_1');
let claims: Claims;
let book: OrderBook;
let numbers: InvoiceNumbers;

beforeEach(() => {
  const catalog = new EventCatalog().register(orderCodec);
  const [store, clock, ids] = [new MemoryEventStore(), new VirtualClock(), new SeededIds()];
  claims = new Claims(store, catalog, clock, ids);
  book = new OrderBook(new Streams(store, catalog, clock, ids));
  numbers = new InvoiceNumbers(claims, book);
});

async function open(name: string): Promise<OrderId> {
  const id = `order_${name}` as const;
  await book.handle(id, importing(total(10_000)), context);
  return id;
}
const issue = async (id: OrderId) => (await numbers.issue(id, lamps, context)).order.invoice?.number;
const numberOf = async (id: OrderId) => (await book.find(id)).order.invoice?.number;
const claim = (number: number, order: OrderId) =>
  claims.claim('invoice_number', `${lamps}|${number}`, { order });
const restart = () => {
  numbers = new InvoiceNumbers(claims, book);
};

describe('invoice numbers', () => {
  test('count from one, per store', async () => {
    expect([await issue(await open('a')), await issue(await open('b'))]).toEqual([
      'INV-000001',
      'INV-000002',
    ]);
    const other = await numbers.issue(await open('c'), 'store_02', context);
    expect(other.order.invoice?.number).toBe('INV-000001');
  });

  test('are given once, however often they are asked for', async () => {
    const id = await open('a');
    expect(await Promise.all([issue(id), issue(id), issue(id)])).toEqual(Array(3).fill('INV-000001'));
    expect(await issue(await open('b'))).toBe('INV-000002');
  });

  test.each([1, 2, 3, 7, 8, 9, 40])('go on after %p where the process is new', async (count) => {
    for (let at = 0; at < count; at++) await issue(await open(`o${at}`));
    restart();
    expect(await issue(await open('next'))).toBe(`INV-${String(count + 1).padStart(6, '0')}`);
  });

  test('that were claimed before a crash are issued to whom they were claimed for', async () => {
    for (let at = 0; at < 5; at++) await issue(await open(`o${at}`));
    const waiting = await open('waiting');
    await claim(6, waiting);
    restart();
    expect(await issue(await open('next'))).toBe('INV-000007');
    expect(await numberOf(waiting)).toBe('INV-000006');
  });

  test('are not lost where the waiting order itself comes back', async () => {
    const waiting = await open('waiting');
    await claim(1, waiting);
    restart();
    expect(await issue(waiting)).toBe('INV-000001');
    expect(await issue(await open('next'))).toBe('INV-000002');
  });

  test('leave no gap where a crash left one', async () => {
    await issue(await open('a'));
    await claim(3, await open('c'));
    restart();
    expect([await issue(await open('d')), await issue(await open('e'))]).toEqual([
      'INV-000002',
      'INV-000004',
    ]);
  });

  test('claimed for an order that was never opened stay with it', async () => {
    await claim(1, 'order_never');
    restart();
    expect(await issue(await open('a'))).toBe('INV-000002');
    expect(await issue(await open('never'))).toBe('INV-000001');
  });

  test('that another process took meanwhile are passed over', async () => {
    await issue(await open('a'));
    await claim(2, await open('b'));
    expect(await issue(await open('c'))).toBe('INV-000003');
  });
});
