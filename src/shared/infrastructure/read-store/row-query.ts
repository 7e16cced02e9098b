import type { Row, RowQuery, TableName } from '../../application/ports/read-store.port.js';

/** A condition on one field: any of these values. */
export type Condition = Readonly<{ field: string; anyOf: readonly (string | number | boolean)[] }>;

/** @throws Error where a field is not one that the table has an index for: a fault of ours, never of a caller */
export function conditionsOf(table: TableName, { where = {} }: RowQuery): readonly Condition[] {
  const indexed = indexedFields(table);
  return Object.entries(where).flatMap(([field, value]): Condition[] => {
    if (value === undefined) return [];
    if (!indexed.includes(field)) throw new Error(`rows of ${table.name} have no index on ${field}`);
    return [{ field, anyOf: typeof value === 'object' ? [...new Set(value)] : [value] }];
  });
}

/** Every field that an index of the table names. */
export function indexedFields({ indexes }: TableName): readonly string[] {
  return [...new Set(indexes.flatMap((index) => index.split('+')))];
}

/** The value that an index holds for a field: lists, objects and `null` are not found by any query. */
export function indexedValue(row: Row, field: string): string | number | boolean | undefined {
  const value = row[field];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}
