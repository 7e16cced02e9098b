/** The front door of orders: what other modules may use. */

export { ApplyPayment } from './application/commands/apply-payment.command.js';
export { ReleaseReservation } from './application/commands/release-reservation.command.js';
export { ReservePayment } from './application/commands/reserve-payment.command.js';
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
export { InvoiceDocuments } from './application/ports/invoice-documents.port.js';
export { SessionFence } from './application/ports/session-fence.port.js';
export type { OrderView } from './application/projections/order-row.js';
export { FindOrder, type OrderReference } from './application/queries/find-order.query.js';
export { GetInvoice } from './application/queries/get-invoice.query.js';
export { GetOrder } from './application/queries/get-order.query.js';
export { type Amounts, amounts } from './domain/amounts.js';
export type {
  Address,
  Channel,
  Customer,
  Line,
  OrderEvent,
  PaymentStatus,
  RefundPolicy,
  Terms,
} from './domain/order.events.js';
export { amountsOf, type ExistingOrder, type Reservation } from './domain/order.state.js';
export { checkAmount } from './domain/reservation.js';
