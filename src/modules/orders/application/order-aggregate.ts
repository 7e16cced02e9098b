import type { Position } from '../../../shared/application/ports/event-store.port.js';
import { bareId, type OrderId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { OrderEvent } from '../domain/order.events.js';
import { type ExistingOrder, type Order, orderDecider } from '../domain/order.js';

/** Orders as the aggregate store loads and writes them: stream `order-{bare id}`. */
export const orderAggregate = { category: 'order', decider: orderDecider } as const;

/** An order folded from its stream as it is now: the strong answer that money decisions are made on. */
export type FoundOrder = Readonly<{
  id: OrderId;
  order: ExistingOrder;
  /** Revision of the stream's last event: 0 after the first. On the wire it is one more. */
  revision: number;
}>;

/** An order after a command: `events` is empty where it was already so. */
export type OrderChange = FoundOrder & Readonly<{ position: Position; events: readonly OrderEvent[] }>;

export function orderIdOf(stream: string): OrderId {
  return `order_${stream.slice(stream.indexOf('-') + 1)}`;
}

export function orderStream(id: OrderId): string {
  return `order-${bareId(id)}`;
}

/** @throws Refusal `not_found` */
export function existing(order: Order): ExistingOrder {
  if (order.status === 'none') throw new Refusal('not_found', 'There is no such order.');
  return order;
}
