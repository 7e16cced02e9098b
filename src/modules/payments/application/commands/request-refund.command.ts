import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId, RefundId, StoreId } from '../../../../shared/domain/ids.js';
import { Money } from '../../../../shared/domain/money.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { amountsOf, FindOrder } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import type { RefundEffect, RefundReason } from '../../domain/payment.events.js';
import { type ExistingPayment, paymentAggregate } from '../../domain/payment.js';
import { refundable } from '../../domain/refund.js';
import { connectedStore } from '../connected-store.js';
import { isSilence, orRefuse } from '../gateway-answers.js';
import { Refunds } from '../processes/refunds.process.js';
import { Settlement } from '../processes/settlement.process.js';

/** How long a caller waits for Stripe before the answer is "on its way". */
const PATIENCE_MS = 14_000;

/** Gives back money of a payment, all or a part. The refund's id comes from the caller's Idempotency-Key. */
export class RequestRefund extends Command<void> {
  constructor(
    readonly refund: RefundId,
    readonly ask: Readonly<{
      store: StoreId;
      payment: PaymentId;
      /** Minor units of what was captured; null: all that can still be refunded. */
      amount: number | null;
      /** What the caller believes the amount to be in; null: whatever was captured. */
      currency?: string | null;
      reason: RefundReason | null;
      effect: RefundEffect;
      note: string | null;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(RequestRefund)
export class RequestRefundHandler implements ICommandHandler<RequestRefund> {
  constructor(
    private readonly streams: Streams,
    private readonly stores: StoreDirectory,
    private readonly queries: QueryBus,
    private readonly refunds: Refunds,
    private readonly settlement: Settlement,
    private readonly clock: Clock,
  ) {}

  /** Asking again for the same refund changes nothing. @throws Refusal before Stripe is asked for anything, where a rule says no. */
  async execute({ refund, ask, context: asked }: RequestRefund): Promise<void> {
    const { store, payment: id, reason, effect, note } = ask;
    const payment = await this.#find(store, id);
    const context: Context = { ...asked, store, order: payment.asked.order };
    // A repeated call may come after Stripe has forgotten the first one's key.
    if (payment.refunds.has(refund)) return this.#inTime(this.refunds.resume(id, refund, context));
    if (payment.capture) await connectedStore(this.stores, store);
    const amount = amountOf(ask, payment, await this.#left(id, payment, context));
    const wish = { amount, reason, effect, note };
    const request = { type: 'RequestRefund', refund, ...wish } as const;
    const { events } = await this.streams.handle(paymentAggregate, id, request, context);
    // Another process may have asked for it in this moment.
    const isNew = events.length > 0;
    await this.#inTime(this.refunds[isNew ? 'begin' : 'resume'](id, refund, context));
  }

  /**
   * What the order has of what it was paid, in minor units: a part may have become the customer's credit, and is not
   * given back twice. Money in another currency never counted there.
   */
  async #left(id: PaymentId, { asked, captured }: ExistingPayment, context: Context): Promise<number> {
    if (captured?.currency !== asked.currency) return Infinity;
    await this.settlement.settle(id, context);
    const { order } = await this.queries.execute(new FindOrder(asked.order));
    return Math.max(0, amountsOf(order).netPaid);
  }

  async #find(store: StoreId, id: PaymentId): Promise<ExistingPayment> {
    const { state } = await this.streams.load(paymentAggregate, id);
    if (state.status !== 'none' && state.asked.store === store) return state;
    throw new Refusal('not_found', 'There is no such payment.');
  }

  /** However slowly Stripe answers, the caller hears that the refund is on its way; it goes on without them. */
  async #inTime(refunding: Promise<void>): Promise<void> {
    const done = new AbortController();
    const began = refunding.catch((error: unknown) => {
      if (!isSilence(error)) throw error;
    });
    try {
      await Promise.race([orRefuse(began), this.clock.sleep(PATIENCE_MS, done.signal)]);
    } finally {
      done.abort();
    }
  }
}

/** @throws Refusal where the currency is none that Stripe charges, or the amount no amount of it, or none of the order's. */
function amountOf({ amount, currency }: RequestRefund['ask'], payment: ExistingPayment, left: number): Money {
  const captured = payment.captured?.currency ?? payment.asked.currency;
  const most = Math.min(refundable(payment), left);
  const money = Money.of(amount ?? most, currency ?? captured);
  // What is above the payment itself is refused by its own rule, with its own numbers.
  if (money.minor > left && money.minor <= refundable(payment) && money.currency === captured) {
    const detail = `Of what was paid, the order has ${Money.format({ ...money, minor: left })}; the rest is the customer’s credit.`;
    const facts = { param: '/amount', amount: money.minor, refundable: left, currency: captured };
    throw new Refusal('refund_exceeds_captured', detail, facts);
  }
  return money;
}
