import { Injectable } from '@nestjs/common';
import { type DomainEvent, EventCatalog } from './event-catalog.js';
import { LogFeed } from './log-feed.js';
import type { Policy } from './policy.js';
import { policyTable } from './policy-checkpoint.js';
import { PolicyRunner } from './policy-runner.js';
import { Clock } from './ports/clock.port.js';
import { EventStore, type Position, START } from './ports/event-store.port.js';
import { checkpointName, ReadStore, type Row } from './ports/read-store.port.js';
import type { Projection } from './projection.js';
import { type AnyProjection, anyProjection } from './projection-fold.js';
import { ProjectionRunner } from './projection-runner.js';
import { type FaultListener, ReaderAhead, type ReaderStatus } from './reader-status.js';

type Waiting = Readonly<{ position: Position; arrived: () => void }>;

/** Host of all that reads the log: projections, whose rows it keeps, and policies, which it tells. */
@Injectable()
export class Subscriptions {
  private readonly feed: LogFeed;
  private readonly projectors = new Map<string, ProjectionRunner>();
  private readonly policies = new Map<string, PolicyRunner>();
  private readonly waiting = new Set<Waiting>();
  private readonly listeners: FaultListener[] = [];
  private running: Promise<void>[] = [];
  private stopping: AbortController | undefined;

  constructor(
    store: EventStore,
    private readonly rows: ReadStore,
    catalog: EventCatalog,
    private readonly clock: Clock,
  ) {
    this.feed = new LogFeed(store, catalog);
  }

  addProjection<E extends DomainEvent, R extends Row>(projection: Projection<E, R>): this {
    this.refuseTwice(projection.name);
    const { feed, rows, clock } = this;
    const any = anyProjection(projection);
    const runner = new ProjectionRunner(any, feed, rows, clock, () => this.arrive(), this.onFault);
    this.projectors.set(projection.name, runner);
    this.launch(runner);
    return this;
  }

  addPolicy<E extends DomainEvent>(policy: Policy<E>): this {
    this.refuseTwice(policy.name);
    const { feed, rows, clock } = this;
    const any = policy as unknown as Policy<DomainEvent>;
    const runner = new PolicyRunner(any, feed, rows, clock, this.onFault);
    this.policies.set(policy.name, runner);
    this.launch(runner);
    return this;
  }

  /** What the projections are, for a rebuild. */
  get projections(): readonly AnyProjection[] {
    return [...this.projectors.values()].map(({ projection }) => projection);
  }

  /** Tells of each failure as it happens. None stops the host. */
  listenToFaults(listener: FaultListener): void {
    this.listeners.push(listener);
  }

  /**
   * Readers go on from where they stood. Does not wait until they have caught up: `waitFor` does.
   * @throws ReaderAhead where one has seen more than the log holds
   */
  async start(): Promise<void> {
    if (this.stopping) return;
    await this.refuseOtherLog();
    if (this.stopping) return;
    this.stopping = new AbortController();
    for (const runner of [...this.projectors.values(), ...this.policies.values()]) this.launch(runner);
  }

  /** Resolves once everything begun has ended and is checkpointed. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    this.stopping = undefined;
    const ending = this.running;
    this.running = [];
    await Promise.all(ending);
  }

  /** Whether all projections have seen the log up to `position` within that time. */
  async waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.slowest() >= position || timeoutMs <= 0) return this.slowest() >= position;
    const done = new AbortController();
    const waiting = { position, arrived: () => done.abort() };
    this.waiting.add(waiting);
    await this.clock.sleep(timeoutMs, done.signal);
    this.waiting.delete(waiting);
    return this.slowest() >= position;
  }

  /** How far the slowest reader is behind the log; 0 where all have seen all. */
  async lag(): Promise<number> {
    return Math.max(0, ...(await this.status()).map(({ lag }) => lag));
  }

  async status(): Promise<readonly ReaderStatus[]> {
    const head = await this.feed.head();
    const projections = [...this.projectors].map(([name, { checkpoint, failure }]) => {
      return { name, kind: 'projection' as const, checkpoint, failure, parked: 0 };
    });
    const policies = [...this.policies].map(([name, { checkpoint, failure, parked }]) => {
      return { name, kind: 'policy' as const, checkpoint, failure, parked };
    });
    const readers = [...projections, ...policies];
    return readers.map((reader) => ({ ...reader, head, lag: Math.max(0, head - reader.checkpoint) }));
  }

  /** The log is asked last: another process may be reading on meanwhile. */
  private async refuseOtherLog(): Promise<void> {
    const projections = this.projections.map((projection) => [projection.name, projection] as const);
    const policies = [...this.policies.keys()].map((name) => [name, policyTable(name)] as const);
    const reached: (readonly [string, Position])[] = [];
    for (const [name, table] of [...projections, ...policies]) {
      // Rows that cannot be read at present are for their reader to tell of.
      reached.push([name, await this.rows.checkpoint(checkpointName(table)).catch(() => START)]);
    }
    // A log that cannot be asked at present is for its readers to tell of, too.
    const head = await this.feed.head().catch(() => Infinity);
    for (const [name, checkpoint] of reached)
      if (checkpoint > head) throw new ReaderAhead(name, checkpoint, head);
  }

  private slowest(): Position {
    return Math.min(Infinity, ...[...this.projectors.values()].map(({ checkpoint }) => checkpoint));
  }

  private arrive(): void {
    if (this.waiting.size === 0) return;
    const slowest = this.slowest();
    for (const { position, arrived } of this.waiting) if (slowest >= position) arrived();
  }

  private launch(runner: Readonly<{ run(signal: AbortSignal): Promise<void> }>): void {
    if (this.stopping) this.running.push(runner.run(this.stopping.signal));
  }

  private refuseTwice(name: string): void {
    if (this.projectors.has(name) || this.policies.has(name)) throw new Error(`two readers named ${name}`);
  }

  private readonly onFault: FaultListener = (...fault) => {
    for (const listener of this.listeners) listener(...fault);
  };
}
