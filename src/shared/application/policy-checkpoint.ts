import type { Clock } from './ports/clock.port.js';
import { type Position, START } from './ports/event-store.port.js';
import { checkpointName, type ReadStore, type RowChange, type TableName } from './ports/read-store.port.js';
import { backOffMs, type Failure, reasonOf } from './reader-status.js';

const LONGEST_BACK_OFF_MS = 30_000;

/** What is kept of an event that a policy failed at. */
export type ParkedRow = Readonly<{
  /** When the event happened. */
  created_at: string;
  position: Position;
  stream: string;
  type: string;
  attempts: number;
  /** RFC 3339 UTC; not tried again before. */
  next_at: string;
  reason: string;
}>;

/** Where a policy keeps how far it has come. */
export function policyTable(policy: string): TableName {
  return { name: `policy-${policy}`, version: 1, indexes: [] };
}

/**
 * How far a policy has come, and what it parked on the way: written in one step, so that nothing falls between.
 * Writes of the same moment become one.
 */
export class PolicyCheckpoint {
  /** Why it cannot be stored at present. */
  failure: Failure | undefined;
  private readonly table: TableName;
  private saved: Position = START;
  private reached: Position = START;
  private changes = new Map<string, RowChange>();
  private writing: Promise<void> | undefined;

  constructor(
    policy: string,
    private readonly rows: ReadStore,
    private readonly clock: Clock,
    private readonly onFault: (error: unknown, failure: Failure) => void,
  ) {
    this.table = policyTable(policy);
  }

  /** @returns where the policy stands, and what it parked before */
  async open(): Promise<Readonly<{ position: Position; parked: ReadonlyMap<string, ParkedRow> }>> {
    this.saved = await this.rows.checkpoint(checkpointName(this.table));
    this.reached = this.saved;
    const parked = new Map<string, ParkedRow>();
    for await (const { key, row } of this.rows.scan(this.table)) parked.set(key, row as unknown as ParkedRow);
    return { position: this.saved, parked };
  }

  /** Everything up to here is handled or parked. */
  reach(position: Position, signal: AbortSignal): void {
    if (position <= this.reached) return;
    this.reached = position;
    this.write(signal);
  }

  /** Parks an event, or with `null` takes it off. */
  park(event: string, row: ParkedRow | null, signal: AbortSignal): void {
    this.changes.set(event, { key: event, row });
    this.write(signal);
  }

  /** Resolves once all of it is stored, or storing it failed after the signal aborted. */
  async settle(): Promise<void> {
    while (this.writing) await this.writing;
  }

  private get pending(): boolean {
    return this.changes.size > 0 || this.reached > this.saved;
  }

  private write(signal: AbortSignal): void {
    this.writing ??= this.writeAll(signal).finally(() => {
      this.writing = undefined;
      if (this.pending && !this.failure) this.write(signal);
    });
  }

  private async writeAll(signal: AbortSignal): Promise<void> {
    while (this.pending) {
      // All that happens in this moment goes into the same write.
      await Promise.resolve();
      const batch = this.changes;
      this.changes = new Map();
      try {
        await this.commit([...batch.values()]);
        this.failure = undefined;
      } catch (error) {
        this.changes = new Map([...batch, ...this.changes]);
        const attempts = (this.failure?.attempts ?? 0) + 1;
        this.failure = { reason: reasonOf(error), attempts };
        this.onFault(error, this.failure);
        if (signal.aborted) return;
        await this.clock.sleep(backOffMs(attempts - 1, LONGEST_BACK_OFF_MS), signal);
      }
    }
  }

  private async commit(changes: readonly RowChange[]): Promise<void> {
    const to = Math.max(this.reached, this.saved);
    if (await this.rows.commit(this.table, this.saved, to, changes)) {
      this.saved = to;
      return;
    }
    // Another runner of this policy moved on: ours is written on top of it.
    this.saved = await this.rows.checkpoint(checkpointName(this.table));
    await this.commit(changes);
  }
}
