import type { Findings } from './findings.js';

/** Something that the server has said is so, and so must be found at the end. */
export type Acknowledgement = Readonly<{ says: string; holds: (found: Findings) => boolean }>;

/** What the clients of a run were told. */
export class Acknowledged {
  readonly #all: Acknowledgement[] = [];
  /** What no answer may ever say. */
  readonly surprises: string[] = [];
  /** How often each kind of answer came. */
  readonly answers = new Map<string, number>();
  #longestMs = 0;

  get all(): readonly Acknowledgement[] {
    return this.#all;
  }
  /** The longest that anybody waited for an answer, in ms. */
  get longestMs(): number {
    return this.#longestMs;
  }

  note(says: string, holds: Acknowledgement['holds']): void {
    this.#all.push({ says, holds });
  }

  surprise(text: string): void {
    this.surprises.push(text);
  }

  answered(what: string, status: number, ms: number): void {
    const name = `${what} ${status}`;
    this.answers.set(name, (this.answers.get(name) ?? 0) + 1);
    this.#longestMs = Math.max(this.#longestMs, ms);
  }
}
