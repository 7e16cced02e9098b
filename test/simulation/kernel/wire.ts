import type { Coverage } from './coverage.js';
import type { Kernel } from './kernel.js';
import type { Life } from './life.js';
import type { Random } from './random.js';

/** How long a request or an answer is on its way, in ms. */
export type Distance = readonly [least: number, most: number];

/** Where a process dies: at a call of a port, before it is made or after it has had its effect. */
export class Crashes {
  constructor(
    private readonly random: Random,
    private readonly coverage: Coverage,
    private rate: number,
    private left: number,
  ) {}

  strike(life: Life, when: 'before' | 'after'): void {
    // Calls with an effect are few beside those that look, and dying after one is what matters.
    const rate = when === 'after' ? 4 * this.rate : this.rate;
    if (this.left === 0 || !life.alive || !this.random.happens(rate)) return;
    this.left -= 1;
    this.coverage.count(`F1 crash ${when} a call`);
    life.end();
  }

  /** No more of them. */
  end(): void {
    this.left = 0;
  }
}

/** Every port of one life of a process goes through here: each call can be the last, and each takes its time. */
export class Wire {
  constructor(
    readonly kernel: Kernel,
    readonly random: Random,
    readonly coverage: Coverage,
    readonly life: Life,
    private readonly crashes: Crashes,
  ) {}

  /** A call with an effect. Once sent it arrives, even where the sender is dead by then; its answer may meet nobody. */
  send<T>(what: string, distance: Distance, work: () => T): Promise<T> {
    const { kernel, life } = this;
    if (!this.mayCall()) return forEver();
    return new Promise((resolve, reject) => {
      kernel.after(this.way(distance), `${life.name} ${what}`, () => {
        const outcome = outcomeOf(work);
        this.crashes.strike(life, 'after');
        this.answer(what, distance, outcome, resolve, reject);
      });
    });
  }

  /** A call that only looks: at what is so when it is made, or when it arrives. */
  look<T>(what: string, distance: Distance, work: () => T | Promise<T>): Promise<T> {
    const { kernel, life } = this;
    if (!this.mayCall()) return forEver();
    const early = this.random.happens(0.3) ? outcomeOf(work) : undefined;
    return new Promise((resolve, reject) => {
      kernel.after(this.way(distance), `${life.name} ${what}`, () => {
        if (life.alive) settle(early ?? outcomeOf(work), resolve, reject);
      });
    });
  }

  /** A call that fails after so many ms, whatever became of it meanwhile. */
  fail(what: string, ms: number, error: Error): Promise<never> {
    const { kernel, life } = this;
    if (!this.mayCall()) return forEver();
    return new Promise((_, reject) => {
      kernel.after(ms, `${life.name} ${what} fails`, () => {
        if (life.alive) reject(error);
      });
    });
  }

  /** An effect that nobody waits for, so many ms from now. */
  later(what: string, ms: number, work: () => unknown): void {
    this.kernel.after(ms, `${this.life.name} ${what} late`, () => void outcomeOf(work));
  }

  private answer<T>(
    what: string,
    distance: Distance,
    outcome: Outcome<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): void {
    const { life } = this;
    if (!life.alive) return;
    this.kernel.after(this.way(distance), `${life.name} ${what} answered`, () => {
      if (life.alive) settle(outcome, resolve, reject);
    });
  }

  private mayCall(): boolean {
    this.crashes.strike(this.life, 'before');
    return this.life.alive;
  }

  private way([least, most]: Distance): number {
    return this.random.between(least, most);
  }
}

type Outcome<T> = { value: T } | { error: unknown };

function outcomeOf<T>(work: () => T): Outcome<T> {
  try {
    const value = work();
    // What fails may have nobody left to tell.
    if (value instanceof Promise) value.catch(() => undefined);
    return { value };
  } catch (error) {
    return { error };
  }
}

function settle<T>(outcome: Outcome<T>, resolve: (value: T) => void, reject: (error: unknown) => void): void {
  if ('error' in outcome) reject(outcome.error);
  else resolve(outcome.value);
}

function forEver(): Promise<never> {
  return new Promise(() => undefined);
}
