import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RecordedEvent, START } from '../../src/shared/application/ports/event-store.port.js';
import { SqliteEventStore } from '../../src/shared/infrastructure/event-store/sqlite.event-store.js';
import { event } from '../contracts/event-store.contract.js';

const STREAMS = 17;

/** What was acknowledged by one moment, and how far the write-ahead file had grown by then. */
export type Durable = Readonly<{ events: number; walBytes: number }>;

/** The files of a log, as they would lie on the disk after the power went. */
export class LogOnDisk {
  readonly durable: Durable[] = [];
  #count = 0;
  readonly #ends = new Map<string, number>();

  private constructor(
    private readonly folder: string,
    readonly store: SqliteEventStore,
  ) {}

  static open(): LogOnDisk {
    const folder = mkdtempSync(join(tmpdir(), 'log-on-disk-'));
    return new LogOnDisk(folder, SqliteEventStore.open(join(folder, 'log.db')));
  }

  /** One transaction: several appends of the same moment, of one to three events each. */
  async commit(appends: number): Promise<void> {
    const streams = new Set<string>();
    while (streams.size < appends) streams.add(`s-${(this.#count + streams.size * 5) % STREAMS}`);
    await Promise.all(
      [...streams].map((stream, at) => {
        const events = Array.from({ length: 1 + ((this.#count + at) % 3) }, () => this.#event());
        const end = this.#ends.get(stream) ?? -1;
        this.#ends.set(stream, end + events.length);
        return this.store.append(stream, end < 0 ? 'no_stream' : end, events);
      }),
    );
    this.durable.push({ events: this.#count, walBytes: this.#sizeOf('log.db-wal') });
  }

  async events(): Promise<readonly RecordedEvent[]> {
    return this.store.readAll(START, 100_000);
  }

  bytesOf(name: 'log.db' | 'log.db-wal'): Buffer {
    return readFileSync(join(this.folder, name));
  }

  /** A copy of all of it in a folder of its own, with some bytes instead of what is there. */
  damaged(name: 'log.db' | 'log.db-wal', bytes: Buffer): string {
    const copy = join(this.folder, 'damaged');
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy);
    for (const file of ['log.db', 'log.db-wal'])
      if (existsSync(join(this.folder, file))) copyFileSync(join(this.folder, file), join(copy, file));
    writeFileSync(join(copy, name), bytes);
    return copy;
  }

  async remove(): Promise<void> {
    await this.store.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #event() {
    this.#count += 1;
    return event(`e${this.#count}`, { amount: this.#count, text: 'x'.repeat((this.#count * 7) % 90) });
  }

  #sizeOf(name: string): number {
    return statSync(join(this.folder, name)).size;
  }
}
