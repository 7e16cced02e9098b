import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import type { FoundOrder } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';
import { OrderReferences } from '../order-references.js';

/** Our id, or in one store either our id or the caller's own. */
export type OrderReference = OrderId | Readonly<{ store: StoreId; reference: string }>;

/**
 * The order as its stream says now, never behind. @throws Refusal `not_found`, also for an order of another store.
 */
export class FindOrder extends Query<FoundOrder> {
  constructor(readonly reference: OrderReference) {
    super();
  }
}

@QueryHandler(FindOrder)
export class FindOrderHandler implements IQueryHandler<FindOrder> {
  constructor(
    private readonly references: OrderReferences,
    private readonly book: OrderBook,
  ) {}

  async execute({ reference: asked }: FindOrder): Promise<FoundOrder> {
    if (typeof asked === 'string') return this.book.find(asked);
    const { store, reference } = asked;
    const found = await this.book.find(await this.references.resolve(store, reference));
    if (found.order.store !== store) throw new Refusal('not_found', 'There is no such order.');
    return found;
  }
}
