import { join } from 'node:path';
import { RunningApp } from '../support/running-app.js';

/** Nothing more follows where no step was taken for so long. */
const QUIET_MS = 200;

export type Death = Readonly<{ at: number; when: 'before' | 'after' }>;

/** The product with a kill switch in it: dies at a step of our choice, and is started again on the same data. */
export class MortalApp {
  #steps: string[] = [];

  private constructor(readonly app: RunningApp) {
    this.#hear();
  }

  static async start(env: Readonly<Record<string, string>>): Promise<MortalApp> {
    const killSwitch = join(import.meta.dirname, 'kill-switch.mjs');
    return new MortalApp(await RunningApp.start(env, ['--import', killSwitch]));
  }

  /** Names of the steps since the last arming, in order. */
  get steps(): readonly string[] {
    return this.#steps;
  }

  /** From now on steps are counted; at the given one the process dies. Without one it lives. */
  async arm(death?: Death): Promise<void> {
    const armed = new Promise<void>((resolve) => {
      this.app.listen((message) => {
        if ((message as { armed?: boolean }).armed) resolve();
      });
    });
    this.#steps = [];
    this.app.send(death ?? {});
    await armed;
  }

  /** Does something that may not be answered any more, and waits until what follows from it has come to rest. */
  async during(work: () => Promise<unknown>): Promise<void> {
    await Promise.race([work().catch(() => undefined), this.app.ended()]);
    for (let before = -1; this.app.isRunning && before !== this.#steps.length; ) {
      before = this.#steps.length;
      await Promise.race([new Promise((resolve) => setTimeout(resolve, QUIET_MS)), this.app.ended()]);
    }
  }

  /** Dead or not, it is alive afterwards, on the same data, and lives on. @returns whether it had died */
  async revive(): Promise<boolean> {
    // On a slow machine the step may still have been to come: it dies on the way, or no more.
    if (this.app.isRunning) await Promise.race([this.arm(), this.app.ended()]);
    if (this.app.isRunning) return false;
    await this.app.restart();
    this.#hear();
    return true;
  }

  #hear(): void {
    this.app.listen((message) => {
      const { step } = message as { step?: string };
      if (step) this.#steps.push(step);
    });
  }
}
