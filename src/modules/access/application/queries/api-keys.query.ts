import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { RowQuery } from '../../../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ApiKeyId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { coversStores, type Reach } from '../../domain/api-key.js';
import { apiKeyAggregate } from '../api-key-aggregate.js';
import { type ApiKeyRow, apiKeys, foldRow } from '../projections/api-keys.projection.js';

/** A key as the log says now. @throws Refusal `not_found`, also for one that reaches further than whoever asks */
export class GetApiKey extends Query<ApiKeyRow> {
  constructor(
    readonly id: ApiKeyId,
    readonly by: Reach,
  ) {
    super();
  }
}

@QueryHandler(GetApiKey)
export class GetApiKeyHandler implements IQueryHandler<GetApiKey> {
  constructor(private readonly streams: Streams) {}

  async execute({ id, by }: GetApiKey): Promise<ApiKeyRow> {
    const row = foldRow(await this.streams.history(apiKeyAggregate, id));
    if (!row || !coversStores(by, row)) throw new Refusal('not_found', 'There is no such key.');
    return row;
  }
}

/** The keys that reach no further than whoever asks, newest first. */
export class ListApiKeys extends Query<Readonly<{ rows: readonly ApiKeyRow[]; hasMore: boolean }>> {
  constructor(
    readonly query: RowQuery,
    readonly by: Reach,
  ) {
    super();
  }
}

@QueryHandler(ListApiKeys)
export class ListApiKeysHandler implements IQueryHandler<ListApiKeys> {
  constructor(private readonly readModel: ReadModel) {}

  /** @throws Refusal `invalid_cursor` */
  async execute({ query, by }: ListApiKeys) {
    const seen: ApiKeyRow[] = [];
    const isOwn = (row: ApiKeyRow) => coversStores(by, row);
    await this.readModel.checkCursors(apiKeys, query, isOwn);
    if (query.endingBefore !== undefined || by.stores === 'all') {
      const { rows, hasMore } = await this.readModel.find(apiKeys, query);
      return { rows: rows.filter(isOwn), hasMore };
    }
    for await (const row of this.readModel.all(apiKeys, query)) {
      if (!isOwn(row)) continue;
      if (seen.length === query.limit) return { rows: seen, hasMore: true };
      seen.push(row);
    }
    return { rows: seen, hasMore: false };
  }
}
