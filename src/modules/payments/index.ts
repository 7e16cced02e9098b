/** The front door of payments: what other modules may use. */

export { RecordPayout } from './application/commands/record-payout.command.js';
export { RequestRefund } from './application/commands/request-refund.command.js';
export { ResendPaymentLink } from './application/commands/resend-payment-link.command.js';
export { SyncPayment } from './application/commands/sync-payment.command.js';
export { RIGHT_MISSING } from './application/gateway-answers.js';
export { paymentIdOf } from './application/payment-stream.js';
export { RefundGateway } from './application/ports/refund-gateway.port.js';
export { TransactionNow } from './application/queries/transaction-now.js';
export type { DisputeEvent, PaymentEvent, RefundEvent } from './domain/payment.events.js';
export { type ExistingPayment, paymentAggregate } from './domain/payment.js';
export { type Refund, refundable, refundedOf } from './domain/refund.js';
