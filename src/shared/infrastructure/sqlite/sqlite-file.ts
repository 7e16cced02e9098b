import { chmodSync, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { KEPT_BYTES } from './write-ahead-log.js';

/** Older ones can lose acknowledged commits (sqlite.org/wal.html, section 11). */
export const OLDEST_SQLITE = '3.51.3';
export const PATIENCE_MS = 5_000;

/** Locks and shared memory do not hold there, so neither would the log. */
const NETWORK_FILESYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB'],
]);

/** The file, its disk or this SQLite cannot be trusted with what is to be stored. The message says what to do. */
export class SqliteRefused extends Error {
  override readonly name = 'SqliteRefused';
}

export type SqliteOptions = Readonly<{
  /** FULL: what is committed survives a power cut. NORMAL: the newest may be lost, never torn. */
  synchronous: 'FULL' | 'NORMAL';
  /** Marks whose file it is and in which format. A file of a newer format is not opened. */
  format: number;
  readOnly?: boolean;
}>;

/**
 * Opens a file in write-ahead mode. The busy timeout comes first: recovery after a crash takes an exclusive lock.
 * @throws SqliteRefused
 */
export function openSqlite(
  path: string,
  { synchronous, format, readOnly = false }: SqliteOptions,
): DatabaseSync {
  const folder = dirname(path);
  if (!readOnly) mkdirSync(folder, { recursive: true, mode: 0o700 });
  else if (!existsSync(path)) throw new SqliteRefused(`there is no ${path}: is DATA_DIR right?`);
  refuseNetwork(folder, statfsSync(folder).type);
  const asked = { synchronous, format, readOnly };
  try {
    return opened(path, path, asked);
  } catch (error) {
    if (!readOnly || !liesStill(path, error)) throw error;
    return opened(path, `${pathToFileURL(resolve(path))}?immutable=1`, asked);
  }
}

function opened(path: string, address: string, asked: Required<SqliteOptions>): DatabaseSync {
  const db = new DatabaseSync(address, { timeout: PATIENCE_MS, readOnly: asked.readOnly });
  try {
    return naming(path, () => prepared(db, path, asked));
  } catch (error) {
    db.close();
    throw error;
  }
}

function prepared(
  db: DatabaseSync,
  path: string,
  { synchronous, format, readOnly }: Required<SqliteOptions>,
): DatabaseSync {
  requireSqlite(String(single(db, 'SELECT sqlite_version()')));
  if (!readOnly) {
    chmodSync(path, 0o600);
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = ${KEPT_BYTES}`);
  }
  db.exec(`PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA cache_size = -32000`);
  db.enableDefensive(true);
  const found = Number(single(db, 'PRAGMA user_version'));
  if (found > format) {
    throw new SqliteRefused(`${path} is in format ${found}, this build knows ${format}: use the newer build`);
  }
  if (found < format && !readOnly) db.exec(`PRAGMA user_version = ${format}`);
  return db;
}

/** Nobody has it open, and no file can be put beside it, as SQLite would to read along with an owner: a backup. */
function liesStill(path: string, failure: unknown): boolean {
  const code = sqliteCode(failure);
  return (code === SQLITE_CANTOPEN || code === SQLITE_READONLY) && !existsSync(`${path}-wal`);
}

/**
 * Runs what opens a file and finds its tables; a file that is damaged is named.
 * @throws SqliteRefused for a damaged file, and whatever `open` throws
 */
export function naming<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!DAMAGE.has(sqliteCode(error) ?? 0)) throw error;
    const what = error instanceof Error ? error.message : String(error);
    throw new SqliteRefused(`${path} is damaged: ${what}. Restore it from a backup.`, { cause: error });
  }
}

/** @throws SqliteRefused */
export function requireSqlite(version: string): void {
  const [found = [], oldest = []] = [version, OLDEST_SQLITE].map((text) => text.split('.').map(Number));
  for (const [at, part] of oldest.entries()) {
    const have = found[at] ?? 0;
    if (have > part) return;
    if (have < part) {
      throw new SqliteRefused(
        `SQLite ${version} can lose commits: use a Node with ${OLDEST_SQLITE} or newer`,
      );
    }
  }
}

/** @throws SqliteRefused */
export function refuseNetwork(folder: string, type: number): void {
  const name = NETWORK_FILESYSTEMS.get(type >>> 0);
  if (name) throw new SqliteRefused(`${folder} is on ${name}, which does not keep locks: use a local disk`);
}

/** SQLite's own number for what went wrong; `undefined` for an error of another kind. */
export function sqliteCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

const SQLITE_ERROR = 1;
export const SQLITE_BUSY = 5;
export const SQLITE_CORRUPT = 11;
export const SQLITE_FULL = 13;
const SQLITE_READONLY = 8;
const SQLITE_CANTOPEN = 14;
export const SQLITE_NOTADB = 26;
/** What opening a file meets whose pages, or whose very tables, are not what they were. */
const DAMAGE: ReadonlySet<number> = new Set([SQLITE_ERROR, SQLITE_CORRUPT, SQLITE_NOTADB]);

function single(db: DatabaseSync, sql: string): unknown {
  return Object.values(db.prepare(sql).get() ?? {})[0];
}
