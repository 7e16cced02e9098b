import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { StoreResource } from '../projections/stores.projection.js';
import { StoreResources } from '../store-resources.js';

/** One store, never behind the log. */
export class GetStore extends Query<StoreResource> {
  constructor(readonly store: StoreId) {
    super();
  }
}

@QueryHandler(GetStore)
export class GetStoreHandler implements IQueryHandler<GetStore> {
  constructor(private readonly resources: StoreResources) {}

  /** @throws Refusal `not_found` */
  execute({ store }: GetStore): Promise<StoreResource> {
    return this.resources.now(store);
  }
}
