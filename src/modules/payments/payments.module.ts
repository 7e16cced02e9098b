import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { EventCatalog } from '../../shared/application/event-catalog.js';
import { Subscriptions } from '../../shared/application/subscriptions.js';
import { HistorySummaries, SessionFence } from '../orders/index.js';
import { OrdersModule } from '../orders/orders.module.js';
import { OpenPayments } from '../stores/index.js';
import { BlockedCards } from './application/blocked-cards.js';
import { ChargeCardHandler } from './application/commands/charge-card.command.js';
import { PayLinkHandler } from './application/commands/pay-link.command.js';
import { ReceiveStripeEventHandler } from './application/commands/receive-stripe-event.command.js';
import { RecordOfflinePaymentHandler } from './application/commands/record-offline-payment.command.js';
import { RecordPayoutHandler } from './application/commands/record-payout.command.js';
import { RequestRefundHandler } from './application/commands/request-refund.command.js';
import { ResendPaymentLinkHandler } from './application/commands/resend-payment-link.command.js';
import { ReverseOfflinePaymentHandler } from './application/commands/reverse-offline-payment.command.js';
import { RevokePaymentLinkHandler } from './application/commands/revoke-payment-link.command.js';
import { SendPaymentLinkHandler } from './application/commands/send-payment-link.command.js';
import { SyncPaymentHandler } from './application/commands/sync-payment.command.js';
import { VoidPaymentHandler } from './application/commands/void-payment.command.js';
import { WatchLinkHandler } from './application/commands/watch-link.command.js';
import { linkHistory, paymentHistory } from './application/payment-history.js';
import { PaymentReader } from './application/payment-reader.js';
import { ApplyStripeEvents } from './application/policies/apply-stripe-events.policy.js';
import { BlockCardWhenRefusedForGood } from './application/policies/block-card-when-refused-for-good.policy.js';
import { CancelIntentWhenFailed } from './application/policies/cancel-intent-when-failed.policy.js';
import { CloseLinksWhenOrderChanges } from './application/policies/close-links-when-order-changes.policy.js';
import { MailLinkWhenRequested } from './application/policies/mail-link-when-requested.policy.js';
import { MailReceiptWhenCaptured } from './application/policies/mail-receipt-when-captured.policy.js';
import { MailRefundWhenMade } from './application/policies/mail-refund-when-made.policy.js';
import { MakeRefundWhenRequested } from './application/policies/make-refund-when-requested.policy.js';
import { RefundWhenOrderIsCancelling } from './application/policies/refund-when-order-is-cancelling.policy.js';
import { SettleWhenPaymentEnds } from './application/policies/settle-when-payment-ends.policy.js';
import { LinkTokens } from './application/ports/link-tokens.port.js';
import { PaymentGateway } from './application/ports/payment-gateway.port.js';
import { RefundGateway } from './application/ports/refund-gateway.port.js';
import { CardCharge } from './application/processes/card-charge.process.js';
import { CardPayments } from './application/processes/card-payments.js';
import { Checkout } from './application/processes/checkout.process.js';
import { CheckoutFence } from './application/processes/checkout-fence.js';
import { EventPoll } from './application/processes/event-poll.process.js';
import { Observer } from './application/processes/observer.process.js';
import { PageRequests } from './application/processes/page-requests.js';
import { Refunds } from './application/processes/refunds.process.js';
import { Settlement } from './application/processes/settlement.process.js';
import { Sweep } from './application/processes/sweep.process.js';
import { UnfinishedPayments } from './application/processes/unfinished-payments.js';
import { openReservations } from './application/projections/open-reservations.projection.js';
import { transactions } from './application/projections/transactions.projection.js';
import { GetPayPageHandler } from './application/queries/get-pay-page.query.js';
import { ListTransactionsHandler } from './application/queries/list-transactions.query.js';
import { TransactionNow } from './application/queries/transaction-now.js';
import { eventFeedCodec } from './infrastructure/event-store/event-feed.codec.js';
import {
  paymentCodec,
  paymentLinkCodec,
  stripeEventCodec,
} from './infrastructure/event-store/payment.codec.js';
import { HmacLinkTokens } from './infrastructure/hmac.link-tokens.js';
import { DisputesController } from './infrastructure/http/disputes.controller.js';
import { LinkAnswers } from './infrastructure/http/link-answers.js';
import { OfflinePaymentsController } from './infrastructure/http/offline-payments.controller.js';
import { PayPageController } from './infrastructure/http/pay-page.controller.js';
import { PayPages } from './infrastructure/http/pay-pages.js';
import { PaymentLinksController } from './infrastructure/http/payment-links.controller.js';
import { PaymentsController } from './infrastructure/http/payments.controller.js';
import { RefundsController } from './infrastructure/http/refunds.controller.js';
import { TransactionsController } from './infrastructure/http/transactions.controller.js';
import { PaymentMails } from './infrastructure/mail/payment-mails.js';
import { StripePaymentGateway } from './infrastructure/stripe/stripe.payment-gateway.js';
import { StripeRefundGateway } from './infrastructure/stripe/stripe.refund-gateway.js';
import { StripeWebhookController } from './infrastructure/stripe/stripe-webhook.controller.js';
import { SweepWhenListening } from './infrastructure/sweep/sweep-when-listening.js';

const handlers = [
  ChargeCardHandler,
  SendPaymentLinkHandler,
  ResendPaymentLinkHandler,
  RevokePaymentLinkHandler,
  PayLinkHandler,
  WatchLinkHandler,
  GetPayPageHandler,
  ReceiveStripeEventHandler,
  RecordPayoutHandler,
  SyncPaymentHandler,
  VoidPaymentHandler,
  RequestRefundHandler,
  RecordOfflinePaymentHandler,
  ReverseOfflinePaymentHandler,
  ListTransactionsHandler,
];

const policies = [
  SettleWhenPaymentEnds,
  CancelIntentWhenFailed,
  ApplyStripeEvents,
  MailLinkWhenRequested,
  MailReceiptWhenCaptured,
  CloseLinksWhenOrderChanges,
  MakeRefundWhenRequested,
  RefundWhenOrderIsCancelling,
  BlockCardWhenRefusedForGood,
  MailRefundWhenMade,
] as const;

/** Charge Card and Send Payment Link. Global, since it stands behind the SessionFence that orders ask for. */
@Global()
@Module({
  imports: [OrdersModule],
  controllers: [
    TransactionsController,
    PaymentsController,
    PaymentLinksController,
    RefundsController,
    DisputesController,
    OfflinePaymentsController,
    PayPageController,
    StripeWebhookController,
  ],
  providers: [
    ...handlers,
    ...policies,
    BlockedCards,
    CardCharge,
    CardPayments,
    Checkout,
    EventPoll,
    LinkAnswers,
    Observer,
    PageRequests,
    PaymentMails,
    PaymentReader,
    PayPages,
    Refunds,
    Settlement,
    Sweep,
    SweepWhenListening,
    TransactionNow,
    { provide: LinkTokens, useClass: HmacLinkTokens },
    { provide: PaymentGateway, useClass: StripePaymentGateway },
    { provide: RefundGateway, useClass: StripeRefundGateway },
    { provide: SessionFence, useClass: CheckoutFence },
    { provide: OpenPayments, useClass: UnfinishedPayments },
  ],
  exports: [OpenPayments, SessionFence],
})
export class PaymentsModule implements OnModuleInit {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly subscriptions: Subscriptions,
    private readonly summaries: HistorySummaries,
    private readonly settleWhenPaymentEnds: SettleWhenPaymentEnds,
    private readonly cancelIntentWhenFailed: CancelIntentWhenFailed,
    private readonly applyStripeEvents: ApplyStripeEvents,
    private readonly mailLinkWhenRequested: MailLinkWhenRequested,
    private readonly mailReceiptWhenCaptured: MailReceiptWhenCaptured,
    private readonly closeLinksWhenOrderChanges: CloseLinksWhenOrderChanges,
    private readonly makeRefundWhenRequested: MakeRefundWhenRequested,
    private readonly refundWhenOrderIsCancelling: RefundWhenOrderIsCancelling,
    private readonly blockCardWhenRefusedForGood: BlockCardWhenRefusedForGood,
    private readonly mailRefundWhenMade: MailRefundWhenMade,
  ) {}

  onModuleInit(): void {
    this.catalog
      .register(paymentCodec)
      .register(paymentLinkCodec)
      .register(stripeEventCodec)
      .register(eventFeedCodec);
    this.summaries.register(paymentHistory);
    this.summaries.register(linkHistory);
    this.subscriptions
      .addProjection(transactions)
      .addProjection(openReservations)
      .addPolicy(this.settleWhenPaymentEnds)
      .addPolicy(this.cancelIntentWhenFailed)
      .addPolicy(this.applyStripeEvents)
      .addPolicy(this.mailLinkWhenRequested)
      .addPolicy(this.mailReceiptWhenCaptured)
      .addPolicy(this.closeLinksWhenOrderChanges)
      .addPolicy(this.makeRefundWhenRequested)
      .addPolicy(this.refundWhenOrderIsCancelling)
      .addPolicy(this.blockCardWhenRefusedForGood)
      .addPolicy(this.mailRefundWhenMade);
  }
}
