import type { SessionFence } from '../../../src/modules/orders/index.js';
import type { PaymentGateway } from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import type { RefundGateway } from '../../../src/modules/payments/application/ports/refund-gateway.port.js';
import type { CardPayments } from '../../../src/modules/payments/application/processes/card-payments.js';
import type { StripeBooks } from '../../../src/modules/reconciliation/application/ports/stripe-books.port.js';
import type { DomainEvent } from '../../../src/shared/application/event-catalog.js';
import type { Idempotency } from '../../../src/shared/application/idempotency.js';
import type { Policy } from '../../../src/shared/application/policy.js';
import type { EventStore } from '../../../src/shared/application/ports/event-store.port.js';
import type { Ids } from '../../../src/shared/application/ports/ids.port.js';
import type { Mailer } from '../../../src/shared/application/ports/mailer.port.js';
import type { ReadStore } from '../../../src/shared/application/ports/read-store.port.js';
import type { Streams } from '../../../src/shared/application/streams.js';
import type { Wire } from '../kernel/wire.js';

export type AnyPolicy = Policy<DomainEvent>;

/** Tools that a planted bug may use: what one life of a node is made of. */
export type Theatre = Readonly<{ wire: Wire; ids: Ids; streams: () => Streams }>;

/** Where a planted bug cuts into the wiring. Nothing of it is used by the code as it is. */
export type Surgery = Readonly<{
  eventStore?: (store: EventStore, theatre: Theatre) => EventStore;
  readStore?: (rows: ReadStore, theatre: Theatre) => ReadStore;
  gateway?: (gateway: PaymentGateway, theatre: Theatre) => PaymentGateway;
  refundGateway?: (gateway: RefundGateway, theatre: Theatre) => RefundGateway;
  stripeBooks?: (books: StripeBooks, theatre: Theatre) => StripeBooks;
  mailer?: (mailer: Mailer, theatre: Theatre) => Mailer;
  idempotency?: (idempotency: Idempotency, theatre: Theatre) => Idempotency;
  cardPayments?: (cardPayments: CardPayments, theatre: Theatre) => CardPayments;
  fence?: (fence: SessionFence, theatre: Theatre) => SessionFence;
  /** `null` leaves the policy out. */
  policy?: (policy: AnyPolicy, theatre: Theatre) => AnyPolicy | null;
  sweeps?: boolean;
}>;
