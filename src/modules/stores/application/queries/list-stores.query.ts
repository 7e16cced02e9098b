import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { RowQuery } from '../../../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { type StoreResource, stores } from '../projections/stores.projection.js';
import { StoreResources } from '../store-resources.js';

export type StorePage = Readonly<{ data: readonly StoreResource[]; hasMore: boolean }>;

/** Stores that the caller reaches, newest first. */
export class ListStores extends Query<StorePage> {
  constructor(
    readonly reach: 'all' | readonly StoreId[],
    readonly page: Omit<RowQuery, 'where'>,
  ) {
    super();
  }
}

@QueryHandler(ListStores)
export class ListStoresHandler implements IQueryHandler<ListStores> {
  constructor(
    private readonly readModel: ReadModel,
    private readonly resources: StoreResources,
  ) {}

  /** @throws Refusal `invalid_cursor` */
  async execute({ reach, page }: ListStores): Promise<StorePage> {
    const where = reach === 'all' ? {} : { id: reach };
    const { rows, hasMore } = await this.readModel.findOwn(
      stores,
      { ...page, where },
      ({ id }) => reach === 'all' || reach.includes(id),
    );
    const data = await Promise.all(rows.map(({ _key, ...row }) => this.resources.show(row)));
    return { data, hasMore };
  }
}
