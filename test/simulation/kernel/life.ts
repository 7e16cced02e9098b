/**
 * One life of a process, from a start to a crash. Whatever waits for an answer in a life that has ended waits for
 * ever: its promises are never settled.
 */
export class Life {
  readonly #ends: (() => void)[] = [];
  #alive = true;

  constructor(readonly name: string) {}

  get alive(): boolean {
    return this.#alive;
  }

  /** For who stands outside and waits for this process. */
  onEnd(end: () => void): void {
    if (this.#alive) this.#ends.push(end);
    else end();
  }

  end(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const end of this.#ends) end();
  }
}
