import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { RowPage, RowQuery } from '../../../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { PaymentStatus } from '../../domain/order.events.js';
import type { OrderRow } from '../projections/order-row.js';
import { orders } from '../projections/orders.projection.js';

export type OrderFilters = Readonly<{
  payment_status?: PaymentStatus | undefined;
  /** Our id of the customer, or the caller's own. */
  customer?: string | undefined;
  number?: string | undefined;
}>;

/** Orders of one store, newest first. */
export class ListOrders extends Query<RowPage<OrderRow>> {
  constructor(
    readonly store: StoreId,
    readonly filters: OrderFilters,
    readonly page: Omit<RowQuery, 'where'>,
  ) {
    super();
  }
}

@QueryHandler(ListOrders)
export class ListOrdersHandler implements IQueryHandler<ListOrders> {
  constructor(private readonly rows: ReadModel) {}

  /** @throws Refusal `invalid_cursor` */
  async execute({ store, filters, page }: ListOrders): Promise<RowPage<OrderRow>> {
    const { customer, payment_status, number } = filters;
    const field = customer?.startsWith('cust_') ? 'customer_id' : 'customer_external_id';
    const where = { store, payment_status, number, [field]: customer };
    return this.rows.findOwn(orders, { ...page, where }, (row) => row.store === store);
  }
}
