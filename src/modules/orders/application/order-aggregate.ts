import type { Position } from '../../../shared/application/ports/event-store.port.js';
import type { OrderId } from '../../../shared/domain/ids.js';
import type { OrderEvent } from '../domain/order.events.js';
import { orderDecider } from '../domain/order.js';
import { type ExistingOrder } from '../domain/order.state.js';

/** Orders as they are kept: stream `order-{bare id}`. */
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
