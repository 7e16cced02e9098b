import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { checkpointName, type Row, type TableName } from '../../application/ports/read-store.port.js';
import { indexedFields, indexedValue } from './row-query.js';

export type Keyed = Readonly<{ key: string; row: Row }>;

/** Rows of one projection and version, in a table of their own: a column for each field that queries filter by. */
export class SqliteTable {
  private readonly fields: readonly string[];
  private readonly statements = new Map<string, StatementSync>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly table: TableName,
    /** What SQLite calls it. */
    readonly name: string,
  ) {
    this.fields = indexedFields(table);
  }

  /** A name that no table has had, so that rows can be built beside others and then take their place. */
  static freshName(table: TableName): string {
    return `${checkpointName(table)}#${randomBytes(6).toString('hex')}`;
  }

  /** Without its indexes, which cost less once all rows are in. */
  create(): void {
    const columns = this.fields.map((field) => `, ${quoted(`f_${field}`)} ANY`).join('');
    this.db.exec(`CREATE TABLE ${quoted(this.name)} (key TEXT PRIMARY KEY, created_at TEXT NOT NULL,
      body TEXT NOT NULL${columns}) STRICT, WITHOUT ROWID`);
  }

  createIndexes(): void {
    for (const index of ['', ...this.table.indexes]) {
      const fields = index === '' ? [] : index.split('+').map((field) => `f_${field}`);
      const columns = [...fields, 'created_at', 'key'].map(quoted).join(', ');
      this.db.exec(`CREATE INDEX ${quoted(`${this.name}#${index}`)} ON ${quoted(this.name)} (${columns})`);
    }
  }

  drop(): void {
    this.db.exec(`DROP TABLE IF EXISTS ${quoted(this.name)}`);
  }

  put({ key, row }: Keyed): void {
    const columns = ['created_at', 'body', ...this.fields.map((field) => `f_${field}`)].map(quoted);
    const values = this.fields.map((field) => columnValue(indexedValue(row, field)));
    this.statement(`INSERT INTO ${quoted(this.name)} (key, ${columns.join(', ')})
      VALUES (?${', ?'.repeat(columns.length)})
      ON CONFLICT (key) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`).run(
      key,
      row.created_at,
      JSON.stringify(row),
      ...values,
    );
  }

  remove(key: string): void {
    this.statement(`DELETE FROM ${quoted(this.name)} WHERE key = ?`).run(key);
  }

  body(key: string): string | undefined {
    const found = this.statement(`SELECT body FROM ${quoted(this.name)} WHERE key = ?`).get(key);
    return found && String(found['body']);
  }

  /** The next rows in key order. */
  after(key: string, limit: number): readonly Keyed[] {
    const sql = `SELECT key, body FROM ${quoted(this.name)} WHERE key > ? ORDER BY key LIMIT ?`;
    const found = this.statement(sql).all(key, limit);
    return found.map((line) => ({ key: String(line['key']), row: JSON.parse(String(line['body'])) }));
  }

  /** A prepared statement, made once. */
  statement(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export type ColumnValue = string | number | Uint8Array | null;

/** `true` is a blob of its own: it must not be found as the number 1. */
export function columnValue(value: string | number | boolean | undefined): ColumnValue {
  if (value === undefined) return null;
  return typeof value === 'boolean' ? Uint8Array.of(value ? 1 : 0) : value;
}
