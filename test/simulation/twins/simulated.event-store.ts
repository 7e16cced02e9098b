import {
  type Appended,
  AppendInDoubt,
  EventStore,
  EventStoreUnavailable,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type RecordedEvent,
} from '../../../src/shared/application/ports/event-store.port.js';
import type { Wire } from '../kernel/wire.js';
import type { Swarm } from '../world/swarm.js';
import type { Disk } from './disk.js';

const near = [0, 3] as const;
const READS_FAR = [0, 2] as const;

/** The log as one life of a node reaches it: away, slow, or silent about whether it has written. */
export class SimulatedEventStore extends EventStore {
  private readonly waiting = new Set<() => void>();
  private isWaking = false;

  constructor(
    private readonly disk: Disk,
    private readonly wire: Wire,
    private readonly swarm: () => Swarm,
  ) {
    super();
    wire.life.onEnd(disk.watch(() => this.wake()));
  }

  override append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<Appended> {
    const { wire, disk } = this;
    const { inDoubt, away } = this.swarm().log;
    const what = `append ${events[0]?.type}`;
    const write = () => disk.append(stream, expected, events);
    if (wire.random.happens(away)) {
      wire.coverage.count('F11 log away');
      return wire.fail(what, 5, new EventStoreUnavailable('the log is away'));
    }
    if (wire.random.happens(inDoubt)) {
      const doubt = new AppendInDoubt('no answer');
      const when = wire.random.between(0, 2);
      wire.coverage.count(
        ['F14 in doubt, never written', 'F14 in doubt, written', 'F14 in doubt, written late'][when] ?? '',
      );
      if (when > 0) wire.later(what, when === 1 ? 1 : wire.random.between(20, 4_000), write);
      return wire.fail(what, 10, doubt);
    }
    return wire.send(what, near, write).catch((error) => {
      if (error instanceof Error && error.name === 'RevisionConflict') wire.coverage.count('F8 conflict');
      throw error;
    });
  }

  override read(stream: string, from = 0): Promise<readonly RecordedEvent[]> {
    return this.wire.look('read', READS_FAR, () => this.disk.read(stream, from));
  }

  override readAll(after: Position, limit: number): Promise<readonly RecordedEvent[]> {
    return this.wire.look('readAll', READS_FAR, () => this.disk.readAll(after, limit));
  }

  override head(): Promise<Position> {
    return this.wire.look('head', READS_FAR, () => this.disk.head);
  }

  override async waitPast(position: Position, signal: AbortSignal): Promise<void> {
    while (this.disk.head <= position && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.waiting.add(resolve);
      });
    }
  }

  /** All that wait in one process are woken in one step. */
  private wake(): void {
    if (this.isWaking || this.waiting.size === 0) return;
    this.isWaking = true;
    const { kernel, life, random } = this.wire;
    kernel.after(random.between(1, 4), `${life.name} wakes`, () => {
      this.isWaking = false;
      if (!life.alive) return;
      const woken = [...this.waiting];
      this.waiting.clear();
      for (const resolve of woken) resolve();
    });
  }
}
