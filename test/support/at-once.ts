import { test } from '@jest/globals';

/**
 * Tests that mostly wait: all of them begin together when told to, and each is reported under its own name.
 * They must not get into each other's way.
 */
export class AtOnce {
  readonly #beginnings: (() => void)[] = [];

  constructor(private readonly patienceMs: number) {}

  test(name: string, body: () => Promise<void>): void {
    let running: Promise<void> = Promise.reject(new Error('nobody told the tests to begin'));
    running.catch(() => undefined);
    this.#beginnings.push(() => {
      running = body();
      running.catch(() => undefined);
    });
    test(name, () => running, this.patienceMs);
  }

  /** In `beforeAll`, when all that they share is ready. */
  begin(): void {
    for (const begin of this.#beginnings) begin();
  }
}
