import { Injectable } from '@nestjs/common';
import type { DomainEvent } from './event-catalog.js';
import { ReadStore, type Row, type RowPage, type RowQuery, unknownCursor } from './ports/read-store.port.js';
import type { Projection } from './projection.js';

/** Rows of projections as queries ask for them. May be behind the log; money decisions fold streams instead. */
@Injectable()
export class ReadModel {
  constructor(private readonly rows: ReadStore) {}

  get<E extends DomainEvent, R extends Row>(
    projection: Projection<E, R>,
    key: string,
  ): Promise<R | undefined> {
    return this.rows.get<R>(projection, key);
  }

  getMany<E extends DomainEvent, R extends Row>(
    projection: Projection<E, R>,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, R>> {
    return this.rows.getMany<R>(projection, keys);
  }

  /** One page. @throws Refusal `invalid_cursor` */
  find<E extends DomainEvent, R extends Row>(
    projection: Projection<E, R>,
    query: RowQuery,
  ): Promise<RowPage<R>> {
    return this.rows.find<R>(projection, query);
  }

  /** One page of what a caller may see. @throws Refusal `invalid_cursor` */
  async findOwn<E extends DomainEvent, R extends Row>(
    projection: Projection<E, R>,
    query: RowQuery,
    isOwn: (row: R) => boolean,
  ): Promise<RowPage<R>> {
    await this.checkCursors(projection, query, isOwn);
    return this.find(projection, query);
  }

  /**
   * A cursor is a row that the caller could have been shown: one of somebody else's is answered like one that is not.
   * @throws Refusal `invalid_cursor`
   */
  async checkCursors<E extends DomainEvent, R extends Row>(
    projection: Projection<E, R>,
    { startingAfter, endingBefore }: RowQuery,
    isOwn: (row: R) => boolean,
  ): Promise<void> {
    for (const cursor of [startingAfter, endingBefore]) {
      if (cursor === undefined) continue;
      const row = await this.get(projection, cursor);
      if (row && !isOwn(row)) throw unknownCursor(cursor);
    }
  }

  /**
   * Every row that fits, newest first, page by page of `limit`. A row may go meanwhile, also the last one of a page;
   * one that changes may be left out or come again.
   */
  async *all<E extends DomainEvent, R extends Row>(
    projection: Projection<E, R>,
    query: RowQuery,
  ): AsyncIterable<R & { readonly _key: string }> {
    let lte = query.createdAt?.lte;
    let told = new Set<string>();
    for (let hasMore = true; hasMore; ) {
      const createdAt = lte === undefined ? query.createdAt : { ...query.createdAt, lte };
      // Rows of one moment have no order by which to go on, so those that were told are asked for again.
      const limit = query.limit + told.size;
      const page: RowPage<R> = await this.find(projection, {
        ...query,
        ...(createdAt && { createdAt }),
        limit,
      });
      yield* page.rows.filter(({ _key }) => !told.has(_key));
      hasMore = page.hasMore;
      lte = page.rows.at(-1)?.created_at;
      told = new Set(page.rows.filter(({ created_at }) => created_at === lte).map(({ _key }) => _key));
    }
  }
}
