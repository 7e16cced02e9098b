import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { RowQuery } from '../../../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import { type TransactionRow, transactions } from '../projections/transactions.projection.js';

export type TransactionPage = Readonly<{ rows: readonly TransactionRow[]; hasMore: boolean }>;

/** Payments, links, refunds, disputes, or everything that happened to an order's money; newest first. */
export class ListTransactions extends Query<TransactionPage> {
  constructor(
    readonly store: StoreId,
    readonly filter: Readonly<{
      object?: TransactionRow['object'];
      order?: OrderId;
      payment?: string;
      status?: string;
    }>,
    readonly page: Omit<RowQuery, 'where'>,
  ) {
    super();
  }
}

@QueryHandler(ListTransactions)
export class ListTransactionsHandler implements IQueryHandler<ListTransactions> {
  constructor(private readonly readModel: ReadModel) {}

  /** @throws Refusal `invalid_cursor` */
  execute({ store, filter, page }: ListTransactions): Promise<TransactionPage> {
    const where = { ...filter, store, listed: true };
    return this.readModel.findOwn(transactions, { ...page, where }, (row) => row.store === store);
  }
}
