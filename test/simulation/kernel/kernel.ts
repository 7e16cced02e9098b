import { Agenda } from './agenda.js';
import type { Life } from './life.js';
import type { Random } from './random.js';
import type { Trace } from './trace.js';

/** Steps that are let loose together; between two of them everything that can run does. */
const AT_ONCE = 64;

/**
 * The one scheduler of a simulated world. Every wait of every process ends here, at a virtual time and in an order
 * that the seed decides; nothing else ever lets a promise go on.
 */
export class Kernel {
  private readonly agenda = new Agenda();
  private count = 0;
  private time: number;
  /** What the code under test threw where nobody could catch it. */
  private broken: { error: unknown } | undefined;
  /** Timers of at least a few seconds wake on such a mark, late: so that days pass in few steps. 0: to the ms. */
  coarseMs = 0;
  steps = 0;

  constructor(
    private readonly random: Random,
    private readonly trace: Trace,
    start: string,
  ) {
    this.time = Date.parse(start);
  }

  get now(): number {
    return this.time;
  }

  /** Asks for a step, so many ms from now. */
  after(ms: number, what: string, run: () => void): void {
    this.agenda.add({ at: this.time + ms, lot: this.random.next(), count: this.count++, what, run });
  }

  /** When a timer that is set now would go off. */
  wake(ms: number): number {
    const { coarseMs } = this;
    if (coarseMs === 0 || ms < 5_000) return ms;
    return Math.ceil((this.time + ms) / coarseMs) * coarseMs - this.time;
  }

  /** A wait in one life: it never ends once the life has. */
  pause(life: Life, ms: number, what: string): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, `${life.name} ${what}`, () => {
        if (life.alive) resolve();
      });
    });
  }

  /** Something nobody caught: the run stops and tells. */
  break(error: unknown): void {
    this.broken ??= { error };
  }

  /** Runs until virtual time `until`, or until `isDone` says so after a step. */
  run(until: number, isDone: () => boolean = () => false): Promise<void> {
    return new Promise((resolve, reject) => {
      let loose = 0;
      let isOver = false;
      const over = (end: () => void) => {
        isOver = true;
        end();
      };
      const step = () => {
        loose -= 1;
        if (isOver) return;
        if (this.broken) {
          const { error } = this.broken;
          return over(() => reject(error));
        }
        if (isDone()) return over(resolve);
        const next = this.agenda.next;
        if (!next || next.at > until) {
          this.time = Math.max(this.time, until);
          return over(resolve);
        }
        this.perform();
        if (loose === 0) release();
      };
      const release = () => {
        for (; loose < AT_ONCE; loose++) setImmediate(step);
      };
      release();
    });
  }

  private perform(): void {
    const step = this.agenda.take();
    if (!step) return;
    this.time = Math.max(this.time, step.at);
    this.steps += 1;
    this.trace.note(step.what, this.time);
    try {
      step.run();
    } catch (error) {
      this.break(error);
    }
  }
}
