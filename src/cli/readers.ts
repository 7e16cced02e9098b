import { apiKeys } from '../modules/access/application/projections/api-keys.projection.js';
import { apiKeyCodec } from '../modules/access/infrastructure/event-store/api-key.codec.js';
import { exceptionHistory } from '../modules/exceptions/application/exception-history.js';
import { exceptions } from '../modules/exceptions/application/projections/exceptions.projection.js';
import { unknownOutcomes } from '../modules/exceptions/application/projections/unknown-outcomes.projection.js';
import { exceptionCodec } from '../modules/exceptions/infrastructure/event-store/exception.codec.js';
import { HistorySummaries } from '../modules/orders/application/history-summaries.js';
import { orderHistory as orderSentences } from '../modules/orders/application/order-history.js';
import { orderHistory } from '../modules/orders/application/projections/order-history.projection.js';
import { orders } from '../modules/orders/application/projections/orders.projection.js';
import { orderCodec } from '../modules/orders/infrastructure/event-store/order.codec.js';
import { linkHistory, paymentHistory } from '../modules/payments/application/payment-history.js';
import { openReservations } from '../modules/payments/application/projections/open-reservations.projection.js';
import { transactions } from '../modules/payments/application/projections/transactions.projection.js';
import { eventFeedCodec } from '../modules/payments/infrastructure/event-store/event-feed.codec.js';
import {
  paymentCodec,
  paymentLinkCodec,
  stripeEventCodec,
} from '../modules/payments/infrastructure/event-store/payment.codec.js';
import { explainedDifferences } from '../modules/reconciliation/application/projections/explained-differences.projection.js';
import { ledgerEntries } from '../modules/reconciliation/application/projections/ledger-entries.projection.js';
import { reconciliationRuns } from '../modules/reconciliation/application/projections/reconciliation-runs.projection.js';
import { reconciliationCodec } from '../modules/reconciliation/infrastructure/event-store/reconciliation.codec.js';
import { stores } from '../modules/stores/application/projections/stores.projection.js';
import { storeCodec } from '../modules/stores/infrastructure/event-store/store.codec.js';
import { claimCodec } from '../shared/application/claims.js';
import { EventCatalog } from '../shared/application/event-catalog.js';
import { mails } from '../shared/application/mails.projection.js';
import { type AnyProjection, anyProjection } from '../shared/application/projection-fold.js';
import { mailCodec } from '../shared/infrastructure/mail/mail.codec.js';

/** Every event that the server can read, without a server. A test holds this to what the server registers. */
export function everyEvent(): EventCatalog {
  return new EventCatalog()
    .register(claimCodec)
    .register(mailCodec)
    .register(apiKeyCodec)
    .register(storeCodec)
    .register(orderCodec)
    .register(paymentCodec)
    .register(paymentLinkCodec)
    .register(stripeEventCodec)
    .register(eventFeedCodec)
    .register(exceptionCodec)
    .register(reconciliationCodec);
}

/** Every projection that the server keeps, without a server. A test holds this to what the server keeps. */
export function everyProjection(): readonly AnyProjection[] {
  const summaries = new HistorySummaries();
  summaries.register(orderSentences);
  summaries.register(paymentHistory);
  summaries.register(linkHistory);
  summaries.register(exceptionHistory);
  return [
    anyProjection(mails),
    anyProjection(apiKeys),
    anyProjection(stores),
    anyProjection(orders),
    anyProjection(orderHistory(summaries)),
    anyProjection(transactions),
    anyProjection(openReservations),
    anyProjection(exceptions),
    anyProjection(unknownOutcomes),
    anyProjection(ledgerEntries),
    anyProjection(reconciliationRuns),
    anyProjection(explainedDifferences),
  ];
}
