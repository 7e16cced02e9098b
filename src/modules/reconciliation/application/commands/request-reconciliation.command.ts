import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ReconciliationId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { isConnected, StoreDirectory } from '../../../stores/index.js';
import type { Period } from '../../domain/period.js';
import type { Asked } from '../../domain/reconciliation.events.js';
import { reconciliationAggregate } from '../../domain/reconciliation.js';
import { Reconciler } from '../processes/reconciler.process.js';

/** Compares our ledger with Stripe's over a period. */
export class RequestReconciliation extends Command<void> {
  constructor(
    readonly id: ReconciliationId,
    readonly store: StoreId,
    readonly period: Period,
    readonly trigger: Asked['trigger'],
    readonly context: Context,
    /** How long the caller waits for what comes of it; the run goes on by itself. */
    readonly patienceMs: number,
  ) {
    super();
  }
}

@CommandHandler(RequestReconciliation)
export class RequestReconciliationHandler implements ICommandHandler<RequestReconciliation> {
  constructor(
    private readonly streams: Streams,
    private readonly stores: StoreDirectory,
    private readonly reconciler: Reconciler,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `store_disconnected`, `not_found` */
  async execute(command: RequestReconciliation): Promise<void> {
    const { id, store, period, trigger, patienceMs } = command;
    const context = { ...command.context, store };
    const { status, livemode } = await this.stores.get(store);
    if (!isConnected(status)) {
      throw new Refusal('store_disconnected', 'The store is not connected to Stripe.', { store });
    }
    const asked = { store, livemode, ...period, trigger };
    await this.streams.handle(reconciliationAggregate, id, { type: 'RequestReconciliation', asked }, context);
    const done = new AbortController();
    // What goes wrong here is tried again by the policy that is told of the request.
    const running = this.reconciler.carryOut(id, context).then(
      () => done.abort(),
      () => done.abort(),
    );
    await Promise.race([running, this.clock.sleep(patienceMs, done.signal)]);
  }
}
