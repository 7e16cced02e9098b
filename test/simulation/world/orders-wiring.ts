import {
  ApplyDispute,
  ApplyDisputeHandler,
} from '../../../src/modules/orders/application/commands/apply-dispute.command.js';
import {
  ApplyPayment,
  ApplyPaymentHandler,
} from '../../../src/modules/orders/application/commands/apply-payment.command.js';
import {
  ApplyRefund,
  ApplyRefundHandler,
} from '../../../src/modules/orders/application/commands/apply-refund.command.js';
import {
  CancelOrder,
  CancelOrderHandler,
} from '../../../src/modules/orders/application/commands/cancel-order.command.js';
import {
  CompleteCancellation,
  CompleteCancellationHandler,
} from '../../../src/modules/orders/application/commands/complete-cancellation.command.js';
import {
  DecideLostDispute,
  DecideLostDisputeHandler,
} from '../../../src/modules/orders/application/commands/decide-lost-dispute.command.js';
import {
  ImportOrder,
  ImportOrderHandler,
} from '../../../src/modules/orders/application/commands/import-order.command.js';
import {
  ReleaseReservation,
  ReleaseReservationHandler,
} from '../../../src/modules/orders/application/commands/release-reservation.command.js';
import {
  ReservePayment,
  ReservePaymentHandler,
} from '../../../src/modules/orders/application/commands/reserve-payment.command.js';
import {
  ResolveExcess,
  ResolveExcessHandler,
} from '../../../src/modules/orders/application/commands/resolve-excess.command.js';
import {
  ReversePayment,
  ReversePaymentHandler,
} from '../../../src/modules/orders/application/commands/reverse-payment.command.js';
import {
  ReverseRefund,
  ReverseRefundHandler,
} from '../../../src/modules/orders/application/commands/reverse-refund.command.js';
import {
  ReviseOrder,
  ReviseOrderHandler,
} from '../../../src/modules/orders/application/commands/revise-order.command.js';
import {
  WriteOffBalance,
  WriteOffBalanceHandler,
} from '../../../src/modules/orders/application/commands/write-off-balance.command.js';
import { InvoiceNumbers } from '../../../src/modules/orders/application/invoice-numbers.js';
import { OrderBook } from '../../../src/modules/orders/application/order-book.js';
import { OrderChanges } from '../../../src/modules/orders/application/order-changes.js';
import { OrderReferences } from '../../../src/modules/orders/application/order-references.js';
import {
  FindOrder,
  FindOrderHandler,
} from '../../../src/modules/orders/application/queries/find-order.query.js';
import type { SessionFence } from '../../../src/modules/orders/index.js';
import type { StoreDirectory } from '../../../src/modules/stores/index.js';
import type { Claims } from '../../../src/shared/application/claims.js';
import type { Ids } from '../../../src/shared/application/ports/ids.port.js';
import type { Streams } from '../../../src/shared/application/streams.js';
import type { Dispatcher } from './dispatcher.js';

/** Orders: put together as their module does. */
export function wireOrders(
  bus: Dispatcher,
  streams: Streams,
  claims: Claims,
  ids: Ids,
  stores: StoreDirectory,
  fence: SessionFence,
): void {
  const book = new OrderBook(streams);
  const changes = new OrderChanges(book, fence);
  const references = new OrderReferences(claims, ids);
  const invoices = new InvoiceNumbers(claims, book);
  bus.register(ImportOrder, new ImportOrderHandler(references, stores, book, changes, invoices));
  bus.register(ReviseOrder, new ReviseOrderHandler(changes, references));
  bus.register(CancelOrder, new CancelOrderHandler(changes));
  bus.register(ReservePayment, new ReservePaymentHandler(book));
  bus.register(ReleaseReservation, new ReleaseReservationHandler(book));
  bus.register(ApplyPayment, new ApplyPaymentHandler(book));
  bus.register(ReversePayment, new ReversePaymentHandler(book));
  bus.register(ApplyRefund, new ApplyRefundHandler(book));
  bus.register(ReverseRefund, new ReverseRefundHandler(book));
  bus.register(ApplyDispute, new ApplyDisputeHandler(book));
  bus.register(DecideLostDispute, new DecideLostDisputeHandler(book));
  bus.register(ResolveExcess, new ResolveExcessHandler(book));
  bus.register(WriteOffBalance, new WriteOffBalanceHandler(changes));
  bus.register(CompleteCancellation, new CompleteCancellationHandler(book));
  bus.register(FindOrder, new FindOrderHandler(references, book));
}
