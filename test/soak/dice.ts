import { seededRandom } from '../../src/sandbox/stripe/engine/ids.js';

/** Every choice of a run: the same choices for the same seed, in the order they are asked for. */
export class Dice {
  readonly #random: () => number;

  constructor(readonly seed: number) {
    this.#random = seededRandom(seed);
  }

  /** Dice of its own for a part of the run, so that what others choose meanwhile changes nothing for it. */
  of(part: number): Dice {
    return new Dice((Math.imul(this.seed, 0x9e37_79b1) ^ Math.imul(part + 1, 0x85eb_ca6b)) >>> 0);
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  pick<T>(things: readonly T[]): T {
    const picked = things[this.between(0, things.length - 1)];
    if (picked === undefined) throw new Error('there is nothing to pick from');
    return picked;
  }

  /** One of some names, each as likely as its weight among the weights. */
  weighed<T extends string>(weights: Readonly<Partial<Record<T, number>>>): T {
    const entries = Object.entries(weights) as [T, number][];
    let left = this.#random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    throw new Error('no weights');
  }
}
