import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Position } from '../../application/ports/event-store.port.js';

export type Checkpoint = Readonly<{
  position: Position;
  /** What SQLite calls the table that holds the rows; `null` for a policy. */
  rows_in: string | null;
  /** The indexes that table was made with. */
  indexes: string | null;
}>;

/** How far each reader has come and where its rows are: moving one line puts new rows in place of old ones. */
export class SqliteCheckpoints {
  private readonly one: StatementSync;
  private readonly write: StatementSync;
  private readonly erase: StatementSync;
  private readonly unused: StatementSync;

  constructor(db: DatabaseSync) {
    db.exec(`CREATE TABLE IF NOT EXISTS checkpoints (
      name TEXT PRIMARY KEY,
      position INTEGER NOT NULL,
      rows_in TEXT,
      indexes TEXT
    ) STRICT, WITHOUT ROWID`);
    this.one = db.prepare('SELECT position, rows_in, indexes FROM checkpoints WHERE name = ?');
    this.write = db.prepare('REPLACE INTO checkpoints VALUES (?, ?, ?, ?)');
    this.erase = db.prepare('DELETE FROM checkpoints WHERE name = ?');
    this.unused = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?
      AND name NOT IN (SELECT rows_in FROM checkpoints WHERE rows_in IS NOT NULL)`);
  }

  get(name: string): Checkpoint | undefined {
    return this.one.get(name) as Checkpoint | undefined;
  }

  set(name: string, { position, rows_in, indexes }: Checkpoint): void {
    this.write.run(name, position, rows_in, indexes);
  }

  delete(name: string): void {
    this.erase.run(name);
  }

  /** Tables that a crash left half built. */
  leftOver(name: string): readonly string[] {
    return this.unused.all(`${name}#*`).map((line) => String(line['name']));
  }
}
