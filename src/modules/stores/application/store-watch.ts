import { Injectable } from '@nestjs/common';
import { onOurOwn } from '../../../shared/application/context.js';
import { Clock } from '../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import { StoreDirectory } from './store-directory.js';
import { StoreHealth } from './store-health.js';

const everyMs = 5 * 60_000;

/**
 * Looks after every connected store: at the start, since our public address may have changed in between, and
 * every few minutes, so that problems are found before a customer finds them and end without anybody's doing.
 */
@Injectable()
export class StoreWatch {
  constructor(
    private readonly directory: StoreDirectory,
    private readonly health: StoreHealth,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Once over all stores. One store's fault does not keep the others waiting. @throws AggregateError in the end */
  async look(origin: 'boot' | 'sweep', signal?: AbortSignal): Promise<void> {
    const context = onOurOwn(origin, `${origin}_${this.ids.next()}`);
    const faults: unknown[] = [];
    for (const { id } of await this.directory.connected()) {
      if (signal?.aborted) break;
      await this.health.check(id, { ...context, store: id }).catch((fault) => faults.push(fault));
    }
    if (faults.length > 0)
      throw new AggregateError(faults, `${faults.length} stores could not be looked after`);
  }

  /** Until `signal` aborts. Faults are told to `failed`; the watch goes on. */
  async keepLooking(signal: AbortSignal, failed: (failure: unknown) => void): Promise<void> {
    for (let origin: 'boot' | 'sweep' = 'boot'; !signal.aborted; origin = 'sweep') {
      await this.look(origin, signal).catch(failed);
      await this.clock.sleep(everyMs, signal);
    }
  }
}
