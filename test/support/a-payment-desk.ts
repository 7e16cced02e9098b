import { Global, Module } from '@nestjs/common';
import { type Command, CommandBus, CqrsModule } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { CancelOrder } from '../../src/modules/orders/application/commands/cancel-order.command.js';
import { OrderBook } from '../../src/modules/orders/application/order-book.js';
import { seenAnything } from '../../src/modules/orders/application/order-changes.js';
import type { RefundPolicy } from '../../src/modules/orders/domain/order.events.js';
import { type ExistingOrder, orderAggregate, SessionFence } from '../../src/modules/orders/index.js';
import { OrdersModule } from '../../src/modules/orders/orders.module.js';
import { BlockedCards } from '../../src/modules/payments/application/blocked-cards.js';
import * as charging from '../../src/modules/payments/application/commands/charge-card.command.js';
import * as paying from '../../src/modules/payments/application/commands/pay-link.command.js';
import * as refunding from '../../src/modules/payments/application/commands/request-refund.command.js';
import * as revoking from '../../src/modules/payments/application/commands/revoke-payment-link.command.js';
import * as voiding from '../../src/modules/payments/application/commands/void-payment.command.js';
import { ApplyStripeEvents } from '../../src/modules/payments/application/policies/apply-stripe-events.policy.js';
import { CancelIntentWhenFailed } from '../../src/modules/payments/application/policies/cancel-intent-when-failed.policy.js';
import { RefundWhenOrderIsCancelling } from '../../src/modules/payments/application/policies/refund-when-order-is-cancelling.policy.js';
import { LinkTokens } from '../../src/modules/payments/application/ports/link-tokens.port.js';
import { PaymentGateway } from '../../src/modules/payments/application/ports/payment-gateway.port.js';
import { RefundGateway } from '../../src/modules/payments/application/ports/refund-gateway.port.js';
import { CardCharge } from '../../src/modules/payments/application/processes/card-charge.process.js';
import { CardPayments } from '../../src/modules/payments/application/processes/card-payments.js';
import { Checkout } from '../../src/modules/payments/application/processes/checkout.process.js';
import { CheckoutFence } from '../../src/modules/payments/application/processes/checkout-fence.js';
import { EventPoll } from '../../src/modules/payments/application/processes/event-poll.process.js';
import { Observer } from '../../src/modules/payments/application/processes/observer.process.js';
import { PageRequests } from '../../src/modules/payments/application/processes/page-requests.js';
import { Refunds } from '../../src/modules/payments/application/processes/refunds.process.js';
import { Settlement } from '../../src/modules/payments/application/processes/settlement.process.js';
import { Sweep } from '../../src/modules/payments/application/processes/sweep.process.js';
import { openReservations } from '../../src/modules/payments/application/projections/open-reservations.projection.js';
import { transactions } from '../../src/modules/payments/application/projections/transactions.projection.js';
import { type ExistingPayment, paymentAggregate } from '../../src/modules/payments/domain/payment.js';
import { type AmountRule } from '../../src/modules/payments/domain/payment-link.events.js';
import { paymentLinkAggregate } from '../../src/modules/payments/domain/payment-link.js';
import type { StripeNotice } from '../../src/modules/payments/domain/stripe-event.js';
import { eventFeedCodec } from '../../src/modules/payments/infrastructure/event-store/event-feed.codec.js';
import {
  paymentCodec,
  paymentLinkCodec,
  stripeEventCodec,
} from '../../src/modules/payments/infrastructure/event-store/payment.codec.js';
import { StoreDirectory, type StoreEntry } from '../../src/modules/stores/index.js';
import { Claims } from '../../src/shared/application/claims.js';
import { type Context, onOurOwn } from '../../src/shared/application/context.js';
import { EventCatalog } from '../../src/shared/application/event-catalog.js';
import { Idempotency } from '../../src/shared/application/idempotency.js';
import { Clock } from '../../src/shared/application/ports/clock.port.js';
import {
  type Appended,
  EventStore,
  type ExpectedRevision,
  type NewEvent,
} from '../../src/shared/application/ports/event-store.port.js';
import { Ids } from '../../src/shared/application/ports/ids.port.js';
import { ReadStore } from '../../src/shared/application/ports/read-store.port.js';
import { ReadModel } from '../../src/shared/application/read-model.js';
import { Streams } from '../../src/shared/application/streams.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import type { LinkId, OrderId, PaymentId, RefundId, StoreId } from '../../src/shared/domain/ids.js';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { AScriptedGateway, Gates } from './a-scripted-gateway.js';
import { AScriptedRefunds } from './a-scripted-refunds.js';
import { importing, lamps, total, usd } from './an-order.js';
import { SeededIds } from './seeded-ids.js';
import { VirtualClock } from './virtual-clock.js';

const api: Context = { actor: { kind: 'system', id: 'test' }, correlationId: 'req_1', origin: 'api' };

/** The log, where an append can be held back: its gate has the name of the first event. */
class AGatedLog extends MemoryEventStore {
  readonly gates = new Gates();

  override async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<Appended> {
    await this.gates.pass(events[0]?.type ?? '');
    return super.append(stream, expected, events);
  }
}

class OneStore extends StoreDirectory {
  status: StoreEntry['status'] = 'connected';

  async find(id: StoreId): Promise<StoreEntry> {
    const { status } = this;
    const account = 'acct_1';
    return { id, name: 'Lamps & Co', notification_email: 'ops@lamps.test', status, account, livemode: false };
  }
  get(id: StoreId): Promise<StoreEntry> {
    return this.find(id);
  }
  async connected(): Promise<readonly StoreEntry[]> {
    return [await this.find(lamps)];
  }
}

/** The link's id is its token. */
class PlainTokens extends LinkTokens {
  tokenOf = async (link: LinkId) => link;
  linkOf = async (token: string) => token as LinkId;
  hash = (token: string) => token;
  urlOf = async (link: LinkId) => `https://pay.test/pay/${link}`;
}

/** What outlives the process. */
type Lasting = Readonly<{
  log: AGatedLog;
  gateway: AScriptedGateway;
  refunds: AScriptedRefunds;
  stores: OneStore;
  clock: VirtualClock;
}>;
let lives = 0;

/** Orders and payments as they are, on a log in memory and a scripted Stripe: whoever acts here acts by commands. */
export class APaymentDesk {
  readonly gateway: AScriptedGateway;
  readonly refunds: AScriptedRefunds;
  readonly stores: OneStore;
  readonly clock: VirtualClock;

  private constructor(
    private readonly lasting: Lasting,
    private readonly testing: TestingModule,
  ) {
    this.gateway = lasting.gateway;
    this.refunds = lasting.refunds;
    this.stores = lasting.stores;
    this.clock = lasting.clock;
  }

  static open(): Promise<APaymentDesk> {
    return APaymentDesk.on({
      log: new AGatedLog(),
      gateway: new AScriptedGateway(),
      refunds: new AScriptedRefunds(),
      stores: new OneStore(),
      clock: new VirtualClock(),
    });
  }

  private static async on(lasting: Lasting): Promise<APaymentDesk> {
    const testing = await Test.createTestingModule({ imports: [moduleOn(lasting), OrdersModule] }).compile();
    await testing.init();
    return new APaymentDesk(lasting, testing);
  }

  /** The process has died, and what it was about to do with it; another one goes on from the log. */
  restarted(): Promise<APaymentDesk> {
    return APaymentDesk.on(this.lasting);
  }

  close(): Promise<void> {
    return this.testing.close();
  }

  /** The next append that begins with this event, or the next call of this name to Stripe, waits. */
  before(what: string) {
    const [call = ''] = what.split(' ');
    const stops = [this.gateway, this.refunds].find((gateway) => call in gateway) ?? this.lasting.log;
    return stops.gates.at(what);
  }

  /** An order of 100.00. */
  async anOrder(): Promise<OrderId> {
    const order = `order_${this.testing.get(Ids).next()}` as const;
    await this.testing.get(Streams).handle(orderAggregate, order, importing(total(10_000)), api);
    return order;
  }

  async aLink(order: OrderId, rule: AmountRule = { rule: 'balance' }): Promise<LinkId> {
    const link = `link_${this.testing.get(Ids).next()}` as const;
    const created = {
      link,
      order,
      store: lamps,
      livemode: false,
      currency: usd,
      amount_rule: rule,
      token_hash: link,
      expires_at: new Date(this.clock.now().getTime() + 24 * 3600_000).toISOString(),
      recipient: { name: 'Ada Lovelace', email: null },
      message: null,
      metadata: {},
    } as const;
    await this.#tellLink(link, { type: 'CreateLink', created, mail: null });
    return link;
  }

  async order(id: OrderId): Promise<ExistingOrder> {
    return (await this.testing.get(OrderBook).find(id)).order;
  }

  /** The one payment that holds part of an order. */
  async heldBy(order: OrderId): Promise<PaymentId> {
    const [payment, ...others] = (await this.order(order)).reservations.keys();
    if (!payment || others.length > 0) throw new Error(`not one payment holds ${order}`);
    return payment;
  }

  async statusOf(payment: PaymentId): Promise<string> {
    return (await this.testing.get(Streams).load(paymentAggregate, payment)).state.status;
  }

  async payment(id: PaymentId): Promise<ExistingPayment> {
    const { state } = await this.testing.get(Streams).load(paymentAggregate, id);
    if (state.status === 'none') throw new Error(`no payment ${id}`);
    return state;
  }

  link(id: LinkId) {
    return this.testing.get(Checkout).load(id);
  }

  charge(order: OrderId, amount: number | null = null) {
    const terms = {
      amount,
      paymentMethod: 'pm_card_visa',
      saveCard: false,
      moto: false,
      onAuthenticationRequired: 'offer',
    } as const;
    const ask = { store: lamps, order, ...terms, onOpenSession: 'fence', returnUrl: null } as const;
    const payment = `pay_${this.testing.get(Ids).next()}` as const;
    return this.#do(new charging.ChargeCard(payment, ask, api));
  }

  /** An order that was paid by one card charge. */
  async paid(): Promise<Readonly<{ order: OrderId; payment: PaymentId; intent: string }>> {
    const order = await this.anOrder();
    return { order, ...(await this.pay(order)) };
  }

  /** One card charge towards the order. */
  async pay(order: OrderId, amount: number | null = null) {
    await this.charge(order, amount);
    const payment = [...(await this.order(order)).applied.keys()].at(-1);
    if (!payment) throw new Error(`${order} was not paid`);
    const intent = (await this.payment(payment)).capture?.intent ?? '';
    this.refunds.names(intent, payment);
    return { payment, intent };
  }

  /** `refund`: what the caller's key is bound to; the same one again is the same call again. */
  refund(payment: PaymentId, refund: RefundId, amount: number | null = null): Promise<void> {
    const wish = { reason: null, effect: 'credit', note: null } as const;
    return this.#do(new refunding.RequestRefund(refund, { store: lamps, payment, amount, ...wish }, api));
  }

  /** What news of a refund or a dispute leads to: a look at Stripe. */
  lookBack(payment: PaymentId): Promise<void> {
    return this.testing.get(Refunds).observe(payment, { ...api, origin: 'webhook' });
  }

  /** Stripe no longer lets us in, and the store may be disconnected; time passes, until every page and charge is over. */
  async lose(status: OneStore['status']): Promise<void> {
    this.gateway.isShut = true;
    this.stores.status = status;
    await this.clock.advance(2 * 3_600_000);
  }

  /** The store is connected again, by a key that works. */
  reconnect(): void {
    this.gateway.isShut = false;
    this.stores.status = 'connected';
  }

  pressPay = (link: LinkId) => this.#do(new paying.PayLink(link, { ...api, origin: 'page' }));
  revoke = (link: LinkId) => this.#do(new revoking.RevokePaymentLink(link, api));
  void = (payment: PaymentId) => this.#do(new voiding.VoidPayment(payment, api));
  cancel = (order: OrderId, policy: RefundPolicy = 'none') =>
    this.#do(new CancelOrder({ order, store: lamps, policy, seen: seenAnything }, api));
  /** What an event of Stripe's leads to. @throws where it is to be told again */
  async hearStripe(type: string, object: Partial<StripeNotice['object']>): Promise<void> {
    const about = { id: 're_1', object: 'refund', payment_intent: null, payment: null, store: lamps };
    const of = { store: lamps, event: 'evt_1', type, created: 1, api_version: null, account: null };
    const notice: StripeNotice = { ...of, livemode: false, object: { ...about, ...object } };
    const told = { id: 'event_1', stream: 'stripe_evt-1', revision: 0, position: 1, at: '', metadata: {} };
    await this.testing.get(ApplyStripeEvents).on({ ...told, type: 'StripeEventReceived', data: notice });
  }

  /** What the failure of a payment leads to. @throws where it is to be told again */
  async hearFailure(payment: PaymentId): Promise<void> {
    const { failure } = await this.payment(payment);
    if (!failure) throw new Error(`${payment} has not failed`);
    const stream = `payment-${payment.slice('pay_'.length)}`;
    const told = { id: 'event_1', stream, revision: 2, position: 1, at: '', metadata: {} };
    await this.testing.get(CancelIntentWhenFailed).on({ ...told, type: 'PaymentFailed', data: failure });
  }

  /** What news of an order that is being cancelled, or of its money, lead to. */
  async hear(
    type: (typeof RefundWhenOrderIsCancelling.prototype.reads)[number],
    order: OrderId,
  ): Promise<void> {
    const about = { id: 'event_1', stream: 'order-1', revision: 0, position: 1, at: '', metadata: { order } };
    const policy = this.testing.get(RefundWhenOrderIsCancelling);
    if (policy.reads.includes(type)) await policy.on({ ...about, type, data: {} } as never);
  }

  /** The link loses its page without a word from Stripe. */
  async forget(link: LinkId): Promise<void> {
    const { open } = await this.link(link);
    if (open) await this.#tellLink(link, { type: 'EndSession', session: open.session, why: 'not_opened' });
  }

  /** What news of a payment leads to: a look at Stripe. */
  async lookAt(payment: PaymentId): Promise<void> {
    await this.testing.get(Observer).observe(payment, onOurOwn('sweep', 'sweep_1'));
  }

  /** What a sweep does about one order: one look at each payment that holds part of it. */
  async lookAgain(order: OrderId): Promise<void> {
    const context = onOurOwn('sweep', 'sweep_1');
    for (const payment of (await this.order(order)).reservations.keys())
      await this.testing.get(Observer).resume(payment, order, context);
  }

  /** A whole sweep, over the rows that say what is held. */
  async sweep(): Promise<void> {
    const subscriptions = this.testing.get(Subscriptions);
    subscriptions.addProjection(openReservations).addProjection(transactions);
    await subscriptions.start();
    await subscriptions.waitFor(await this.lasting.log.head(), 5_000);
    await this.testing.get(Sweep).run('sweep', new AbortController().signal);
    await subscriptions.stop();
  }

  #do<R>(command: Command<R>): Promise<R> {
    return this.testing.get(CommandBus).execute(command);
  }

  async #tellLink(
    link: LinkId,
    command: Parameters<typeof paymentLinkAggregate.decider.decide>[0],
  ): Promise<void> {
    await this.testing.get(Streams).handle(paymentLinkAggregate, link, command, api);
  }
}

function moduleOn({ log, gateway, refunds, stores, clock }: Lasting) {
  const catalog = new EventCatalog()
    .register(paymentCodec)
    .register(paymentLinkCodec)
    .register(stripeEventCodec)
    .register(eventFeedCodec);
  lives += 1;
  const parts = [
    { provide: Clock, useValue: clock },
    { provide: Ids, useValue: new SeededIds(`life ${lives}`) },
    { provide: EventStore, useValue: log },
    { provide: ReadStore, useClass: MemoryReadStore },
    { provide: EventCatalog, useValue: catalog },
    { provide: StoreDirectory, useValue: stores },
    { provide: PaymentGateway, useValue: gateway },
    { provide: RefundGateway, useValue: refunds },
    { provide: LinkTokens, useClass: PlainTokens },
    { provide: SessionFence, useClass: CheckoutFence },
    ...[Streams, Claims, Idempotency, ReadModel, Subscriptions],
    ...[
      BlockedCards,
      CardCharge,
      CardPayments,
      Checkout,
      EventPoll,
      Observer,
      PageRequests,
      Settlement,
      Sweep,
    ],
    ...[
      CancelIntentWhenFailed,
      Refunds,
      RefundWhenOrderIsCancelling,
      ApplyStripeEvents,
      refunding.RequestRefundHandler,
    ],
    ...[charging.ChargeCardHandler, paying.PayLinkHandler],
    ...[revoking.RevokePaymentLinkHandler, voiding.VoidPaymentHandler],
  ];
  @Global()
  @Module({ imports: [CqrsModule.forRoot()], providers: parts, exports: parts })
  class Desk {}
  return Desk;
}
