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

  /** Every row that fits, page by page of `limit`; a row that changes meanwhile may be left out or come again. */
  async *all<E extends DomainEvent, R extends Row>(
    projection: Projection<E, R>,
    query: RowQuery,
  ): AsyncIterable<R & { readonly _key: string }> {
    let next: RowQuery | undefined = query;
    while (next) {
      const { rows, hasMore }: RowPage<R> = await this.find(projection, next);
      yield* rows;
      const last: string | undefined = rows.at(-1)?._key;
      next = hasMore && last !== undefined ? { ...query, startingAfter: last } : undefined;
    }
  }
}
