import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { RowQuery } from '../../../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { type HistorySubject, HistorySummaries } from '../history-summaries.js';
import { type HistoryRow, orderHistory } from '../projections/order-history.projection.js';
import { FindOrder, FindOrderHandler } from './find-order.query.js';

/** One event of an order's history as clients see it. */
export type HistoryEvent = Omit<HistoryRow, 'order' | 'event' | 'created_at'> &
  Readonly<{
    object: 'history_event';
    type: string;
    summary: string;
    stripe: Readonly<{ event: string }> | null;
  }>;

export type HistoryPage = Readonly<{ events: readonly HistoryEvent[]; hasMore: boolean }>;

/** Everything that happened to an order and its money, newest first: who, when and why. */
export class GetOrderHistory extends Query<HistoryPage> {
  constructor(
    readonly store: StoreId,
    readonly reference: string,
    readonly page: Pick<RowQuery, 'limit' | 'startingAfter' | 'endingBefore'>,
  ) {
    super();
  }
}

@QueryHandler(GetOrderHistory)
export class GetOrderHistoryHandler implements IQueryHandler<GetOrderHistory> {
  constructor(
    private readonly rows: ReadModel,
    private readonly summaries: HistorySummaries,
    private readonly finder: FindOrderHandler,
  ) {}

  /** @throws Refusal `not_found`, `invalid_cursor` */
  async execute({ store, reference, page }: GetOrderHistory): Promise<HistoryPage> {
    const { id, order } = await this.finder.execute(new FindOrder({ store, reference }));
    const subject = { number: order.terms.number, currency: order.currency };
    const table = orderHistory(this.summaries);
    const found = await this.rows.findOwn(
      table,
      { ...page, where: { order: id } },
      (row) => row.order === id,
    );
    return { events: found.rows.map((row) => this.#told(row, subject)), hasMore: found.hasMore };
  }

  #told(row: HistoryRow, subject: HistorySubject): HistoryEvent {
    const { order: _, event, created_at: __, data, ...envelope } = row;
    const entry = this.summaries.entry(event);
    const stripeEvent = entry?.stripeEvent?.(data) ?? null;
    return {
      ...envelope,
      object: 'history_event',
      type: entry?.type ?? event,
      summary: entry?.says(data, subject) ?? event,
      stripe: stripeEvent === null ? null : { event: stripeEvent },
      data: entry?.shows?.(data) ?? data,
    };
  }
}
