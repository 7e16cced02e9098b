import { Global, Module } from '@nestjs/common';
import { type Command, CommandBus, CommandHandler, CqrsModule, type ICommandHandler } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import * as resolving from '../../src/modules/exceptions/application/commands/resolve-exception.command.js';
import { ResolveException } from '../../src/modules/exceptions/application/commands/resolve-exception.command.js';
import { Matters } from '../../src/modules/exceptions/application/matters.js';
import { CarryOutResolutionWhenChosen } from '../../src/modules/exceptions/application/policies/carry-out-resolution-when-chosen.policy.js';
import { MailNoticeWhenExceptionOpens } from '../../src/modules/exceptions/application/policies/mail-notice-when-exception-opens.policy.js';
import { OpenExceptionWhenMailFails } from '../../src/modules/exceptions/application/policies/open-exception-when-mail-fails.policy.js';
import { OpenExceptionsOfOrders } from '../../src/modules/exceptions/application/policies/open-exceptions-of-orders.policy.js';
import { OpenExceptionsOfPayments } from '../../src/modules/exceptions/application/policies/open-exceptions-of-payments.policy.js';
import { OpenExceptionsWhenRefundsFail } from '../../src/modules/exceptions/application/policies/open-exceptions-when-refunds-fail.policy.js';
import { SettleExceptionsWhenMattersEnd } from '../../src/modules/exceptions/application/policies/settle-exceptions-when-matters-end.policy.js';
import { GivingBack } from '../../src/modules/exceptions/application/processes/giving-back.js';
import { MailingAgain } from '../../src/modules/exceptions/application/processes/mailing-again.js';
import { Opening } from '../../src/modules/exceptions/application/processes/opening.process.js';
import { Resolution } from '../../src/modules/exceptions/application/processes/resolution.process.js';
import { UnknownOutcomes } from '../../src/modules/exceptions/application/processes/unknown-outcomes.process.js';
import type { ExceptionRow } from '../../src/modules/exceptions/application/projections/exceptions.projection.js';
import { unknownOutcomes } from '../../src/modules/exceptions/application/projections/unknown-outcomes.projection.js';
import { ExceptionNow } from '../../src/modules/exceptions/application/queries/exception-now.js';
import type { ExceptionAction } from '../../src/modules/exceptions/domain/exception.events.js';
import { type ExceptionCommand, exceptionAggregate } from '../../src/modules/exceptions/domain/exception.js';
import { exceptionCodec } from '../../src/modules/exceptions/infrastructure/event-store/exception.codec.js';
import {
  amountsOf,
  type ExistingOrder,
  orderAggregate,
  SessionFence,
} from '../../src/modules/orders/index.js';
import { OrdersModule } from '../../src/modules/orders/orders.module.js';
import { RequestRefundHandler } from '../../src/modules/payments/application/commands/request-refund.command.js';
import { ResendPaymentLinkHandler } from '../../src/modules/payments/application/commands/resend-payment-link.command.js';
import { SyncPayment } from '../../src/modules/payments/application/commands/sync-payment.command.js';
import { MakeRefundWhenRequested } from '../../src/modules/payments/application/policies/make-refund-when-requested.policy.js';
import { GatewayUnreachable } from '../../src/modules/payments/application/ports/payment-gateway.port.js';
import { RefundGateway } from '../../src/modules/payments/application/ports/refund-gateway.port.js';
import { Refunds } from '../../src/modules/payments/application/processes/refunds.process.js';
import { Settlement } from '../../src/modules/payments/application/processes/settlement.process.js';
import { type PaymentCommand, paymentAggregate } from '../../src/modules/payments/domain/payment.js';
import {
  paymentCodec,
  paymentLinkCodec,
} from '../../src/modules/payments/infrastructure/event-store/payment.codec.js';
import { StoreDirectory, type StoreEntry } from '../../src/modules/stores/index.js';
import { Claims } from '../../src/shared/application/claims.js';
import type { Context } from '../../src/shared/application/context.js';
import { EventCatalog } from '../../src/shared/application/event-catalog.js';
import { Idempotency } from '../../src/shared/application/idempotency.js';
import { MailOrigin, Outbox } from '../../src/shared/application/outbox.js';
import type { Policy } from '../../src/shared/application/policy.js';
import { Clock } from '../../src/shared/application/ports/clock.port.js';
import { EventStore } from '../../src/shared/application/ports/event-store.port.js';
import { Ids } from '../../src/shared/application/ports/ids.port.js';
import { Mailer } from '../../src/shared/application/ports/mailer.port.js';
import { ReadStore } from '../../src/shared/application/ports/read-store.port.js';
import type { Told } from '../../src/shared/application/projection.js';
import { ReadModel } from '../../src/shared/application/read-model.js';
import { Streams } from '../../src/shared/application/streams.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import type { ExceptionId, MailId, OrderId, PaymentId, StoreId } from '../../src/shared/domain/ids.js';
import { mailAggregate } from '../../src/shared/domain/mail.js';
import { Refusal } from '../../src/shared/domain/refusal.js';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { mailCodec } from '../../src/shared/infrastructure/mail/mail.codec.js';
import { MemoryMailer } from '../../src/shared/infrastructure/mail/memory.mailer.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { ARefundingStripe } from './a-refunding-stripe.js';
import { importing, lamps, total, usd } from './an-order.js';
import { SeededIds } from './seeded-ids.js';
import { VirtualClock } from './virtual-clock.js';

const grace: Context = {
  actor: { kind: 'person', id: 'grace', name: 'Grace' },
  correlationId: 'req_1',
  origin: 'api',
  reason: 'Agreed on the phone',
};

class OneStore extends StoreDirectory {
  async find(id: StoreId): Promise<StoreEntry> {
    const [status, account] = ['connected', 'acct_1'] as const;
    return { id, name: 'Lamps & Co', notification_email: 'ops@lamps.test', status, account, livemode: false };
  }
  get = (id: StoreId) => this.find(id);
  connected = async () => [await this.find(lamps)];
}

/** No customer has a page open. */
class NothingOpen extends SessionFence {
  close = async () => undefined;
}

/** A look at Stripe, here only at what went back. */
@CommandHandler(SyncPayment)
class LookAtRefunds implements ICommandHandler<SyncPayment> {
  constructor(private readonly refunds: Refunds) {}
  execute = ({ payment, context }: SyncPayment) => this.refunds.observe(payment, context);
}

const policies = [
  OpenExceptionsOfOrders,
  OpenExceptionsOfPayments,
  OpenExceptionsWhenRefundsFail,
  OpenExceptionWhenMailFails,
  SettleExceptionsWhenMattersEnd,
  MailNoticeWhenExceptionOpens,
  CarryOutResolutionWhenChosen,
  MakeRefundWhenRequested,
] as const;

type AnyPolicy = Policy<{ type: string; data: object }>;

/** Exceptions as they are, on orders and payments in memory. Policies hear of what happened when they are told to. */
export class AnExceptionDesk {
  readonly stripe: ARefundingStripe;
  readonly clock: VirtualClock;
  readonly mailer: MemoryMailer;
  readonly #heard = new Map<number, number>();

  private constructor(private readonly testing: TestingModule) {
    this.stripe = testing.get(RefundGateway);
    this.clock = testing.get(Clock);
    this.mailer = testing.get(Mailer);
  }

  static async open(): Promise<AnExceptionDesk> {
    const testing = await Test.createTestingModule({ imports: [deskModule(), OrdersModule] }).compile();
    await testing.init();
    testing.get(EventCatalog).register(paymentCodec).register(paymentLinkCodec);
    testing.get(EventCatalog).register(mailCodec).register(exceptionCodec);
    testing.get(Subscriptions).addProjection(unknownOutcomes);
    return new AnExceptionDesk(testing);
  }

  close(): Promise<void> {
    return this.testing.close();
  }

  /** An order, of 100.00 unless told otherwise. */
  async anOrder(minor = 10_000): Promise<OrderId> {
    const order = `order_${this.testing.get(Ids).next()}` as const;
    await this.tellOrder(order, importing(total(minor)));
    return order;
  }

  async tellOrder(order: OrderId, command: Parameters<typeof orderAggregate.decider.decide>[0]) {
    const context = { ...grace, store: lamps, order };
    await this.testing.get(Streams).handle(orderAggregate, order, command, context);
  }

  async order(id: OrderId): Promise<ExistingOrder> {
    const { state } = await this.testing.get(Streams).load(orderAggregate, id);
    if (state.status === 'none') throw new Error(`no order ${id}`);
    return state;
  }

  /** A payment of that much that captured that much, and counts. */
  async paid(order: OrderId, asked: number, came = asked, currency = 'usd'): Promise<PaymentId> {
    const payment = await this.begun(order, asked);
    const intent = `pi_${payment}`;
    const charge = {
      intent,
      charge: `ch_${payment}`,
      card: null,
      source: 'poll',
      stripe_event: null,
    } as const;
    const capture = { ...charge, amount: came, currency };
    await this.tellPayment(payment, { type: 'RecordCapture', capture });
    return payment;
  }

  /** An order of 100.00 that was paid twice by card, with the exception that came of it. */
  async paidTwice(): Promise<Readonly<{ order: OrderId; payment: PaymentId; id: ExceptionId }>> {
    const order = await this.anOrder();
    await this.paid(order, 10_000);
    const payment = await this.paid(order, 10_000);
    await this.tell();
    return { order, payment, id: await this.idOf() };
  }

  /** The id of an exception by its age, 0 for the oldest. */
  async idOf(at = 0): Promise<ExceptionId> {
    return (await this.exceptions())[at]?.id ?? 'exc_none';
  }

  /** What an order was paid too much, in minor units. */
  async overpaidOf(order: OrderId): Promise<number> {
    return amountsOf(await this.order(order)).overpaid;
  }

  /** A payment that was asked of Stripe. */
  async begun(order: OrderId, amount: number): Promise<PaymentId> {
    const payment = `pay_${this.testing.get(Ids).next()}` as const;
    const confirm_by = this.clock.now().toISOString();
    const terms = { payment_method: 'pm_card_visa', save_card: false, moto: false, return_url: null };
    const method = { channel: 'card', confirm_by, ...terms } as const;
    const ask = { order, store: lamps, livemode: false, order_number: 'SO-1042', amount, currency: usd };
    await this.tellPayment(payment, { type: 'InitiatePayment', asked: { ...ask, method } });
    return payment;
  }

  /** What becomes of a payment, and what its order hears of it. */
  async tellPayment(id: PaymentId, command: PaymentCommand): Promise<void> {
    const context = await this.tellOnlyPayment(id, command);
    await this.testing.get(Settlement).settle(id, context);
  }

  /** Its order has not heard of it yet. */
  async tellOnlyPayment(id: PaymentId, command: PaymentCommand): Promise<Context> {
    const context = { ...grace, store: lamps };
    const { state } = await this.testing.get(Streams).handle(paymentAggregate, id, command, context);
    return { ...context, ...(state.status !== 'none' && { order: state.asked.order }) };
  }

  async payment(id: PaymentId) {
    const { state } = await this.testing.get(Streams).load(paymentAggregate, id);
    if (state.status === 'none') throw new Error(`no payment ${id}`);
    return state;
  }

  /** Something at Stripe is heard of. */
  async lookAt(payment: PaymentId): Promise<void> {
    await this.#do(new SyncPayment(payment, grace));
  }

  /** The merchant was told of this payment's excess before there were exceptions. */
  async mailedBefore(payment: PaymentId, order: OrderId): Promise<void> {
    const id = `mail_${this.testing.get(Ids).derive(`${payment}:overpayment`)}` as const;
    const to = { name: 'Lamps & Co', address: 'ops@lamps.test' };
    const mail = { id, kind: 'overpayment', about: payment, store: lamps, to, data: { order } };
    await this.testing.get(Outbox).queue(mail, grace);
  }

  /** A mail to the customer of an order that was given up. */
  async lostMail(order: OrderId, kind = 'receipt', about: string = order): Promise<MailId> {
    const id = `mail_${this.testing.get(Ids).next()}` as const;
    const to = { name: 'Ada Lovelace', address: 'old@example.test' };
    await this.testing.get(Outbox).queue({ id, kind, about, store: lamps, to, data: { order } }, grace);
    const lost = { type: 'RecordRejection', error: '550 no mailbox old@example.test' } as const;
    await this.testing.get(Streams).handle(mailAggregate, id, lost, grace);
    return id;
  }

  /** Every policy hears what it has not heard yet, and what follows from that, to the end. */
  async tell(): Promise<void> {
    for (let events = await this.#log(), told = 0; told < events.length; events = await this.#log()) {
      for (const event of events.slice(told)) {
        for (const at of policies.keys()) await this.#hear(at, event);
      }
      told = events.length;
    }
  }

  /** Policies as they really are: each reads the log by itself, and here to its end before the next one, in this order. */
  async tellOneByOne(order: readonly number[]): Promise<void> {
    for (let isNews = true; isNews; ) {
      isNews = false;
      for (const at of order)
        for (const event of await this.#log()) isNews = (await this.#hear(at, event)) || isNews;
    }
  }

  /** Only the one that looks for refunds that failed. */
  async tellOfRefunds(): Promise<void> {
    await this.tellOneByOne([policies.indexOf(OpenExceptionsWhenRefundsFail)]);
  }

  static readonly policies = policies.length;

  /** Every policy hears everything from the beginning, as after a crash that lost how far they had come. */
  async tellAgain(): Promise<void> {
    this.#heard.clear();
    await this.tell();
  }

  async resolve(id: ExceptionId, action: ExceptionAction, wish: string = this.testing.get(Ids).next()) {
    await this.#do(new ResolveException(id, { action, wish }, { ...grace, store: lamps }));
    return this.exception(id);
  }

  /** As somebody whose process dies in the next instant. */
  async tellException(id: ExceptionId, command: ExceptionCommand): Promise<void> {
    await this.testing.get(Streams).handle(exceptionAggregate, id, command, { ...grace, store: lamps });
  }

  async exception(id: ExceptionId): Promise<ExceptionRow> {
    return this.testing.get(ExceptionNow).find(lamps, id);
  }

  /** Every exception there is, oldest first. */
  async exceptions(): Promise<readonly (ExceptionRow & { readonly id: ExceptionId })[]> {
    const ids = (await this.events('ExceptionOpened')).map(
      ({ stream }) => `exc_${stream.slice(10)}` as const,
    );
    return Promise.all(ids.map(async (id) => ({ ...(await this.exception(id)), id })));
  }

  /** The mails that were queued: to whom, and about what. */
  async mails() {
    return (await this.events('MailQueued')).map(
      ({ data }) => data as { kind: string; to: { address: string } },
    );
  }

  async events(type: string) {
    return (await this.#log()).filter((event) => event.type === type);
  }

  /** A look at the clock and at what is still unknown. */
  async lookForUnknown(): Promise<void> {
    const subscriptions = this.testing.get(Subscriptions);
    await subscriptions.start();
    await subscriptions.waitFor(await this.testing.get(EventStore).head(), 5_000);
    await this.testing.get(UnknownOutcomes).look(new AbortController().signal);
    await subscriptions.stop();
  }

  /** @returns whether it was news */
  async #hear(at: number, event: Told<{ type: string; data: object }>): Promise<boolean> {
    const type = policies[at];
    const policy = type && this.testing.get<AnyPolicy>(type);
    if (!policy || event.position <= (this.#heard.get(at) ?? 0)) return false;
    if (policy.reads.includes(event.type)) await policy.on(event).catch(unanswered);
    this.#heard.set(at, event.position);
    return true;
  }

  async #log() {
    const recorded = await this.testing.get(EventStore).readAll(0, 10_000);
    const catalog = this.testing.get(EventCatalog);
    return recorded.map((event) => catalog.decode<{ type: string; data: object }>(event));
  }

  #do<R>(command: Command<R>): Promise<R> {
    return this.testing.get(CommandBus).execute(command);
  }
}

/** A policy is told again where Stripe did not answer; here the test says when. */
function unanswered(error: unknown): void {
  const isSo =
    error instanceof Refusal ? error.code === 'stripe_unreachable' : error instanceof GatewayUnreachable;
  if (!isSo) throw error;
}

function deskModule() {
  const parts = [
    { provide: Clock, useValue: new VirtualClock() },
    { provide: Ids, useValue: new SeededIds() },
    { provide: EventStore, useValue: new MemoryEventStore() },
    { provide: ReadStore, useClass: MemoryReadStore },
    { provide: EventCatalog, useValue: new EventCatalog() },
    { provide: StoreDirectory, useClass: OneStore },
    { provide: SessionFence, useClass: NothingOpen },
    { provide: RefundGateway, useClass: ARefundingStripe },
    { provide: Mailer, useValue: new MemoryMailer() },
    { provide: MailOrigin, useValue: { address: 'mail@quittance.test' } },
    ...[Streams, Claims, Idempotency, ReadModel, Subscriptions, Outbox, Refunds, Settlement],
    ...[RequestRefundHandler, ResendPaymentLinkHandler, LookAtRefunds, resolving.ResolveExceptionHandler],
    ...[ExceptionNow, GivingBack, MailingAgain, Matters, Opening, Resolution, UnknownOutcomes],
    ...policies,
  ];
  @Global()
  @Module({ imports: [CqrsModule.forRoot()], providers: parts, exports: parts })
  class Desk {}
  return Desk;
}
