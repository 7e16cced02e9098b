import type { Position } from '../../src/shared/application/ports/event-store.port.js';
import type { RowChange, TableName } from '../../src/shared/application/ports/read-store.port.js';
import { ReadModel } from '../../src/shared/application/read-model.js';
import type { ReaderStatus } from '../../src/shared/application/reader-status.js';
import { Streams } from '../../src/shared/application/streams.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { counter, counters, countersCatalog, someone } from './counters.js';
import { SeededIds } from './seeded-ids.js';
import { VirtualClock } from './virtual-clock.js';

/** Writes rows, then loses the answer or the disk, as often as it is told to. */
export class TroubledRows extends MemoryReadStore {
  losesAnswers = 0;
  fails = 0;
  commits = 0;

  override async commit(table: TableName, from: Position, to: Position, changes: readonly RowChange[]) {
    this.commits++;
    if (this.fails-- > 0) throw new Error('disk full');
    const done = await super.commit(table, from, to, changes);
    if (this.losesAnswers-- > 0) throw new Error('answer lost');
    return done;
  }
}

/** A log of counters, rows in trouble when asked, and as many hosts of readers as a test starts. */
export class ReadingHost {
  clock = new VirtualClock();
  store = new MemoryEventStore();
  rows = new TroubledRows();
  streams = new Streams(this.store, countersCatalog(), this.clock, new SeededIds());
  readonly #started: Subscriptions[] = [];
  readers = this.host();

  /** Another host on the same log and rows, as after a restart. */
  host(): Subscriptions {
    const one = new Subscriptions(this.store, this.rows, countersCatalog(), this.clock);
    this.#started.push(one);
    return one;
  }

  /** The log is one that has none of these events; the rows stay. */
  restoreOlderLog(): void {
    this.store = new MemoryEventStore();
    this.streams = new Streams(this.store, countersCatalog(), this.clock, new SeededIds());
  }

  count(by: number, id = 'counter_a') {
    return this.streams.handle(counter, id, by, someone);
  }

  row(key: string) {
    return new ReadModel(this.rows).get(counters, key);
  }

  async statusOf(name: string, of = this.readers): Promise<ReaderStatus> {
    return (await of.status()).find((one) => one.name === name) as ReaderStatus;
  }

  /** What was started is never heard of again. */
  crash(): void {
    this.#started.length = 0;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((one) => one.stop()));
  }
}
