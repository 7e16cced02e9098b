import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** What the file keeps for the next writes once nobody reads from it any more. */
export const KEPT_BYTES = 16 * 1024 * 1024;

/**
 * The file `…-wal` beside a database. Whoever reads one snapshot for long keeps it from being used again from its
 * start, so it grows with every write until they let go.
 */
export class WriteAheadLog {
  constructor(
    private readonly db: DatabaseSync,
    private readonly path: string,
    private readonly patienceMs: number,
  ) {}

  get bytes(): number {
    return statSync(`${this.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Empties the file unless somebody reads from it; waits for nobody, since that would stop the whole process. */
  empty(): void {
    this.db.exec('PRAGMA busy_timeout = 0');
    try {
      this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      this.db.exec(`PRAGMA busy_timeout = ${this.patienceMs}`);
    }
  }
}
