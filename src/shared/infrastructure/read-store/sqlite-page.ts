import {
  type Row,
  type RowPage,
  type RowQuery,
  type TableName,
  unknownCursor,
} from '../../application/ports/read-store.port.js';
import { type Condition, conditionsOf } from './row-query.js';
import { type ColumnValue, columnValue, quoted, type SqliteTable } from './sqlite-table.js';

/** More ways to combine the wanted values than this are looked through rather than merged. */
const MERGED_AT_MOST = 16;

type Sql = Readonly<{ text: string; values: readonly ColumnValue[] }>;

/**
 * One page by keyset: the cost depends on the page, not on how many rows lie before it. A condition with several
 * values reads the head of each value's own index and merges them.
 */
export function findPage<R extends Row>(rows: SqliteTable, table: TableName, query: RowQuery): RowPage<R> {
  const { startingAfter, endingBefore, limit } = query;
  const older = startingAfter === undefined ? undefined : bound(rows, '<', startingAfter);
  const newer = endingBefore === undefined ? undefined : bound(rows, '>', endingBefore);
  const backwards = newer !== undefined && older === undefined;
  const direction = backwards ? 'ASC' : 'DESC';
  const limits = [...dates(query), ...[older, newer].filter((sql) => sql !== undefined)];

  const parts = alternatives(conditionsOf(table, query)).map((conditions): Sql => {
    const all = [...conditions, ...limits];
    const where = all.length > 0 ? `WHERE ${all.map(({ text }) => text).join(' AND ')}` : '';
    return {
      text: `SELECT key, created_at, body FROM ${quoted(rows.name)} ${where}
        ORDER BY created_at ${direction}, key ${direction} LIMIT ?`,
      values: [...all.flatMap(({ values }) => values), limit + 1],
    };
  });
  const [first] = parts;
  if (!first) return { rows: [], hasMore: false };
  const { text, values } = parts.length === 1 ? first : merged(parts, direction, limit + 1);

  const found = rows.statement(text).all(...values);
  const page = found.slice(0, limit).map((line): R & { readonly _key: string } => {
    return { ...(JSON.parse(String(line['body'])) as R), _key: String(line['key']) };
  });
  return { rows: backwards ? page.reverse() : page, hasMore: found.length > limit };
}

function merged(parts: readonly Sql[], direction: string, limit: number): Sql {
  return {
    text: `SELECT key, body FROM (${parts.map(({ text }) => `SELECT * FROM (${text})`).join(' UNION ALL ')})
      ORDER BY created_at ${direction}, key ${direction} LIMIT ?`,
    values: [...parts.flatMap(({ values }) => values), limit],
  };
}

/** One list of equalities for each combination of wanted values; none where nothing can fit. */
function alternatives(conditions: readonly Condition[]): readonly (readonly Sql[])[] {
  const ways = conditions.reduce((product, { anyOf }) => product * anyOf.length, 1);
  if (ways === 0) return [];
  if (ways > MERGED_AT_MOST) return [conditions.map(among)];
  return conditions.reduce<readonly (readonly Sql[])[]>(
    (lists, { field, anyOf }) =>
      lists.flatMap((list) => anyOf.map((value) => [...list, among({ field, anyOf: [value] })])),
    [[]],
  );
}

function among({ field, anyOf }: Condition): Sql {
  const column = quoted(`f_${field}`);
  const [, ...more] = anyOf;
  const text = more.length === 0 ? `${column} = ?` : `${column} IN (?${', ?'.repeat(more.length)})`;
  return { text, values: anyOf.map(columnValue) };
}

function dates({ createdAt = {} }: RowQuery): readonly Sql[] {
  const { gte, gt, lte, lt } = createdAt;
  const signs = { '>=': gte, '>': gt, '<=': lte, '<': lt };
  return Object.entries(signs).flatMap(([sign, at]) =>
    at === undefined ? [] : [{ text: `created_at ${sign} ?`, values: [at] }],
  );
}

/** @throws Refusal `invalid_cursor` */
function bound(rows: SqliteTable, sign: '<' | '>', key: string): Sql {
  const at = rows.statement(`SELECT created_at FROM ${quoted(rows.name)} WHERE key = ?`).get(key);
  if (!at) throw unknownCursor(key);
  return { text: `(created_at, key) ${sign} (?, ?)`, values: [String(at['created_at']), key] };
}
