/** The front door of orders: what other modules may use. */

export { ApplyDispute } from './application/commands/apply-dispute.command.js';
export { ApplyPayment } from './application/commands/apply-payment.command.js';
export { ApplyRefund } from './application/commands/apply-refund.command.js';
export { CancelOrder } from './application/commands/cancel-order.command.js';
export { CompleteCancellation } from './application/commands/complete-cancellation.command.js';
export { DecideLostDispute } from './application/commands/decide-lost-dispute.command.js';
export { ReleaseReservation } from './application/commands/release-reservation.command.js';
export { ReservePayment } from './application/commands/reserve-payment.command.js';
export { ResolveExcess } from './application/commands/resolve-excess.command.js';
export { ReversePayment } from './application/commands/reverse-payment.command.js';
export { ReverseRefund } from './application/commands/reverse-refund.command.js';
export { WriteOffBalance } from './application/commands/write-off-balance.command.js';
export {
  type HistoryEntry,
  type HistorySubject,
  HistorySummaries,
  type HistoryTable,
} from './application/history-summaries.js';
export type { InvoiceView } from './application/invoice-view.js';
export {
  type FoundOrder,
  type OrderChange,
  orderAggregate,
  orderIdOf,
} from './application/order-aggregate.js';
export { type Seen, seenAnything } from './application/order-changes.js';
export { InvoiceDocuments } from './application/ports/invoice-documents.port.js';
export { SessionFence } from './application/ports/session-fence.port.js';
export type { OrderView } from './application/projections/order-row.js';
export { FindOrder, type OrderReference } from './application/queries/find-order.query.js';
export { GetInvoice } from './application/queries/get-invoice.query.js';
export { GetOrder } from './application/queries/get-order.query.js';
export { type Amounts, amounts } from './domain/amounts.js';
export { type Dispute, isUndecided } from './domain/dispute.js';
export type {
  Address,
  Channel,
  Customer,
  DisputeDecision,
  DisputeStatus,
  ExcessResolution,
  Line,
  OrderEvent,
  PaymentStatus,
  RefundEffect,
  RefundPolicy,
  Terms,
} from './domain/order.events.js';
export { type AppliedRefund, amountsOf, type ExistingOrder, type Reservation } from './domain/order.state.js';
export { type PaymentSums, paymentSums } from './domain/payment-sums.js';
export { checkAmount } from './domain/reservation.js';
