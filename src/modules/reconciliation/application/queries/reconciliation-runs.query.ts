import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { RowPage, RowQuery } from '../../../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ReconciliationId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { reconciliationAggregate } from '../../domain/reconciliation.js';
import { type RunRow, reconciliationRuns } from '../projections/reconciliation-runs.projection.js';

/** A run as the log says now. @throws Refusal `not_found`, also for one of another store */
export class GetReconciliation extends Query<RunRow> {
  constructor(
    readonly store: StoreId,
    readonly id: ReconciliationId,
  ) {
    super();
  }
}

@QueryHandler(GetReconciliation)
export class GetReconciliationHandler implements IQueryHandler<GetReconciliation> {
  constructor(private readonly streams: Streams) {}

  async execute({ store, id }: GetReconciliation): Promise<RunRow> {
    const events = await this.streams.history(reconciliationAggregate, id);
    const project = (row: RunRow | undefined, event: (typeof events)[number]) =>
      reconciliationRuns.project(row, event, id) ?? undefined;
    const row = events.reduce(project, undefined as RunRow | undefined);
    if (row?.store !== store) throw new Refusal('not_found', 'There is no such reconciliation run.');
    return row;
  }
}

/** Runs of one store, newest first. */
export class ListReconciliations extends Query<RowPage<RunRow>> {
  constructor(
    readonly store: StoreId,
    readonly filters: Readonly<{
      status?: RunRow['status'] | undefined;
      trigger?: RunRow['trigger'] | undefined;
    }>,
    readonly page: Omit<RowQuery, 'where'>,
  ) {
    super();
  }
}

@QueryHandler(ListReconciliations)
export class ListReconciliationsHandler implements IQueryHandler<ListReconciliations> {
  constructor(private readonly readModel: ReadModel) {}

  /** @throws Refusal `invalid_cursor` */
  execute({ store, filters, page }: ListReconciliations): Promise<RowPage<RunRow>> {
    const query = { ...page, where: { store, ...filters } };
    return this.readModel.findOwn(reconciliationRuns, query, (row) => row.store === store);
  }
}
