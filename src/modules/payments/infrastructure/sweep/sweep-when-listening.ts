import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { EventStore } from '../../../../shared/application/ports/event-store.port.js';
import { Subscriptions } from '../../../../shared/application/subscriptions.js';
import { Config } from '../../../../shared/infrastructure/config/config.js';
import { Log } from '../../../../shared/infrastructure/logging/log.js';
import { Sweep } from '../../application/processes/sweep.process.js';

/** A long log may take a while to catch up with after a rebuild; the first sweep works from its rows. */
const CATCH_UP_MS = 30_000;

/** Sweeps at the start, since the last life may have ended in the middle of anything, and then again and again. */
@Injectable()
export class SweepWhenListening implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private sweeping: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly sweep: Sweep,
    private readonly store: EventStore,
    private readonly subscriptions: Subscriptions,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.host.listen$.subscribe(() => {
      this.sweeping = this.run();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.sweeping;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    for (let origin: 'boot' | 'sweep' = 'boot'; !signal.aborted; origin = 'sweep') {
      await this.once(origin).catch((failure) => this.log.fault('a sweep failed', failure));
      await this.clock.sleep(this.config.sweepIntervalMs, signal);
    }
  }

  private async once(origin: 'boot' | 'sweep'): Promise<void> {
    if (origin === 'boot') await this.subscriptions.waitFor(await this.store.head(), CATCH_UP_MS);
    await this.sweep.run(origin, this.stop.signal);
  }
}
