import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { OrderReferences } from '../order-references.js';
import { OrderViews, type Until } from '../order-views.js';
import type { OrderView } from '../projections/order-row.js';

/** One order of a store as clients see it, never behind: by our id or the caller's own, now or as of a past moment. */
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
    private readonly references: OrderReferences,
    private readonly views: OrderViews,
  ) {}

  /** Folded from the order's own events, so that nobody is told "unpaid" of an order that is Paid. @throws Refusal `not_found` */
  async execute({ store, reference, until }: GetOrder): Promise<OrderView> {
    const view = await this.views.of(await this.references.resolve(store, reference), until);
    if (view.store !== store) throw new Refusal('not_found', 'There is no such order.');
    return view;
  }
}
