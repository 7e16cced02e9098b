import { Injectable } from '@nestjs/common';
import type { Context } from '../../../shared/application/context.js';
import type { Told } from '../../../shared/application/projection.js';
import { Streams } from '../../../shared/application/streams.js';
import type { OrderId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { OrderCommand } from '../domain/order.commands.js';
import type { OrderEvent } from '../domain/order.events.js';
import type { ExistingOrder, Order } from '../domain/order.state.js';
import { type FoundOrder, type OrderChange, orderAggregate } from './order-aggregate.js';

/** Orders, read from their streams and written to them: never behind. */
@Injectable()
export class OrderBook {
  constructor(private readonly streams: Streams) {}

  async load(id: OrderId): Promise<Order> {
    return (await this.streams.load(orderAggregate, id)).state;
  }

  /** @throws Refusal `not_found` */
  async find(id: OrderId): Promise<FoundOrder> {
    const { state, revision } = await this.streams.load(orderAggregate, id);
    return { id, order: existing(state), revision: revision === 'no_stream' ? -1 : revision };
  }

  /** What happened to the order itself, oldest first. */
  history(id: OrderId): Promise<readonly Told<OrderEvent>[]> {
    return this.streams.history(orderAggregate, id);
  }

  /**
   * Decides on the order as it is now, and writes what follows into its history.
   * @param at decide only while the stream is at this revision; Refusal `revision_mismatch` otherwise
   */
  async handle(id: OrderId, command: OrderCommand, context: Context, at?: number): Promise<OrderChange> {
    const options = at === undefined ? {} : { expectedRevision: at };
    const about = { ...context, order: id };
    const { state, ...handled } = await this.streams.handle(orderAggregate, id, command, about, options);
    return { id, order: existing(state), ...handled };
  }
}

function existing(order: Order): ExistingOrder {
  if (order.status === 'none') throw new Refusal('not_found', 'There is no such order.');
  return order;
}
