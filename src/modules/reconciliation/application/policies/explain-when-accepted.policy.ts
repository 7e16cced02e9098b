import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { type ExceptionEvent, exceptionIdFor, exceptionIdOf } from '../../../exceptions/index.js';
import { ExplainDifference } from '../commands/explain-difference.command.js';
import { differenceMatter } from '../difference-matter.js';
import { OurLedger } from '../processes/our-ledger.js';
import { reconciliationRuns } from '../projections/reconciliation-runs.projection.js';

const PAGE = 25;

/** Who accepts the exception of a difference, for a reason, has explained the difference. */
@Injectable()
export class ExplainWhenAccepted implements Policy<ExceptionEvent> {
  readonly name = 'explain-when-accepted';
  readonly reads = ['ExceptionResolved'] as const;

  constructor(
    private readonly readModel: ReadModel,
    private readonly commands: CommandBus,
    private readonly ledger: OurLedger,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<ExceptionEvent>): Promise<void> {
    if (event.type !== 'ExceptionResolved' || event.data.action !== 'accept') return;
    const store = event.metadata['store'] as StoreId | undefined;
    if (!store) return;
    const exception = exceptionIdOf(event.stream);
    const isIt = (difference: string) => {
      const { kind, matter } = differenceMatter(store, difference);
      return exceptionIdFor(this.ids, kind, matter) === exception;
    };
    // A row that is still to come would never be looked at again.
    await this.ledger.catchUp();
    const where = { store, status: 'different' };
    for await (const { id, differences } of this.readModel.all(reconciliationRuns, { where, limit: PAGE })) {
      const found = differences.find((each) => each.explanation === null && isIt(each.id));
      if (!found) continue;
      const { explanation } = event.data;
      await this.commands.execute(new ExplainDifference(id, found.id, explanation, following(event)));
    }
  }
}
