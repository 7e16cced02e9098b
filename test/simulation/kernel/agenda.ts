export type Step = Readonly<{
  /** Virtual time, ms since 1970. */
  at: number;
  /** Drawn by the seed: decides among steps of one moment. */
  lot: number;
  /** Order of asking, where even the lots are equal. */
  count: number;
  what: string;
  run: () => void;
}>;

/** What is to be done, soonest first: a binary heap. */
export class Agenda {
  private readonly steps: Step[] = [];

  get size(): number {
    return this.steps.length;
  }

  get next(): Step | undefined {
    return this.steps[0];
  }

  add(step: Step): void {
    const { steps } = this;
    let at = steps.push(step) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = steps[above] as Step;
      if (!isBefore(step, parent)) break;
      steps[at] = parent;
      at = above;
    }
    steps[at] = step;
  }

  take(): Step | undefined {
    const { steps } = this;
    const first = steps[0];
    const last = steps.pop();
    if (last && last !== first) this.sink(last);
    return first;
  }

  private sink(step: Step): void {
    const { steps } = this;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= steps.length) break;
      if (below + 1 < steps.length && isBefore(steps[below + 1] as Step, steps[below] as Step)) below += 1;
      const child = steps[below] as Step;
      if (!isBefore(child, step)) break;
      steps[at] = child;
      at = below;
    }
    steps[at] = step;
  }
}

function isBefore(one: Step, other: Step): boolean {
  if (one.at !== other.at) return one.at < other.at;
  if (one.lot !== other.lot) return one.lot < other.lot;
  return one.count < other.count;
}
