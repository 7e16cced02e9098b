import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One row as it is after a commit; `object` null where the row is gone. */
export type Change = readonly [table: string, id: string, account: string, object: unknown, note: unknown];

const fileName = 'stripe-sandbox.jsonl';
const compactAtBytes = 50 * 1024 * 1024;
const chunkRows = 500;

/** Where commits go before anybody is told of them. */
export interface Journal {
  append(changes: readonly Change[]): void;
  /** Resolves once everything appended so far is on disk. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Forgets everything: for tests. */
export const noJournal: Journal = {
  append: () => undefined,
  settled: async () => undefined,
  close: async () => undefined,
};

/** One line per commit in a file; all lines of a moment share one write and one fsync. */
export class FileJournal implements Journal {
  private waiting: string[] = [];
  private writing: Promise<void> | undefined;
  private size = 0;
  private compactAt: number;

  private constructor(
    private readonly path: string,
    private file: FileHandle,
    private readonly snapshot: () => Iterable<Change>,
    private readonly longest: number,
  ) {
    this.compactAt = longest;
  }

  /** Replays what is there, then opens for more. A line cut short by a crash was never answered for: it goes. */
  static async open(
    folder: string,
    replay: (change: Change) => void,
    snapshot: () => Iterable<Change>,
    longest = compactAtBytes,
  ): Promise<FileJournal> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, fileName);
    const size = existsSync(path) ? replayFile(path, replay) : 0;
    const journal = new FileJournal(path, await open(path, 'a', 0o600), snapshot, longest);
    journal.size = size;
    return journal;
  }

  append(changes: readonly Change[]): void {
    this.waiting.push(`${JSON.stringify(changes)}\n`);
  }

  settled(): Promise<void> {
    if (this.writing) return this.writing.then(() => this.settled());
    if (this.waiting.length === 0) return Promise.resolve();
    this.writing = this.write().finally(() => {
      this.writing = undefined;
    });
    return this.writing;
  }

  async close(): Promise<void> {
    await this.settled();
    await this.file.close();
  }

  private async write(): Promise<void> {
    const text = this.waiting.join('');
    this.waiting = [];
    await this.file.appendFile(text);
    await this.file.datasync();
    this.size += Buffer.byteLength(text);
    if (this.size > this.compactAt) await this.compact();
  }

  /** Writes only what still is, beside the old file, and then takes its place. */
  private async compact(): Promise<void> {
    const beside = `${this.path}.new`;
    this.waiting = []; // what waits is part of the snapshot
    this.size = writeSnapshot(beside, this.snapshot());
    await this.file.close();
    renameSync(beside, this.path);
    syncFolder(dirname(this.path));
    this.file = await open(this.path, 'a', 0o600);
    this.compactAt = Math.max(this.longest, 2 * this.size);
  }
}

function replayFile(path: string, replay: (change: Change) => void): number {
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(10) + 1;
  let from = 0;
  while (from < whole) {
    const end = bytes.indexOf(10, from);
    for (const change of JSON.parse(bytes.toString('utf8', from, end)) as Change[]) replay(change);
    from = end + 1;
  }
  if (whole < bytes.length) truncateSync(path, whole);
  return whole;
}

function writeSnapshot(path: string, changes: Iterable<Change>): number {
  const file = openSync(path, 'w', 0o600);
  let size = 0;
  let rows: Change[] = [];
  const flush = () => {
    if (rows.length > 0) size += writeSync(file, `${JSON.stringify(rows)}\n`);
    rows = [];
  };
  for (const change of changes) {
    rows.push(change);
    if (rows.length >= chunkRows) flush();
  }
  flush();
  fsyncSync(file);
  closeSync(file);
  return size;
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
