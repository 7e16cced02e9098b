import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { ReadModel } from '../../../../shared/application/read-model.js';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { OrderReferences } from '../order-references.js';
import { OrderViews, type Until } from '../order-views.js';
import type { OrderRow, OrderView } from '../projections/order-row.js';
import { orders } from '../projections/orders.projection.js';

/** One order of a store as clients see it: by our id or the caller's own, now or as of a past moment. */
export class GetOrder extends Query<OrderView> {
  constructor(
    readonly store: StoreId,
    readonly reference: string,
    readonly until: Until | null = null,
  ) {
    super();
  }
}

@QueryHandler(GetOrder)
export class GetOrderHandler implements IQueryHandler<GetOrder> {
  constructor(
    private readonly rows: ReadModel,
    private readonly references: OrderReferences,
    private readonly views: OrderViews,
  ) {}

  /** @throws Refusal `not_found` */
  async execute({ store, reference, until }: GetOrder): Promise<OrderView> {
    const row = until ? undefined : await this.#row(store, reference);
    // An order so young that the read model has not heard of it is read from its own events.
    const view = row ?? (await this.views.of(await this.references.resolve(store, reference), until));
    if (view.store !== store) throw new Refusal('not_found', 'There is no such order.');
    return view;
  }

  async #row(store: StoreId, reference: string): Promise<OrderRow | undefined> {
    if (reference.startsWith('order_')) return this.rows.get(orders, reference as OrderId);
    const page = await this.rows.find(orders, {
      where: { store, external_id: reference },
      limit: 1,
    });
    return page.rows[0];
  }
}
