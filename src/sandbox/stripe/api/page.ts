import type { Row, Table } from '../engine/table.js';
import { type List, listOf } from '../objects/shared.js';
import { invalid, missing } from './errors.js';

export type Paging = Readonly<{
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
}>;

export type Range = Readonly<{
  gt?: number | undefined;
  gte?: number | undefined;
  lt?: number | undefined;
  lte?: number | undefined;
}>;

type Source<T, N> = Readonly<{ table: Table<T, N>; account: string; url: string; noun: string }>;

/** A page of what matches, newest first, as Stripe's lists go. */
export function page<T, N>(
  { table, account, url, noun }: Source<T, N>,
  { limit = 10, starting_after, ending_before }: Paging,
  matches: (row: Row<T, N>) => boolean,
): List<T> {
  if (limit < 1 || limit > 100) {
    throw invalid(
      `This value must be between 1 and 100 (inclusive): ${limit}`,
      'limit',
      'parameter_invalid_integer',
    );
  }
  const backwards = ending_before !== undefined;
  const cursor = ending_before ?? starting_after;
  const placed = cursor === undefined ? undefined : table.get(account, cursor);
  if (cursor !== undefined && !placed) {
    throw missing(noun, cursor, backwards ? 'ending_before' : 'starting_after', 400);
  }
  const step = backwards ? 1 : -1;
  const found: T[] = [];
  for (const row of table.walk(account, placed && placed.place + step, step)) {
    if (!matches(row)) continue;
    if (found.length === limit) return listOf(backwards ? found.reverse() : found, url, true);
    found.push(row.object);
  }
  return listOf(backwards ? found.reverse() : found, url);
}

export function within(at: number, range: Range | undefined): boolean {
  if (!range) return true;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return at > gt && at >= gte && at < lt && at <= lte;
}

/** Whether a filter that was not given, or that this value meets. */
export function isOrAny<T>(wanted: T | undefined, value: T | null): boolean {
  return wanted === undefined || wanted === value;
}
