import { Injectable } from '@nestjs/common';
import {
  type Appended,
  EventStore,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type RecordedEvent,
  START,
} from '../../application/ports/event-store.port.js';
import { nextRevision, resultOfRepeat } from './expectation.js';
import { GENESIS, seal, textOf, unseal } from './hash-chain.js';
import { HeadWaiters } from './head-waiters.js';

/** The log in memory, for tests and simulation. Events are frozen: nobody can change what is recorded. */
@Injectable()
export class MemoryEventStore extends EventStore {
  private readonly log: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly waiters = new HeadWaiters();

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const texts = textOf(stream, events);
    const next = nextRevision(expected);
    const stored = this.streams.get(stream) ?? [];
    if (stored.length !== next) {
      const ids = events.map(({ id }) => id);
      return resultOfRepeat(stream, expected, stored.length - 1, ids, stored.slice(next));
    }
    for (const sealed of seal(stream, next, stored.at(-1)?.hash ?? GENESIS, texts)) {
      const event = frozen(unseal(sealed, this.log.length + 1));
      this.log.push(event);
      stored.push(event);
    }
    this.streams.set(stream, stored);
    this.waiters.wake();
    return { revision: stored.length - 1, position: this.log.length };
  }

  async read(stream: string, from = 0): Promise<readonly RecordedEvent[]> {
    return (this.streams.get(stream) ?? []).slice(from);
  }

  async readAll(after: Position, limit: number): Promise<readonly RecordedEvent[]> {
    return this.log.slice(Math.max(START, after), Math.max(START, after) + limit);
  }

  async head(): Promise<Position> {
    return this.log.length;
  }

  async waitPast(position: Position, signal: AbortSignal): Promise<void> {
    while (this.log.length <= position && !signal.aborted) await this.waiters.wait(signal);
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
