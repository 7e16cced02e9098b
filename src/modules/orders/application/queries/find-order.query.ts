import { Query } from '@nestjs/cqrs';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import type { FoundOrder } from '../order-aggregate.js';

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
