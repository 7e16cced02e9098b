import {
  type Appended,
  EventStore,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from '../../../src/shared/application/ports/event-store.port.js';
import type { Ack } from '../invariants/invariant.js';

/** Outermost of all: hears what the code under test is told, whatever stands between it and the log. */
export class WitnessedEventStore extends EventStore {
  constructor(
    private readonly store: EventStore,
    private readonly onAck: (ack: Ack) => void,
  ) {
    super();
  }

  override async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<Appended> {
    const appended = await this.store.append(stream, expected, events);
    this.onAck({ stream, ids: events.map(({ id }) => id) });
    return appended;
  }

  override read(stream: string, from?: number): Promise<readonly RecordedEvent[]> {
    return this.store.read(stream, from);
  }

  override readAll(after: Position, limit: number): Promise<readonly RecordedEvent[]> {
    return this.store.readAll(after, limit);
  }

  override head(): Promise<Position> {
    return this.store.head();
  }

  override waitPast(position: Position, signal: AbortSignal): Promise<void> {
    return this.store.waitPast(position, signal);
  }
}
