import { Injectable } from '@nestjs/common';
import type { Told } from '../../../shared/application/projection.js';
import type { OrderId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { OrderEvent } from '../domain/order.events.js';
import { orderIdOf } from './order-aggregate.js';
import { OrderBook } from './order-book.js';
import type { OrderRow } from './projections/order-row.js';
import { orders } from './projections/orders.projection.js';

/** Up to a moment (RFC 3339), or so many events. */
export type Until = Readonly<{ asOf: string | null; revision: number | null }>;

/** Orders as clients see them, folded from the order's own events by the same projection that fills the read model. */
@Injectable()
export class OrderViews {
  constructor(private readonly book: OrderBook) {}

  /** @throws Refusal `not_found`, also where there was no order yet, or never so many events. */
  async of(id: OrderId, until: Until | null = null): Promise<OrderRow> {
    const events = (await this.book.history(id)).filter((event) => isWithin(event, until));
    const row = foldView(events);
    const tooEarly = until?.revision && row && row.revision < until.revision && !until.asOf;
    if (!row || tooEarly) throw new Refusal('not_found', 'There is no such order, or was none then.');
    return row;
  }
}

/** An order's events as its row; `undefined` before the first. */
export function foldView(events: readonly Told<OrderEvent>[]): OrderRow | undefined {
  return events.reduce<OrderRow | undefined>(
    (row, event) => orders.project(row, event, orderIdOf(event.stream)) ?? undefined,
    undefined,
  );
}

function isWithin(event: Told<OrderEvent>, until: Until | null): boolean {
  if (until?.asOf && Date.parse(event.at) > Date.parse(until.asOf)) return false;
  return !until?.revision || event.revision < until.revision;
}
