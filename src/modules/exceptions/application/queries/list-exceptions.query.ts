import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { RowQuery } from '../../../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import type { ExceptionKind } from '../../domain/exception.events.js';
import { type ExceptionRow, exceptions } from '../projections/exceptions.projection.js';

export type ExceptionPage = Readonly<{ rows: readonly ExceptionRow[]; hasMore: boolean }>;

/** What needs a person, or needed one; newest first. */
export class ListExceptions extends Query<ExceptionPage> {
  constructor(
    readonly store: StoreId,
    readonly filter: Readonly<{
      status?: ExceptionRow['status'] | undefined;
      kind?: ExceptionKind | undefined;
      order?: OrderId | undefined;
      payment?: string | undefined;
    }>,
    readonly page: Omit<RowQuery, 'where'>,
  ) {
    super();
  }
}

@QueryHandler(ListExceptions)
export class ListExceptionsHandler implements IQueryHandler<ListExceptions> {
  constructor(private readonly readModel: ReadModel) {}

  /** @throws Refusal `invalid_cursor` */
  execute({ store, filter, page }: ListExceptions): Promise<ExceptionPage> {
    const where = { ...filter, store };
    return this.readModel.findOwn(exceptions, { ...page, where }, (row) => row.store === store);
  }
}
