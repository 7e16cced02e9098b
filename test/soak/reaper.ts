import { setTimeout as pause } from 'node:timers/promises';
import type { RunningApp } from '../support/running-app.js';
import type { Dice } from './dice.js';

/** How likely it is that a server is killed once more before it answers. */
const WHILE_STARTING = 0.3;
/** How long after its start a server may be killed while it is starting, in ms. */
const WHILE_STARTING_MS = 1_500;
/** And how long it lives at least once it answers, at random between these. */
const ALIVE_MS = [100, 1_200] as const;

/** Kills the server again and again, and starts it again at once; some kills come while it is still starting. */
export class Reaper {
  kills = 0;
  killsWhileStarting = 0;
  readonly startMs: number[] = [];
  #done = false;
  #reaping: Promise<void> = Promise.resolve();
  readonly #failed = Promise.withResolvers<never>();

  constructor(
    private readonly app: RunningApp,
    private readonly terms: Readonly<{ minutes: number; killsPerMinute: number; kills: number }>,
    private readonly dice: Dice,
  ) {}

  /** Rejects where the server does not start again. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  begin(): void {
    this.#failed.promise.catch(() => undefined);
    if (this.terms.killsPerMinute > 0) this.#reaping = this.#reap();
    this.#reaping.catch(this.#failed.reject);
  }

  /** Afterwards the server runs, and goes on running. */
  async stop(): Promise<void> {
    this.#done = true;
    await this.#reaping;
    if (!this.app.isRunning) await this.app.restart();
  }

  /** At its own pace, but never before the server has answered calls for a moment; as long as the run is to last. */
  async #reap(): Promise<void> {
    const { minutes, killsPerMinute, kills } = this.terms;
    const between = 60_000 / killsPerMinute;
    const end = performance.now() + minutes * 60_000;
    for (
      let due = performance.now() + between / 2;
      ;
      due += between * (0.7 + this.dice.between(0, 60) / 100)
    ) {
      due = Math.max(due, performance.now() + this.dice.between(...ALIVE_MS));
      while (performance.now() < due && !this.#done) await pause(Math.min(50, between));
      if (this.#done || (performance.now() > end && this.kills >= kills)) return;
      await this.app.kill();
      this.kills += 1;
      while (this.dice.chance(WHILE_STARTING)) await this.#killWhileStarting();
      await this.#start();
    }
  }

  async #killWhileStarting(): Promise<void> {
    const starting = this.app.restart().then(
      () => true,
      () => false,
    );
    await pause(this.dice.between(30, WHILE_STARTING_MS));
    await this.app.kill();
    this.kills += 1;
    if (!(await starting)) this.killsWhileStarting += 1;
  }

  async #start(): Promise<void> {
    const began = performance.now();
    await this.app.restart();
    this.startMs.push(performance.now() - began);
  }
}
