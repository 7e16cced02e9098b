import type { HttpAdapterHost } from '@nestjs/core';
import {
  RecordPayout,
  RecordPayoutHandler,
} from '../../../src/modules/payments/application/commands/record-payout.command.js';
import {
  ExplainDifference,
  ExplainDifferenceHandler,
} from '../../../src/modules/reconciliation/application/commands/explain-difference.command.js';
import {
  RequestReconciliation,
  RequestReconciliationHandler,
} from '../../../src/modules/reconciliation/application/commands/request-reconciliation.command.js';
import { DailyRuns } from '../../../src/modules/reconciliation/application/daily-runs.js';
import { ExplainWhenAccepted } from '../../../src/modules/reconciliation/application/policies/explain-when-accepted.policy.js';
import { OpenExceptionsWhenBooksDiffer } from '../../../src/modules/reconciliation/application/policies/open-exceptions-when-books-differ.policy.js';
import { ReconcileWhenRequested } from '../../../src/modules/reconciliation/application/policies/reconcile-when-requested.policy.js';
import type { StripeBooks } from '../../../src/modules/reconciliation/application/ports/stripe-books.port.js';
import { Healing } from '../../../src/modules/reconciliation/application/processes/healing.process.js';
import { OurLedger } from '../../../src/modules/reconciliation/application/processes/our-ledger.js';
import { Reading } from '../../../src/modules/reconciliation/application/processes/reading.process.js';
import { Reconciler } from '../../../src/modules/reconciliation/application/processes/reconciler.process.js';
import { explainedDifferences } from '../../../src/modules/reconciliation/application/projections/explained-differences.projection.js';
import { ledgerEntries } from '../../../src/modules/reconciliation/application/projections/ledger-entries.projection.js';
import { reconciliationRuns } from '../../../src/modules/reconciliation/application/projections/reconciliation-runs.projection.js';
import { ReconcileWhenListening } from '../../../src/modules/reconciliation/infrastructure/schedule/reconcile-when-listening.js';
import type { StoreDirectory } from '../../../src/modules/stores/index.js';
import type { Clock } from '../../../src/shared/application/ports/clock.port.js';
import type { EventStore } from '../../../src/shared/application/ports/event-store.port.js';
import type { Ids } from '../../../src/shared/application/ports/ids.port.js';
import type { ReadModel } from '../../../src/shared/application/read-model.js';
import type { Streams } from '../../../src/shared/application/streams.js';
import type { Subscriptions } from '../../../src/shared/application/subscriptions.js';
import type { Log } from '../../../src/shared/infrastructure/logging/log.js';
import type { Dispatcher } from './dispatcher.js';
import type { AnyPolicy } from './surgery.js';

export const reconciliationProjections = [ledgerEntries, reconciliationRuns, explainedDifferences] as const;

/** Our ledger against Stripe's: put together as its module does. */
export class ReconciliationWiring {
  readonly policies: readonly AnyPolicy[];
  private readonly daily: DailyRuns;

  constructor(
    bus: Dispatcher,
    streams: Streams,
    readModel: ReadModel,
    subscriptions: Subscriptions,
    stores: StoreDirectory,
    eventStore: EventStore,
    books: StripeBooks,
    ids: Ids,
    private readonly clock: Clock,
  ) {
    const { commands } = bus;
    const ledger = new OurLedger(readModel, subscriptions, eventStore);
    const reading = new Reading(ledger, books);
    const reconciler = new Reconciler(
      streams,
      reading,
      new Healing(commands, ledger),
      books,
      readModel,
      clock,
    );
    this.daily = new DailyRuns(commands, readModel, stores, ids, clock);
    bus.register(RecordPayout, new RecordPayoutHandler(streams));
    bus.register(RequestReconciliation, new RequestReconciliationHandler(streams, stores, reconciler, clock));
    bus.register(ExplainDifference, new ExplainDifferenceHandler(streams));
    this.policies = [
      new ReconcileWhenRequested(reconciler),
      new OpenExceptionsWhenBooksDiffer(streams, readModel, commands, ledger),
      new ExplainWhenAccepted(readModel, commands, ledger, ids),
    ] as unknown as readonly AnyPolicy[];
  }

  /** The real loop that asks for the runs of the days that are over. */
  ask(host: HttpAdapterHost, log: Log): void {
    new ReconcileWhenListening(host, this.daily, this.clock, log).onApplicationBootstrap();
  }
}
