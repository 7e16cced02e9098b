import { Clock } from '../../src/shared/application/ports/clock.port.js';

type Sleeper = Readonly<{ wakesAt: number; order: number; wake: () => void }>;

/** Time that moves only when a test says so. Sleepers wake in the order of their time. */
export class VirtualClock extends Clock {
  private readonly sleepers = new Set<Sleeper>();
  private at: number;
  private count = 0;

  constructor(start = '2026-11-02T09:00:00.000Z') {
    super();
    this.at = Date.parse(start);
  }

  now(): Date {
    return new Date(this.at);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        this.sleepers.delete(sleeper);
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const sleeper = { wakesAt: this.at + Math.max(0, ms), order: this.count++, wake };
      this.sleepers.add(sleeper);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** When the next sleeper wakes, in ms since 1970. */
  get nextWake(): number | undefined {
    return this.earliest()?.wakesAt;
  }

  /** Lets time pass. What wakes on the way runs at its own time, before time goes on. */
  async advance(ms: number): Promise<void> {
    const until = this.at + ms;
    for (let next = this.earliest(); next && next.wakesAt <= until; next = this.earliest()) {
      this.at = Math.max(this.at, next.wakesAt);
      next.wake();
      await settled();
    }
    this.at = until;
    await settled();
  }

  private earliest(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const one of this.sleepers) {
      if (
        !first ||
        one.wakesAt < first.wakesAt ||
        (one.wakesAt === first.wakesAt && one.order < first.order)
      ) {
        first = one;
      }
    }
    return first;
  }
}

/** Lets all that can run without time passing run to its end. */
export async function settled(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets the time pass in which something is tried again and again. */
export async function awaiting<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  while (!isDone) {
    await settled(20);
    await clock.advance(1_000);
  }
  return work;
}
