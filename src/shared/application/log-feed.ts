import type { DomainEvent, EventCatalog } from './event-catalog.js';
import type { EventStore, Position, RecordedEvent } from './ports/event-store.port.js';
import type { Told } from './projection.js';

const BATCH = 500;
const BATCHES_KEPT = 8;

/**
 * The log as all readers of a process share it: those who stand at the same position cost one read and one
 * decoding together. The log only grows, so what once followed a position follows it for ever.
 */
export class LogFeed {
  private readonly batches = new Map<Position, Promise<readonly RecordedEvent[]>>();
  private readonly told = new WeakMap<RecordedEvent, Told<DomainEvent>>();

  constructor(
    private readonly store: EventStore,
    private readonly catalog: EventCatalog,
  ) {}

  /** Some of the events after a position, `[]` at the head. @throws LogDamaged */
  async after(position: Position): Promise<readonly RecordedEvent[]> {
    const known = this.batches.get(position);
    const batch = known ?? this.store.readAll(position, BATCH);
    if (!known) this.batches.set(position, batch);
    try {
      const events = await batch;
      if (events.length === 0) this.forget(position, batch);
      return events;
    } catch (error) {
      this.forget(position, batch);
      throw error;
    } finally {
      const [oldest] = this.batches.keys();
      if (this.batches.size > BATCHES_KEPT && oldest !== undefined) this.batches.delete(oldest);
    }
  }

  /** The event that stands exactly here. */
  async at(position: Position): Promise<RecordedEvent | undefined> {
    const [event] = await this.store.readAll(position - 1, 1);
    return event?.position === position ? event : undefined;
  }

  /** @throws EventUnreadable */
  decode<E extends DomainEvent>(event: RecordedEvent): Told<E> {
    const known = this.told.get(event);
    if (known) return known as unknown as Told<E>;
    const told = this.catalog.decode<E>(event);
    this.told.set(event, told as unknown as Told<DomainEvent>);
    return told;
  }

  waitPast(position: Position, signal: AbortSignal): Promise<void> {
    return this.store.waitPast(position, signal);
  }

  head(): Promise<Position> {
    return this.store.head();
  }

  private forget(position: Position, batch: unknown): void {
    if (this.batches.get(position) === batch) this.batches.delete(position);
  }
}
