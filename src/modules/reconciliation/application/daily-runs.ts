import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { onOurOwn } from '../../../shared/application/context.js';
import { Clock } from '../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import { ReadModel } from '../../../shared/application/read-model.js';
import type { ReconciliationId, StoreId } from '../../../shared/domain/ids.js';
import { StoreDirectory } from '../../stores/index.js';
import { daysBefore, type Period, shifted } from '../domain/period.js';
import { RequestReconciliation } from './commands/request-reconciliation.command.js';
import { reconciliationRuns } from './projections/reconciliation-runs.projection.js';

/** So much of a day's money may be booked after it has ended. */
const SETTLES_WITHIN_MS = 2 * 3_600_000;
/** Days that nobody was there for, or no key that worked, are made up for, so far back. */
const DAYS_BACK = 366;

/** So many runs of a store may wait for a key that works; the days after them are made up for once it has come. */
const WAITING_AT_MOST = 7;

/** Each day of each connected store is compared once, by itself, when it is over. */
@Injectable()
export class DailyRuns {
  constructor(
    private readonly commands: CommandBus,
    private readonly readModel: ReadModel,
    private readonly stores: StoreDirectory,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** Asks for each run that is due. @returns how many days it asked for, new or not */
  async request(): Promise<number> {
    let count = 0;
    for (const { id: store } of await this.stores.connected()) {
      for (const day of await this.#due(store)) {
        await this.#request(store, day);
        count += 1;
      }
    }
    return count;
  }

  async #due(store: StoreId): Promise<readonly Period[]> {
    const days = daysBefore(shifted(this.clock.now().toISOString(), -SETTLES_WITHIN_MS), DAYS_BACK);
    const where = { store, trigger: 'daily' };
    const { rows } = await this.readModel.find(reconciliationRuns, { where, limit: WAITING_AT_MOST });
    const [latest] = rows;
    if (rows.length === WAITING_AT_MOST && rows.every(({ status }) => status === 'running')) return [];
    // Of a store that never had one, the day before is enough: the rest is asked for by whoever wants it.
    return latest ? days.filter(({ from }) => from > latest.from).reverse() : days.slice(0, 1);
  }

  async #request(store: StoreId, day: Period): Promise<void> {
    const id: ReconciliationId = `recon_${this.ids.derive(`daily:${store}:${day.from}`)}`;
    const context = onOurOwn('sweep', `daily_${this.ids.next()}`);
    await this.commands.execute(new RequestReconciliation(id, store, day, 'daily', context, 0));
  }
}
