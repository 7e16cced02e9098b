import type {
  Appended,
  ExpectedRevision,
  NewEvent,
  Position,
  RecordedEvent,
} from '../../../src/shared/application/ports/event-store.port.js';
import { nextRevision, resultOfRepeat } from '../../../src/shared/infrastructure/event-store/expectation.js';
import { GENESIS, seal, textOf } from '../../../src/shared/infrastructure/event-store/hash-chain.js';

type Watcher = (events: readonly RecordedEvent[]) => void;

/** The log as it survives everything: the same canonical bytes and hashes as every event store of ours. */
export class Disk {
  readonly log: RecordedEvent[] = [];
  private readonly streams = new Map<string, RecordedEvent[]>();
  private readonly watchers = new Set<Watcher>();

  /** Told of every append as it becomes durable. @returns how to stop being told */
  watch(watcher: Watcher): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** @throws RevisionConflict, AppendRefused */
  append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Appended {
    const texts = textOf(stream, events);
    const next = nextRevision(expected);
    const stored = this.streams.get(stream) ?? [];
    if (stored.length !== next) {
      const ids = events.map(({ id }) => id);
      return resultOfRepeat(stream, expected, stored.length - 1, ids, stored.slice(next));
    }
    const written = seal(stream, next, stored.at(-1)?.hash ?? GENESIS, texts).map((sealed, at) => ({
      id: sealed.id,
      stream,
      revision: sealed.revision,
      position: this.log.length + at + 1,
      type: sealed.type,
      schemaVersion: sealed.schemaVersion,
      data: JSON.parse(sealed.data),
      metadata: JSON.parse(sealed.metadata),
      hash: sealed.hash,
    }));
    this.log.push(...written);
    stored.push(...written);
    this.streams.set(stream, stored);
    for (const watcher of [...this.watchers]) watcher(written);
    return { revision: stored.length - 1, position: this.log.length };
  }

  read(stream: string, from = 0): readonly RecordedEvent[] {
    return (this.streams.get(stream) ?? []).slice(from);
  }

  readAll(after: Position, limit: number): readonly RecordedEvent[] {
    return this.log.slice(after, after + limit);
  }

  get head(): Position {
    return this.log.length;
  }

  /** Every stream's name, in the order of their first events. */
  get names(): readonly string[] {
    return [...this.streams.keys()];
  }
}
