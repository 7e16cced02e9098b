import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Log } from '../../../../shared/infrastructure/logging/log.js';
import { DailyRuns } from '../../application/daily-runs.js';

/** The sweep has looked at everything once by then. */
const SETTLED_MS = 90_000;
const INTERVAL_MS = 600_000;

/** Asks for the runs of the days that are over while the server listens. */
@Injectable()
export class ReconcileWhenListening implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private asking: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly runs: DailyRuns,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.host.listen$.subscribe(() => {
      this.asking = this.run();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.asking;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    await this.clock.sleep(SETTLED_MS, signal);
    while (!signal.aborted) {
      await this.runs
        .request()
        .catch((failure) => this.log.fault('the daily reconciliation was not asked for', failure));
      await this.clock.sleep(INTERVAL_MS, signal);
    }
  }
}
