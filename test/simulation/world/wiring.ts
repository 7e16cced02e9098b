import type { HttpAdapterHost } from '@nestjs/core';
import { EXCEPTION_MAIL } from '../../../src/modules/exceptions/application/mails-of-ours.js';
import { exceptions } from '../../../src/modules/exceptions/application/projections/exceptions.projection.js';
import { unknownOutcomes } from '../../../src/modules/exceptions/application/projections/unknown-outcomes.projection.js';
import { exceptionCodec } from '../../../src/modules/exceptions/infrastructure/event-store/exception.codec.js';
import { orders } from '../../../src/modules/orders/application/projections/orders.projection.js';
import { orderCodec } from '../../../src/modules/orders/infrastructure/event-store/order.codec.js';
import { BlockedCards } from '../../../src/modules/payments/application/blocked-cards.js';
import * as charging from '../../../src/modules/payments/application/commands/charge-card.command.js';
import * as paying from '../../../src/modules/payments/application/commands/pay-link.command.js';
import * as receiving from '../../../src/modules/payments/application/commands/receive-stripe-event.command.js';
import {
  RecordOfflinePayment,
  RecordOfflinePaymentHandler,
} from '../../../src/modules/payments/application/commands/record-offline-payment.command.js';
import {
  RequestRefund,
  RequestRefundHandler,
} from '../../../src/modules/payments/application/commands/request-refund.command.js';
import * as resending from '../../../src/modules/payments/application/commands/resend-payment-link.command.js';
import {
  ReverseOfflinePayment,
  ReverseOfflinePaymentHandler,
} from '../../../src/modules/payments/application/commands/reverse-offline-payment.command.js';
import * as revoking from '../../../src/modules/payments/application/commands/revoke-payment-link.command.js';
import * as linking from '../../../src/modules/payments/application/commands/send-payment-link.command.js';
import * as syncing from '../../../src/modules/payments/application/commands/sync-payment.command.js';
import * as voiding from '../../../src/modules/payments/application/commands/void-payment.command.js';
import * as watching from '../../../src/modules/payments/application/commands/watch-link.command.js';
import { PaymentReader } from '../../../src/modules/payments/application/payment-reader.js';
import { ApplyStripeEvents } from '../../../src/modules/payments/application/policies/apply-stripe-events.policy.js';
import { BlockCardWhenRefusedForGood } from '../../../src/modules/payments/application/policies/block-card-when-refused-for-good.policy.js';
import { CancelIntentWhenFailed } from '../../../src/modules/payments/application/policies/cancel-intent-when-failed.policy.js';
import { CloseLinksWhenOrderChanges } from '../../../src/modules/payments/application/policies/close-links-when-order-changes.policy.js';
import { MailLinkWhenRequested } from '../../../src/modules/payments/application/policies/mail-link-when-requested.policy.js';
import { MailReceiptWhenCaptured } from '../../../src/modules/payments/application/policies/mail-receipt-when-captured.policy.js';
import { MailRefundWhenMade } from '../../../src/modules/payments/application/policies/mail-refund-when-made.policy.js';
import { MakeRefundWhenRequested } from '../../../src/modules/payments/application/policies/make-refund-when-requested.policy.js';
import { RefundWhenOrderIsCancelling } from '../../../src/modules/payments/application/policies/refund-when-order-is-cancelling.policy.js';
import { SettleWhenPaymentEnds } from '../../../src/modules/payments/application/policies/settle-when-payment-ends.policy.js';
import type { PaymentGateway } from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import type { RefundGateway } from '../../../src/modules/payments/application/ports/refund-gateway.port.js';
import { CardCharge } from '../../../src/modules/payments/application/processes/card-charge.process.js';
import { CardPayments } from '../../../src/modules/payments/application/processes/card-payments.js';
import { Checkout } from '../../../src/modules/payments/application/processes/checkout.process.js';
import { CheckoutFence } from '../../../src/modules/payments/application/processes/checkout-fence.js';
import { EventPoll } from '../../../src/modules/payments/application/processes/event-poll.process.js';
import { Observer } from '../../../src/modules/payments/application/processes/observer.process.js';
import { PageRequests } from '../../../src/modules/payments/application/processes/page-requests.js';
import { Refunds } from '../../../src/modules/payments/application/processes/refunds.process.js';
import { Settlement } from '../../../src/modules/payments/application/processes/settlement.process.js';
import { Sweep } from '../../../src/modules/payments/application/processes/sweep.process.js';
import { UnfinishedPayments } from '../../../src/modules/payments/application/processes/unfinished-payments.js';
import { openReservations } from '../../../src/modules/payments/application/projections/open-reservations.projection.js';
import { transactions } from '../../../src/modules/payments/application/projections/transactions.projection.js';
import { eventFeedCodec } from '../../../src/modules/payments/infrastructure/event-store/event-feed.codec.js';
import {
  paymentCodec,
  paymentLinkCodec,
  stripeEventCodec,
} from '../../../src/modules/payments/infrastructure/event-store/payment.codec.js';
import { SweepWhenListening } from '../../../src/modules/payments/infrastructure/sweep/sweep-when-listening.js';
import type { StripeBooks } from '../../../src/modules/reconciliation/application/ports/stripe-books.port.js';
import { reconciliationCodec } from '../../../src/modules/reconciliation/infrastructure/event-store/reconciliation.codec.js';
import type { StoreDirectory } from '../../../src/modules/stores/index.js';
import { Claims } from '../../../src/shared/application/claims.js';
import { EventCatalog } from '../../../src/shared/application/event-catalog.js';
import { Idempotency } from '../../../src/shared/application/idempotency.js';
import { mails } from '../../../src/shared/application/mails.projection.js';
import { Outbox } from '../../../src/shared/application/outbox.js';
import type { Clock } from '../../../src/shared/application/ports/clock.port.js';
import type { EventStore } from '../../../src/shared/application/ports/event-store.port.js';
import type { Ids } from '../../../src/shared/application/ports/ids.port.js';
import type { Mailer } from '../../../src/shared/application/ports/mailer.port.js';
import type { ReadStore } from '../../../src/shared/application/ports/read-store.port.js';
import { type AnyProjection, anyProjection } from '../../../src/shared/application/projection-fold.js';
import { ReadModel } from '../../../src/shared/application/read-model.js';
import { Streams } from '../../../src/shared/application/streams.js';
import { Subscriptions } from '../../../src/shared/application/subscriptions.js';
import type { Config } from '../../../src/shared/infrastructure/config/config.js';
import { Log } from '../../../src/shared/infrastructure/logging/log.js';
import { mailCodec } from '../../../src/shared/infrastructure/mail/mail.codec.js';
import { PlainLinkTokens } from '../twins/plain.link-tokens.js';
import { Dispatcher } from './dispatcher.js';
import { ExceptionsWiring } from './exceptions-wiring.js';
import { wireOrders } from './orders-wiring.js';
import { ReconciliationWiring, reconciliationProjections } from './reconciliation-wiring.js';
import type { AnyPolicy, Surgery, Theatre } from './surgery.js';
import type { Swarm } from './swarm.js';

/** The ports of one life of a node, each a simulated twin. */
export type Ports = Readonly<{
  eventStore: EventStore;
  readStore: ReadStore;
  gateway: PaymentGateway;
  refundGateway: RefundGateway;
  stripeBooks: StripeBooks;
  stores: StoreDirectory;
  mailer: Mailer;
  clock: Clock;
  ids: Ids;
}>;

/** What can be asked of a node from outside, and what its checkers look into. */
export type App = Readonly<{
  bus: Dispatcher;
  idempotency: Idempotency;
  subscriptions: Subscriptions;
  streams: Streams;
  outbox: Outbox;
  unfinished: UnfinishedPayments;
}>;

/** The events that a log may hold. Stateless, so one serves every life. */
export const catalog = new EventCatalog()
  .register(orderCodec)
  .register(paymentCodec)
  .register(paymentLinkCodec)
  .register(stripeEventCodec)
  .register(eventFeedCodec)
  .register(mailCodec)
  .register(exceptionCodec)
  .register(reconciliationCodec);

const trade = [orders, transactions, openReservations, mails, exceptions, unknownOutcomes] as const;

/** The projections that a node keeps. */
export function projectionsOf({ reconciles }: Swarm): readonly AnyProjection[] {
  const kept = reconciles ? [...trade, ...reconciliationProjections] : trade;
  return kept.map((one) => anyProjection(one as never));
}

/** Mails are told in a word: what they say is proved elsewhere. */
const MAIL_KINDS = ['payment_link', 'receipt', 'refund', EXCEPTION_MAIL];

/** Starts one life of a node: the real code on simulated ports, put together by hand. */
export function startApp(ports: Ports, surgery: Surgery, theatre: Theatre, swarm: Swarm): App {
  const { eventStore, readStore, stores, clock, ids } = ports;
  const bus = new Dispatcher();
  const streams = new Streams(eventStore, catalog, clock, ids);
  const claims = new Claims(eventStore, catalog, clock, ids);
  const readModel = new ReadModel(readStore);
  const subscriptions = new Subscriptions(eventStore, readStore, catalog, clock);
  const outbox = new Outbox(streams, readModel, ports.mailer, { address: 'pay@quittance.test' }, clock);
  for (const kind of MAIL_KINDS) outbox.renders(kind, async () => rendered);

  const processes = wireProcesses(ports, bus, streams, claims, surgery, theatre);
  wireOrders(bus, streams, claims, ids, stores, processes.fence);
  wirePayments(bus, streams, ports, stores, outbox, processes);

  const needing = new ExceptionsWiring(bus, streams, readModel, stores, outbox, ids, clock);
  const { stripeBooks } = ports;
  const comparing = swarm.reconciles
    ? new ReconciliationWiring(
        bus,
        streams,
        readModel,
        subscriptions,
        stores,
        eventStore,
        stripeBooks,
        ids,
        clock,
      )
    : undefined;
  const policies = [
    ...policiesOn(bus, streams, ports, readModel, subscriptions, stores, outbox, processes),
    ...needing.policies,
    ...(comparing?.policies ?? []),
  ];
  for (const projection of projectionsOf(swarm)) subscriptions.addProjection(projection as never);
  for (const policy of policies) {
    const kept = surgery.policy ? surgery.policy(policy, theatre) : policy;
    if (kept) subscriptions.addPolicy(kept);
  }
  void subscriptions.start();
  outbox.start();

  const { commands } = bus;
  const poll = new EventPoll(streams, readModel, subscriptions, commands, ports.gateway, ids, clock);
  const sweep = new Sweep(readModel, processes.observer, poll, stores, ids);
  const config = { sweepIntervalMs: swarm.sweepEveryMs } as Config;
  if (surgery.sweeps !== false) sweepFrom(sweep, ports, subscriptions, config);
  needing.look(listening, config, silent);
  comparing?.ask(listening, silent);

  const { observer } = processes;
  const unfinished = new UnfinishedPayments(readModel, subscriptions, eventStore, observer, bus.queries);
  const idempotency = new Idempotency(claims, clock);
  return {
    bus,
    streams,
    subscriptions,
    outbox,
    unfinished,
    idempotency: surgery.idempotency ? surgery.idempotency(idempotency, theatre) : idempotency,
  };
}

const rendered = { fromName: 'Shop', subject: 'About your order', text: '', html: '', attachments: [] };

type Processes = ReturnType<typeof wireProcesses>;

function wireProcesses(
  { gateway, refundGateway, clock, ids }: Ports,
  { commands, queries }: Dispatcher,
  streams: Streams,
  claims: Claims,
  surgery: Surgery,
  theatre: Theatre,
) {
  const settlement = new Settlement(streams, commands);
  const charges = new CardCharge(streams, gateway, settlement, clock);
  const made = new CardPayments(streams);
  const cardPayments = surgery.cardPayments ? surgery.cardPayments(made, theatre) : made;
  const requests = new PageRequests(new PlainLinkTokens());
  const checkout = new Checkout(streams, commands, queries, gateway, settlement, requests, clock);
  const standing = new CheckoutFence(queries, checkout);
  const fence = surgery.fence ? surgery.fence(standing, theatre) : standing;
  const observer = new Observer(
    streams,
    queries,
    gateway,
    charges,
    cardPayments,
    checkout,
    settlement,
    clock,
  );
  const refunds = new Refunds(streams, refundGateway, settlement, ids);
  const blocked = new BlockedCards(claims);
  return { settlement, charges, cardPayments, checkout, fence, observer, refunds, blocked };
}

function wirePayments(
  bus: Dispatcher,
  streams: Streams,
  { clock, ids }: Ports,
  stores: StoreDirectory,
  outbox: Outbox,
  processes: Processes,
): void {
  const { commands, queries } = bus;
  const { settlement, charges, cardPayments, checkout, fence, observer, refunds, blocked } = processes;
  bus.register(
    charging.ChargeCard,
    new charging.ChargeCardHandler(
      streams,
      commands,
      queries,
      stores,
      fence,
      cardPayments,
      charges,
      blocked,
      ids,
      clock,
    ),
  );
  bus.register(
    linking.SendPaymentLink,
    new linking.SendPaymentLinkHandler(streams, queries, stores, new PlainLinkTokens(), outbox, ids, clock),
  );
  bus.register(
    paying.PayLink,
    new paying.PayLinkHandler(streams, queries, stores, fence, checkout, ids, clock),
  );
  bus.register(
    resending.ResendPaymentLink,
    new resending.ResendPaymentLinkHandler(streams, outbox, ids, clock),
  );
  bus.register(revoking.RevokePaymentLink, new revoking.RevokePaymentLinkHandler(streams, checkout));
  bus.register(watching.WatchLink, new watching.WatchLinkHandler(checkout));
  bus.register(receiving.ReceiveStripeEvent, new receiving.ReceiveStripeEventHandler(streams));
  bus.register(syncing.SyncPayment, new syncing.SyncPaymentHandler(observer, refunds));
  bus.register(RequestRefund, new RequestRefundHandler(streams, stores, queries, refunds, settlement, clock));
  bus.register(
    RecordOfflinePayment,
    new RecordOfflinePaymentHandler(streams, queries, fence, settlement, clock),
  );
  bus.register(ReverseOfflinePayment, new ReverseOfflinePaymentHandler(streams, settlement));
  bus.register(
    voiding.VoidPayment,
    new voiding.VoidPaymentHandler(streams, charges, checkout, settlement, stores, clock),
  );
}

function policiesOn(
  { commands, queries }: Dispatcher,
  streams: Streams,
  { gateway, refundGateway, clock, ids }: Ports,
  readModel: ReadModel,
  subscriptions: Subscriptions,
  stores: StoreDirectory,
  outbox: Outbox,
  { settlement, observer, refunds, blocked }: Processes,
): readonly AnyPolicy[] {
  const reader = new PaymentReader(streams, queries);
  return [
    new SettleWhenPaymentEnds(settlement),
    new CancelIntentWhenFailed(streams, gateway, observer),
    new ApplyStripeEvents(streams, commands, stores, observer, refunds, refundGateway),
    new MailLinkWhenRequested(streams, outbox),
    new MailReceiptWhenCaptured(streams, reader, outbox, ids),
    new CloseLinksWhenOrderChanges(streams, queries, readModel, subscriptions, clock),
    new MakeRefundWhenRequested(streams, refunds),
    new RefundWhenOrderIsCancelling(streams, commands, queries, settlement, ids),
    new BlockCardWhenRefusedForGood(streams, blocked),
    new MailRefundWhenMade(streams, reader, outbox, ids),
    outbox.policy,
  ] as unknown as readonly AnyPolicy[];
}

const silent = new Log('silent');

/** Tells whoever waits for it at once that the server listens. */
const listening = { listen$: { subscribe: (go: () => void) => go() } } as unknown as HttpAdapterHost;

/** The real loop. */
function sweepFrom(
  sweep: Sweep,
  { eventStore, clock }: Ports,
  subscriptions: Subscriptions,
  config: Config,
): void {
  new SweepWhenListening(
    listening,
    sweep,
    eventStore,
    subscriptions,
    config,
    clock,
    silent,
  ).onApplicationBootstrap();
}
