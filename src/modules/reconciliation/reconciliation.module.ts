import { Module, type OnModuleInit } from '@nestjs/common';
import { EventCatalog } from '../../shared/application/event-catalog.js';
import { Subscriptions } from '../../shared/application/subscriptions.js';
import { ExplainDifferenceHandler } from './application/commands/explain-difference.command.js';
import { RequestReconciliationHandler } from './application/commands/request-reconciliation.command.js';
import { DailyRuns } from './application/daily-runs.js';
import { ExplainWhenAccepted } from './application/policies/explain-when-accepted.policy.js';
import { OpenExceptionsWhenBooksDiffer } from './application/policies/open-exceptions-when-books-differ.policy.js';
import { ReconcileWhenRequested } from './application/policies/reconcile-when-requested.policy.js';
import { StripeBooks } from './application/ports/stripe-books.port.js';
import { Healing } from './application/processes/healing.process.js';
import { OurLedger } from './application/processes/our-ledger.js';
import { Reading } from './application/processes/reading.process.js';
import { Reconciler } from './application/processes/reconciler.process.js';
import { explainedDifferences } from './application/projections/explained-differences.projection.js';
import { ledgerEntries } from './application/projections/ledger-entries.projection.js';
import { reconciliationRuns } from './application/projections/reconciliation-runs.projection.js';
import {
  GetReconciliationHandler,
  ListReconciliationsHandler,
} from './application/queries/reconciliation-runs.query.js';
import { reconciliationCodec } from './infrastructure/event-store/reconciliation.codec.js';
import { ReconciliationRunsController } from './infrastructure/http/reconciliation-runs.controller.js';
import { ReconcileWhenListening } from './infrastructure/schedule/reconcile-when-listening.js';
import { SdkStripeBooks } from './infrastructure/stripe/sdk.stripe-books.js';

/** Our ledger against Stripe's, store by store and period by period. */
@Module({
  controllers: [ReconciliationRunsController],
  providers: [
    DailyRuns,
    ExplainDifferenceHandler,
    ExplainWhenAccepted,
    GetReconciliationHandler,
    Healing,
    ListReconciliationsHandler,
    OpenExceptionsWhenBooksDiffer,
    OurLedger,
    Reading,
    ReconcileWhenListening,
    ReconcileWhenRequested,
    Reconciler,
    RequestReconciliationHandler,
    { provide: StripeBooks, useClass: SdkStripeBooks },
  ],
})
export class ReconciliationModule implements OnModuleInit {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly subscriptions: Subscriptions,
    private readonly reconcileWhenRequested: ReconcileWhenRequested,
    private readonly openExceptionsWhenBooksDiffer: OpenExceptionsWhenBooksDiffer,
    private readonly explainWhenAccepted: ExplainWhenAccepted,
  ) {}

  onModuleInit(): void {
    this.catalog.register(reconciliationCodec);
    this.subscriptions
      .addProjection(ledgerEntries)
      .addProjection(reconciliationRuns)
      .addProjection(explainedDifferences)
      .addPolicy(this.reconcileWhenRequested)
      .addPolicy(this.openExceptionsWhenBooksDiffer)
      .addPolicy(this.explainWhenAccepted);
  }
}
