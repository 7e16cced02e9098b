import type { DomainEvent } from './event-catalog.js';
import type { LogFeed } from './log-feed.js';
import type { Policy } from './policy.js';
import { type ParkedRow, PolicyCheckpoint } from './policy-checkpoint.js';
import type { Clock } from './ports/clock.port.js';
import { type Position, type RecordedEvent, START } from './ports/event-store.port.js';
import type { ReadStore } from './ports/read-store.port.js';
import { backOffMs, type Failure, type FaultListener, reasonOf } from './reader-status.js';
import { Slots } from './slots.js';
import { Turns } from './turns.js';

const AT_ONCE = 32;
const RETRIES_AT_ONCE = 8;
const LONGEST_BACK_OFF_MS = 300_000;
const READER_BACK_OFF_MS = 30_000;
/** Events of no interest move the stored checkpoint only this often. */
const UNSAVED_AT_MOST = 500;

/**
 * Tells one policy every event of its types. Events of one stream come one at a time and in order, those of
 * other streams beside them, so that one slow answer holds up nobody else. What the policy throws at is parked
 * and tried again for ever.
 */
export class PolicyRunner {
  checkpoint: Position = START;
  private readFailure: Failure | undefined;
  private readonly parkedEvents = new Set<string>();
  private readonly inFlight = new Set<Position>();
  private readonly work = new Set<Promise<void>>();
  private readonly turns = new Turns();
  private readonly slots = new Slots(AT_ONCE);
  private readonly retrySlots = new Slots(RETRIES_AT_ONCE);
  private readonly stored: PolicyCheckpoint;
  private readonly reads: ReadonlySet<string>;
  private reached: Position = START;
  private told: Position = START;

  constructor(
    readonly policy: Policy<DomainEvent>,
    private readonly feed: LogFeed,
    rows: ReadStore,
    private readonly clock: Clock,
    private readonly onFault: FaultListener,
  ) {
    this.reads = new Set(policy.reads);
    const { name } = policy;
    this.stored = new PolicyCheckpoint(name, rows, clock, (...fault) => onFault(name, ...fault));
  }

  get failure(): Failure | undefined {
    return this.readFailure ?? this.stored.failure;
  }

  get parked(): number {
    return this.parkedEvents.size;
  }

  async run(signal: AbortSignal): Promise<void> {
    for (let open = false; !signal.aborted; ) {
      try {
        if (!open) await this.open(signal);
        open = true;
        const moved = await this.step(signal);
        this.readFailure = undefined;
        if (!moved) await this.feed.waitPast(this.reached, signal);
      } catch (error) {
        const attempts = this.fail(error);
        await this.clock.sleep(backOffMs(attempts - 1, READER_BACK_OFF_MS), signal);
      }
    }
    while (this.work.size > 0) await Promise.all(this.work);
    if (this.reached > START) this.stored.reach(this.lowWater(), signal);
    await this.stored.settle();
  }

  private async open(signal: AbortSignal): Promise<void> {
    const { position, parked } = await this.stored.open();
    this.reached = this.told = this.checkpoint = position;
    for (const [id, row] of parked) this.start(this.retry(id, row, signal));
  }

  /** One batch. `false` at the head. */
  private async step(signal: AbortSignal): Promise<boolean> {
    const events = await this.feed.after(this.reached);
    for (const event of events) {
      if (this.reads.has(event.type)) {
        await this.slots.enter();
        if (signal.aborted) {
          this.slots.leave();
          return true;
        }
        this.inFlight.add(event.position);
        this.start(this.tell(event, signal));
      }
      this.reached = event.position;
    }
    this.checkpoint = this.lowWater();
    if (this.checkpoint - this.told >= UNSAVED_AT_MOST) this.note(signal);
    return events.length > 0;
  }

  private async tell(event: RecordedEvent, signal: AbortSignal): Promise<void> {
    try {
      await this.turns.take(event.stream, async () => this.policy.on(this.feed.decode(event)));
    } catch (error) {
      const row = this.park(event, 1, error, signal);
      this.start(this.retry(event.id, row, signal));
    } finally {
      this.slots.leave();
      this.inFlight.delete(event.position);
      this.note(signal);
    }
  }

  /** Tries a parked event until the policy takes it. */
  private async retry(id: string, row: ParkedRow, signal: AbortSignal): Promise<void> {
    this.parkedEvents.add(id);
    for (let parked = row; !signal.aborted; ) {
      const wait = Date.parse(parked.next_at) - this.clock.now().getTime();
      // A clock that was far ahead when the event was parked must not put it off for as long.
      if (wait > 0) await this.clock.sleep(Math.min(wait, LONGEST_BACK_OFF_MS), signal);
      await this.retrySlots.enter();
      try {
        if (signal.aborted) return;
        const event = await this.feed.at(parked.position);
        if (!event) throw new Error(`there is no event at position ${parked.position}`);
        try {
          await this.turns.take(event.stream, async () => this.policy.on(this.feed.decode(event)));
          this.parkedEvents.delete(id);
          this.stored.park(id, null, signal);
          return;
        } catch (error) {
          parked = this.park(event, parked.attempts + 1, error, signal);
        }
      } catch (error) {
        this.onFault(this.policy.name, error, { reason: reasonOf(error), attempts: parked.attempts });
        parked = { ...parked, next_at: this.after(READER_BACK_OFF_MS) };
      } finally {
        this.retrySlots.leave();
      }
    }
  }

  private park(event: RecordedEvent, attempts: number, error: unknown, signal: AbortSignal): ParkedRow {
    const { id, position, stream, revision, type, metadata } = event;
    const reason = reasonOf(error);
    const row: ParkedRow = {
      created_at: metadata['occurred_at'] ?? '',
      position,
      stream,
      type,
      attempts,
      next_at: this.after(backOffMs(attempts - 1, LONGEST_BACK_OFF_MS)),
      reason: reason.slice(0, 200),
    };
    this.stored.park(id, row, signal);
    this.onFault(this.policy.name, error, { reason, attempts, event: { position, stream, revision, type } });
    return row;
  }

  /** All that stands before the oldest event still being told. */
  private lowWater(): Position {
    const [oldest] = this.inFlight;
    return oldest === undefined ? this.reached : Math.min(oldest - 1, this.reached);
  }

  private note(signal: AbortSignal): void {
    this.checkpoint = this.told = this.lowWater();
    this.stored.reach(this.told, signal);
  }

  private start(work: Promise<void>): void {
    const tracked = work.finally(() => this.work.delete(tracked));
    this.work.add(tracked);
  }

  private fail(error: unknown): number {
    const attempts = (this.readFailure?.attempts ?? 0) + 1;
    this.readFailure = { reason: reasonOf(error), attempts };
    this.onFault(this.policy.name, error, this.readFailure);
    return attempts;
  }

  private after(ms: number): string {
    return new Date(this.clock.now().getTime() + ms).toISOString();
  }
}
