import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Context, following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { RecordDeauthorization, StoreDirectory } from '../../../stores/index.js';
import { ENDED, paymentAggregate } from '../../domain/payment.js';
import {
  type IgnoredBecause,
  type StripeEventEvent,
  type StripeNotice,
  stripeEventAggregate,
} from '../../domain/stripe-event.js';
import { stripeEventId } from '../commands/receive-stripe-event.command.js';
import { GatewayRefused, GatewayUnreachable } from '../ports/payment-gateway.port.js';
import { RefundGateway } from '../ports/refund-gateway.port.js';
import { Observer } from '../processes/observer.process.js';
import { Refunds } from '../processes/refunds.process.js';

/** Types that say something new about a payment; of any other we only keep that it came. */
const SPEAKS_OF_A_PAYMENT = /^(payment_intent|checkout\.session)\.|^charge\.updated$/;
/** Types that say something new about money on its way back. They may be about what was done at Stripe itself. */
const SPEAKS_OF_THE_WAY_BACK = /^refund\.|^charge\.(refunded$|dispute\.)/;

/** An event of Stripe's is a hint, at least once and in any order: what it is about is asked of Stripe anew. */
@Injectable()
export class ApplyStripeEvents implements Policy<StripeEventEvent> {
  readonly name = 'apply-stripe-events';
  readonly reads = ['StripeEventReceived'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
    private readonly stores: StoreDirectory,
    private readonly observer: Observer,
    private readonly refunds: Refunds,
    private readonly gateway: RefundGateway,
  ) {}

  async on(event: Told<StripeEventEvent>): Promise<void> {
    if (event.type !== 'StripeEventReceived') return;
    const notice = event.data;
    const context: Context = {
      ...following(event, 'webhook'),
      causationId: notice.event,
      store: notice.store,
    };
    if (notice.type === 'account.application.deauthorized') {
      await this.commands.execute(new RecordDeauthorization(notice.store, context));
      return this.#applied(notice, notice.store, context);
    }
    try {
      await this.#hear(notice, context);
    } catch (error) {
      if (!(error instanceof GatewayRefused)) throw error;
      await this.#ignore(notice, 'unanswerable', context);
    }
  }

  async #hear(notice: StripeNotice, context: Context): Promise<void> {
    const payment = await this.#paymentOf(notice);
    const ignored = payment === null ? 'foreign' : await this.#unfit(notice);
    if (payment === null || ignored) return this.#ignore(notice, ignored ?? 'foreign', context);

    const goesBack = SPEAKS_OF_THE_WAY_BACK.test(notice.type);
    if (!goesBack && !SPEAKS_OF_A_PAYMENT.test(notice.type))
      return this.#ignore(notice, 'unsupported', context);
    // The word of what followed may come before the word of the money.
    await this.observer.observe(payment, context, notice.object.payment_intent);
    if (notice.type === 'charge.updated') await this.observer.observeFee(payment, context);
    if (goesBack) await this.#lookAtTheWayBack(payment, context);
    return this.#applied(notice, payment, context);
  }

  /** While nobody has told us that the money came, what goes back of it could not be recorded: the event waits for that. */
  async #lookAtTheWayBack(id: PaymentId, context: Context): Promise<void> {
    const { state } = await this.streams.load(paymentAggregate, id);
    if (state.status !== 'none' && !ENDED.has(state.status)) {
      throw new GatewayUnreachable(`what became of ${id} is not known yet, and money of it goes back`);
    }
    await this.refunds.observe(id, context);
  }

  /** The payment of ours, in this very store, that the event is about. Metadata is only believed where our own history agrees. */
  async #paymentOf({ object, store, type }: StripeNotice): Promise<PaymentId | null> {
    const { payment, payment_intent: intent } = object;
    const named = payment?.startsWith('pay_') ? await this.#ours(payment as PaymentId, store) : null;
    if (!intent || !SPEAKS_OF_THE_WAY_BACK.test(type)) return named;
    if (named && (await this.#intentOf(named)) === intent) return named;
    // Made at Stripe, without our metadata or with another payment's: the intent that the money came by tells whose it is.
    const id = await this.gateway.paymentOf(store, intent);
    return id && this.#ours(id, store);
  }

  async #intentOf(id: PaymentId): Promise<string | null> {
    const { state } = await this.streams.load(paymentAggregate, id);
    return state.status === 'none' ? null : state.intent;
  }

  async #ours(id: PaymentId, store: StoreId): Promise<PaymentId | null> {
    const { state } = await this.streams.load(paymentAggregate, id);
    return state.status !== 'none' && state.asked.store === store ? id : null;
  }

  async #unfit({ store, livemode, account }: StripeNotice): Promise<IgnoredBecause | null> {
    const entry = await this.stores.get(store);
    if (entry.livemode !== livemode) return 'wrong_mode';
    return account !== null && account !== entry.account ? 'wrong_account' : null;
  }

  async #applied(notice: StripeNotice, to: string, context: Context): Promise<void> {
    await this.streams.handle(
      stripeEventAggregate,
      stripeEventId(notice),
      { type: 'RecordApplied', to },
      context,
    );
  }

  async #ignore(notice: StripeNotice, why: IgnoredBecause, context: Context): Promise<void> {
    await this.streams.handle(
      stripeEventAggregate,
      stripeEventId(notice),
      { type: 'IgnoreEvent', why },
      context,
    );
  }
}
