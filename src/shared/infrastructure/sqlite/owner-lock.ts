import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { SQLITE_BUSY, SqliteRefused, sqliteCode } from './sqlite-file.js';

/**
 * One owner per file. A lock of the operating system on a file beside it, so it vanishes with its process,
 * however that dies. Must never be opened by anything but SQLite: closing it elsewhere would drop the lock.
 */
export class OwnerLock {
  private constructor(private readonly db: DatabaseSync) {}

  /** @throws SqliteRefused where another process, or this one, has it open already */
  static take(path: string): OwnerLock {
    const db = new DatabaseSync(`${path}.owner`, { timeout: 0 });
    chmodSync(`${path}.owner`, 0o600);
    try {
      db.exec(`BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS owner (pid INTEGER); DELETE FROM owner;
        INSERT INTO owner VALUES (${process.pid}); COMMIT; BEGIN IMMEDIATE`);
      return new OwnerLock(db);
    } catch (error) {
      const pid = sqliteCode(error) === SQLITE_BUSY ? ownerOf(db) : undefined;
      db.close();
      if (sqliteCode(error) !== SQLITE_BUSY) throw error;
      throw new SqliteRefused(
        `${path} is in use by process ${pid ?? 'unknown'}: only one may write to it. Stop that one first.`,
      );
    }
  }

  release(): void {
    this.db.close();
  }
}

function ownerOf(db: DatabaseSync): number | undefined {
  try {
    return Number(db.prepare('SELECT pid FROM owner').get()?.['pid']);
  } catch {
    return undefined;
  }
}
