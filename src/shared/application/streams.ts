import { Injectable } from '@nestjs/common';
import type { Decider } from '../domain/decider.js';
import { bareId } from '../domain/ids.js';
import { Refusal } from '../domain/refusal.js';
import { appendSurely } from './append-surely.js';
import { type Context, toMetadata } from './context.js';
import { type DomainEvent, EventCatalog } from './event-catalog.js';
import { Clock } from './ports/clock.port.js';
import { EventStore, type ExpectedRevision, type Position, START } from './ports/event-store.port.js';
import { Ids } from './ports/ids.port.js';
import type { Told } from './projection.js';
import { Turns } from './turns.js';

/** A kind of aggregate. Each lives in the stream `{category}-{bare id}`. */
export type Aggregate<C, S, E extends DomainEvent> = Readonly<{
  category: string;
  decider: Decider<C, S, E>;
}>;

export type Loaded<S> = Readonly<{
  state: S;
  revision: ExpectedRevision;
  /** Of the stream's last event; START where there is none. */
  position: Position;
}>;

export type Handled<S, E> = Readonly<{
  state: S;
  /** What followed; `[]` where it was already so. */
  events: readonly E[];
  /** Of the stream's last event; -1 where there is none. */
  revision: number;
  position: Position;
}>;

/** Conflicts come from other processes only, so losing this often means that something is wrong. */
const CONFLICTS_BORNE = 20;
const STATES_KEPT = 2_000;

type Kept = Readonly<{ decider: unknown; loaded: Loaded<unknown> }>;

/** Aggregates over the log: load, decide, append what follows under the revision it was decided on. */
@Injectable()
export class Streams {
  private readonly turns = new Turns();
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly store: EventStore,
    private readonly catalog: EventCatalog,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The state as the log says now, never behind. */
  async load<C, S, E extends DomainEvent>(aggregate: Aggregate<C, S, E>, id: string): Promise<Loaded<S>> {
    const { decider } = aggregate;
    const stream = streamOf(aggregate, id);
    const before = this.recall<S>(stream, decider);
    const from = before && before.revision !== 'no_stream' ? before.revision + 1 : 0;
    const events = await this.store.read(stream, from);
    const last = events.at(-1);
    if (!last) return before ?? { state: decider.initial, revision: 'no_stream', position: START };
    const state = events.reduce(
      (folded, event) => decider.evolve(folded, this.catalog.decode(event) as unknown as E),
      before ? before.state : decider.initial,
    );
    return this.keep(stream, decider, { state, revision: last.revision, position: last.position });
  }

  /**
   * Decides and writes what follows. Commands on one stream take turns; where another process was faster, the
   * command is decided again on the newer state.
   * @throws Refusal of the decider, `revision_mismatch` where the stream is not at `expectedRevision`, or
   * `overloaded`; EventStoreUnavailable; AppendInDoubt where even asking again gave no answer
   */
  handle<C, S, E extends DomainEvent>(
    aggregate: Aggregate<C, S, E>,
    id: string,
    command: C,
    context: Context,
    options: Readonly<{ expectedRevision?: number }> = {},
  ): Promise<Handled<S, E>> {
    return this.turns.take(streamOf(aggregate, id), async () => {
      for (let attempt = 0; attempt < CONFLICTS_BORNE; attempt++) {
        const handled = await this.attempt(aggregate, id, command, context, options.expectedRevision);
        if (handled) return handled;
      }
      throw new Refusal('overloaded', 'Too many changes at the same time. Try again.');
    });
  }

  /** Every event of the stream, oldest first. */
  async history<C, S, E extends DomainEvent>(
    aggregate: Aggregate<C, S, E>,
    id: string,
  ): Promise<readonly Told<E>[]> {
    const events = await this.store.read(streamOf(aggregate, id));
    return events.map((event) => this.catalog.decode<E>(event));
  }

  private async attempt<C, S, E extends DomainEvent>(
    aggregate: Aggregate<C, S, E>,
    id: string,
    command: C,
    context: Context,
    expected: number | undefined,
  ): Promise<Handled<S, E> | undefined> {
    const { decider } = aggregate;
    const { state, revision, position } = await this.load(aggregate, id);
    const current = revision === 'no_stream' ? -1 : revision;
    if (expected !== undefined && expected !== current) {
      throw new Refusal('revision_mismatch', 'It has changed since it was read. Read it again.');
    }
    const events = decider.decide(command, state);
    if (events.length === 0) return { state, events, revision: current, position };

    const stream = streamOf(aggregate, id);
    const metadata = toMetadata(context, this.clock.now());
    const written = events.map((event) => ({ id: this.ids.next(), ...this.catalog.encode(event), metadata }));
    const appended = await appendSurely(this.store, this.clock, stream, revision, written);
    if (!appended) return undefined;
    const after = { state: events.reduce(decider.evolve, state), ...appended };
    this.keep(stream, decider, after);
    return { ...after, events };
  }

  private recall<S>(stream: string, decider: unknown): Loaded<S> | undefined {
    const kept = this.kept.get(stream);
    if (!kept || kept.decider !== decider) return undefined;
    this.kept.delete(stream);
    this.kept.set(stream, kept);
    return kept.loaded as Loaded<S>;
  }

  /** Keeps a state to fold the rest of its stream onto: a load still reads the log, but only what is new. */
  private keep<S>(stream: string, decider: unknown, loaded: Loaded<S>): Loaded<S> {
    this.kept.delete(stream);
    this.kept.set(stream, { decider, loaded });
    if (this.kept.size > STATES_KEPT) {
      const [oldest] = this.kept.keys();
      if (oldest !== undefined) this.kept.delete(oldest);
    }
    return loaded;
  }
}

/** `order_0192f3a4…` is kept in `order-0192f3a4…`. */
export function streamOf({ category }: Readonly<{ category: string }>, id: string): string {
  return `${category}-${bareId(id)}`;
}
