import type { LogFeed } from './log-feed.js';
import type { Clock } from './ports/clock.port.js';
import { type Position, type RecordedEvent, START } from './ports/event-store.port.js';
import { checkpointName, type ReadStore, type Row } from './ports/read-store.port.js';
import type { Told } from './projection.js';
import { type AnyProjection, ProjectionFold } from './projection-fold.js';
import { backOffMs, type Failure, type FaultListener, ReaderStuck, reasonOf } from './reader-status.js';

const LONGEST_BACK_OFF_MS = 30_000;
/** A checkpoint that moves without a row changing need not be written each time. */
const UNSAVED_AT_MOST = 500;

type Seen = Readonly<{ recorded: RecordedEvent; told: Told<never>; keys: readonly string[] }>;
type Batch = Readonly<{ reached: Position; fold: ProjectionFold; stuck?: ReaderStuck }>;

/** Keeps one projection up with the log: rows and checkpoint move in one step, so each event counts exactly once. */
export class ProjectionRunner {
  checkpoint: Position = START;
  failure: Failure | undefined;
  private saved: Position | undefined;
  private readonly reads: ReadonlySet<string>;

  constructor(
    readonly projection: AnyProjection,
    private readonly feed: LogFeed,
    private readonly rows: ReadStore,
    private readonly clock: Clock,
    private readonly onAdvance: () => void,
    private readonly onFault: FaultListener,
  ) {
    this.reads = new Set(projection.reads);
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const moved = await this.step();
        this.failure = undefined;
        if (!moved) await this.feed.waitPast(this.checkpoint, signal);
      } catch (error) {
        await this.backOff(error, signal);
      }
    }
    if (this.saved !== undefined && this.saved < this.checkpoint && !this.failure) {
      await this.rows.commit(this.projection, this.saved, this.checkpoint, []);
    }
  }

  /** One batch. `false` at the head. @throws ReaderStuck at a poison event, once all before it stands in the rows */
  private async step(): Promise<boolean> {
    if (this.saved === undefined) {
      this.saved = await this.rows.checkpoint(checkpointName(this.projection));
      this.advance(this.saved);
      await this.forgetOldVersions();
    }
    const events = await this.feed.after(this.checkpoint);
    if (events.length === 0) return false;
    const { reached, fold, stuck } = await this.fold(events);
    await this.save(reached, fold);
    if (stuck) throw stuck;
    return true;
  }

  /** Folds up to the end of the batch or to its first poison event. */
  private async fold(events: readonly RecordedEvent[]): Promise<Batch> {
    const seen: Seen[] = [];
    let stuck: ReaderStuck | undefined;
    for (const recorded of events.filter(({ type }) => this.reads.has(type))) {
      try {
        const told = this.feed.decode<never>(recorded);
        seen.push({ recorded, told, keys: this.projection.keys(told) });
      } catch (cause) {
        stuck = new ReaderStuck(recorded, cause);
        break;
      }
    }
    const keys = [...new Set(seen.flatMap((one) => one.keys))];
    const before = keys.length > 0 ? await this.rows.getMany<Row>(this.projection, keys) : undefined;
    const fold = new ProjectionFold(this.projection, before);
    for (const { recorded, told, keys: touched } of seen) {
      try {
        fold.apply(told, touched);
      } catch (cause) {
        stuck = new ReaderStuck(recorded, cause);
        break;
      }
    }
    if (!stuck) return { fold, reached: events.at(-1)?.position ?? this.checkpoint };
    const at = events.findIndex(({ position }) => position === stuck.event.position);
    return { fold, stuck, reached: events[at - 1]?.position ?? this.checkpoint };
  }

  private async save(to: Position, fold: ProjectionFold): Promise<void> {
    const from = this.saved ?? START;
    const changes = fold.changes();
    if (changes.length > 0 || to - from >= UNSAVED_AT_MOST) {
      const mine = await this.rows.commit(this.projection, from, to, changes);
      // Another runner moved the rows: go on from where it stands.
      this.saved = mine ? to : await this.rows.checkpoint(checkpointName(this.projection));
      this.advance(this.saved);
    } else {
      this.advance(to);
    }
  }

  /** The version before stays, for whoever goes back to the build before. */
  private async forgetOldVersions(): Promise<void> {
    const { version } = this.projection;
    if (version > 2) await this.rows.drop({ ...this.projection, version: version - 2 });
  }

  private advance(to: Position): void {
    this.checkpoint = to;
    this.onAdvance();
  }

  private async backOff(error: unknown, signal: AbortSignal): Promise<void> {
    const attempts = (this.failure?.attempts ?? 0) + 1;
    const event = error instanceof ReaderStuck ? eventOf(error) : {};
    this.failure = { reason: reasonOf(error), attempts, ...event };
    this.onFault(this.projection.name, error, this.failure);
    await this.clock.sleep(backOffMs(attempts - 1, LONGEST_BACK_OFF_MS), signal);
  }
}

function eventOf({ event }: ReaderStuck): Pick<Failure, 'event'> {
  const { position, stream, revision, type } = event;
  return { event: { position, stream, revision, type } };
}
