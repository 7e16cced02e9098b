import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Config } from '../../../../shared/infrastructure/config/config.js';
import { Log } from '../../../../shared/infrastructure/logging/log.js';
import { UnknownOutcomes } from '../../application/processes/unknown-outcomes.process.js';

/** Looks for outcomes that stay unknown as often as the sweep looks for the money. */
@Injectable()
export class LookWhenListening implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly unknown: UnknownOutcomes,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.host.listen$.subscribe(() => {
      this.looking = this.run();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.looking;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    while (!signal.aborted) {
      await this.unknown
        .look(signal)
        .catch((failure) => this.log.fault('a look at unknown outcomes failed', failure));
      await this.clock.sleep(this.config.sweepIntervalMs, signal);
    }
  }
}
