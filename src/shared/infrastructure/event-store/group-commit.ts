import type { DatabaseSync } from 'node:sqlite';
import {
  type Appended,
  AppendInDoubt,
  EventStoreUnavailable,
  type ExpectedRevision,
  RevisionConflict,
} from '../../application/ports/event-store.port.js';
import { SQLITE_BUSY, SQLITE_FULL, sqliteCode } from '../sqlite/sqlite-file.js';
import type { EventText } from './hash-chain.js';

export type AppendRequest = Readonly<{
  stream: string;
  expected: ExpectedRevision;
  texts: readonly EventText[];
}>;

type Pending = Readonly<{
  request: AppendRequest;
  resolve: (appended: Appended) => void;
  reject: (error: unknown) => void;
}>;

const LARGEST_GROUP = 1_000;
const LARGEST_GROUP_BYTES = 8 * 1024 * 1024;

/**
 * Appends of the same turn of the event loop share one transaction, and so one wait for the disk: the group grows
 * with the load by itself. Each is judged alone: a conflict or a poison append fails none of its neighbours.
 */
export class GroupCommit {
  private queue: Pending[] = [];
  private scheduled = false;

  constructor(
    private readonly db: DatabaseSync,
    private readonly write: (request: AppendRequest) => Appended,
    private readonly onCommitted: () => void,
  ) {}

  /** Resolves once it is on the disk. */
  submit(request: AppendRequest): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject });
      this.schedule();
    });
  }

  get waiting(): boolean {
    return this.queue.length > 0;
  }

  /** Writes all that waits, now. */
  drain(): void {
    while (this.queue.length > 0) this.flush();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
      if (this.queue.length > 0) this.schedule();
    });
  }

  private flush(): void {
    let bytes = 0;
    let count = 0;
    for (const { request } of this.queue.slice(0, LARGEST_GROUP)) {
      for (const { data, metadata } of request.texts) bytes += data.length + metadata.length;
      if (count > 0 && bytes > LARGEST_GROUP_BYTES) break;
      count++;
    }
    const group = this.queue.slice(0, count);
    this.queue = this.queue.slice(count);
    if (group.length > 0) this.commit(group);
  }

  private commit(group: readonly Pending[]): void {
    let committing = false;
    const settle: (() => void)[] = [];
    try {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      this.db.exec('BEGIN IMMEDIATE');
    } catch (error) {
      for (const { reject } of group) reject(unavailable(error));
      return;
    }
    try {
      for (const pending of group) settle.push(this.judge(pending));
      committing = true;
      this.db.exec('COMMIT');
    } catch (error) {
      this.rollBack();
      const [one] = group;
      if (group.length > 1) for (const each of group) this.commit([each]);
      else one?.reject(committing && mayBeWritten(error) ? inDoubt(error) : unavailable(error));
      return;
    }
    for (const answer of settle) answer();
    this.onCommitted();
  }

  private judge({ request, resolve, reject }: Pending): () => void {
    try {
      const appended = this.write(request);
      return () => resolve(appended);
    } catch (error) {
      if (error instanceof RevisionConflict) return () => reject(error);
      throw error;
    }
  }

  private rollBack(): void {
    try {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
    } catch {
      // Tried again before the next group begins.
    }
  }
}

function mayBeWritten(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== SQLITE_BUSY && code !== SQLITE_FULL;
}

function unavailable(cause: unknown): EventStoreUnavailable {
  return new EventStoreUnavailable('the log cannot be written to', { cause });
}

function inDoubt(cause: unknown): AppendInDoubt {
  return new AppendInDoubt('the disk gave no answer', { cause });
}
