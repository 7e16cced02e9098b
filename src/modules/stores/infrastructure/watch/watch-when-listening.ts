import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Log } from '../../../../shared/infrastructure/logging/log.js';
import { StoreWatch } from '../../application/store-watch.js';

/** By then the server knows the port it was given, which may be part of the address that Stripe is told. */
const settledMs = 500;

/** Watches over the stores while the server listens. */
@Injectable()
export class WatchWhenListening implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly watch: StoreWatch,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.host.listen$.subscribe(() => {
      this.watching = this.run();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.watching;
  }

  private async run(): Promise<void> {
    const { signal } = this.stop;
    await this.clock.sleep(settledMs, signal);
    await this.watch.keepLooking(signal, (failure) =>
      this.log.fault('a look after the stores failed', failure),
    );
  }
}
