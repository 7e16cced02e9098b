import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { EventCatalog } from '../../shared/application/event-catalog.js';
import { Subscriptions } from '../../shared/application/subscriptions.js';
import { ApplyDisputeHandler } from './application/commands/apply-dispute.command.js';
import { ApplyPaymentHandler } from './application/commands/apply-payment.command.js';
import { ApplyRefundHandler } from './application/commands/apply-refund.command.js';
import { CancelOrderHandler } from './application/commands/cancel-order.command.js';
import { CompleteCancellationHandler } from './application/commands/complete-cancellation.command.js';
import { DecideLostDisputeHandler } from './application/commands/decide-lost-dispute.command.js';
import { ImportOrderHandler } from './application/commands/import-order.command.js';
import { ReleaseReservationHandler } from './application/commands/release-reservation.command.js';
import { ReservePaymentHandler } from './application/commands/reserve-payment.command.js';
import { ResolveExcessHandler } from './application/commands/resolve-excess.command.js';
import { ReversePaymentHandler } from './application/commands/reverse-payment.command.js';
import { ReverseRefundHandler } from './application/commands/reverse-refund.command.js';
import { ReviseOrderHandler } from './application/commands/revise-order.command.js';
import { WriteOffBalanceHandler } from './application/commands/write-off-balance.command.js';
import { HistorySummaries } from './application/history-summaries.js';
import { InvoiceNumbers } from './application/invoice-numbers.js';
import { OrderBook } from './application/order-book.js';
import { OrderChanges } from './application/order-changes.js';
import { orderHistory as orderSentences } from './application/order-history.js';
import { OrderReferences } from './application/order-references.js';
import { OrderViews } from './application/order-views.js';
import { InvoiceDocuments } from './application/ports/invoice-documents.port.js';
import { orderHistory } from './application/projections/order-history.projection.js';
import { orders } from './application/projections/orders.projection.js';
import { FindOrderHandler } from './application/queries/find-order.query.js';
import { GetInvoiceHandler } from './application/queries/get-invoice.query.js';
import { GetOrderHandler } from './application/queries/get-order.query.js';
import { GetOrderHistoryHandler } from './application/queries/get-order-history.query.js';
import { ListOrdersHandler } from './application/queries/list-orders.query.js';
import { orderCodec } from './infrastructure/event-store/order.codec.js';
import { InvoiceController } from './infrastructure/http/invoice.controller.js';
import { OrdersController } from './infrastructure/http/orders.controller.js';
import { RenderedInvoiceDocuments } from './infrastructure/rendered.invoice-documents.js';

/**
 * Sales orders: owed, held, paid. Needs, from global modules: Streams, Claims, Ids, ReadModel, Subscriptions,
 * EventCatalog, StoreDirectory, and a SessionFence, which whoever takes payments provides.
 */
@Module({
  controllers: [OrdersController, InvoiceController],
  providers: [
    OrderBook,
    OrderChanges,
    OrderReferences,
    OrderViews,
    InvoiceNumbers,
    HistorySummaries,
    { provide: InvoiceDocuments, useClass: RenderedInvoiceDocuments },
    ImportOrderHandler,
    ReviseOrderHandler,
    CancelOrderHandler,
    ReservePaymentHandler,
    ReleaseReservationHandler,
    ApplyPaymentHandler,
    ReversePaymentHandler,
    ApplyRefundHandler,
    ReverseRefundHandler,
    ApplyDisputeHandler,
    DecideLostDisputeHandler,
    ResolveExcessHandler,
    WriteOffBalanceHandler,
    CompleteCancellationHandler,
    FindOrderHandler,
    GetOrderHandler,
    GetInvoiceHandler,
    ListOrdersHandler,
    GetOrderHistoryHandler,
  ],
  exports: [HistorySummaries, InvoiceDocuments],
})
export class OrdersModule implements OnApplicationBootstrap {
  constructor(
    catalog: EventCatalog,
    private readonly summaries: HistorySummaries,
    private readonly subscriptions: Subscriptions,
  ) {
    catalog.register(orderCodec);
    summaries.register(orderSentences);
    subscriptions.addProjection(orders);
  }

  /** By now every module has said which of its events belong to an order's history. */
  onApplicationBootstrap(): void {
    this.subscriptions.addProjection(orderHistory(this.summaries));
  }
}
