import { Injectable } from '@nestjs/common';
import type { Context } from '../../../../shared/application/context.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { DisputeId, PaymentId, RefundId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import type { DisputeFact } from '../../domain/dispute.js';
import {
  type ExistingPayment,
  type Payment,
  type PaymentCommand,
  paymentAggregate,
} from '../../domain/payment.js';
import type { Refund } from '../../domain/refund.js';
import { RIGHT_MISSING } from '../gateway-answers.js';
import { GatewayForbidden, GatewayRefused } from '../ports/payment-gateway.port.js';
import { type FoundRefund, RefundGateway } from '../ports/refund-gateway.port.js';
import { Settlement } from './settlement.process.js';

/** How often a payment is looked at anew where something was recorded between the look and the pen. */
const LOOKS = 5;

/** Money on its way back: refunds that were asked for here, and whatever Stripe says of refunds and disputes. */
@Injectable()
export class Refunds {
  readonly #making = new Map<RefundId, Promise<void>>();

  constructor(
    private readonly streams: Streams,
    private readonly gateway: RefundGateway,
    private readonly settlement: Settlement,
    private readonly ids: Ids,
  ) {}

  /**
   * Asks Stripe for a refund that was just written down, and tells the order.
   * @throws GatewayUnreachable where it is not known whether Stripe made it: `resume` finds out
   */
  begin(id: PaymentId, refund: RefundId, context: Context): Promise<void> {
    return this.#once(id, refund, context, true);
  }

  #once(id: PaymentId, refund: RefundId, context: Context, isNew: boolean): Promise<void> {
    const running = this.#making.get(refund);
    if (running) return running;
    const making = this.#make(id, refund, context, isNew).finally(() => this.#making.delete(refund));
    this.#making.set(refund, making);
    return making;
  }

  /** The same for one that may have been asked for long ago: Stripe is looked at first, since keys are forgotten. */
  async resume(id: PaymentId, refund: RefundId, context: Context): Promise<void> {
    const isAsked = (await this.#load(id))?.refunds.get(refund)?.status === 'requested';
    if (isAsked && !this.#making.has(refund)) await this.observe(id, context);
    await this.#once(id, refund, context, false);
  }

  /**
   * Every refund and dispute of the payment as Stripe has it now, whoever made it. One path for webhooks and sweep.
   * @throws Refusal `overloaded` where the payment does not stand still long enough to be looked at
   */
  async observe(id: PaymentId, context: Context): Promise<void> {
    for (let look = 0; look < LOOKS; look++) {
      if (await this.#look(id, context)) return this.settlement.settle(id, context);
    }
    throw new Refusal('overloaded', 'Too much happens to this payment at the same time. Try again.');
  }

  /**
   * Answers whether what was seen counts. Where anything was recorded since the payment was read, it may be older than
   * that: a dispute that has ended would take its money again, and a refund of ours be somebody else's.
   */
  async #look(id: PaymentId, asked: Context): Promise<boolean> {
    const { state: payment, revision } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'none' || !payment.capture || revision === 'no_stream') return true;
    const { store, order } = payment.asked;
    const { intent } = payment.capture;
    const [refunds, disputes] = await Promise.all([
      this.gateway.refundsOf(store, intent),
      this.gateway.disputesOf(store, intent),
    ]);
    try {
      const about: Context = { ...asked, store, order };
      await this.#recordAll(id, { payment, revision }, refunds, disputes, about);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'revision_mismatch') return false;
      throw error;
    }
  }

  async #recordAll(
    id: PaymentId,
    seen: Readonly<{ payment: Payment; revision: number }>,
    refunds: readonly FoundRefund[],
    disputes: readonly DisputeFact[],
    context: Context,
  ): Promise<void> {
    let { payment, revision } = seen;
    const record = async (command: PaymentCommand) => {
      const at = { expectedRevision: revision };
      const handled = await this.streams.handle(paymentAggregate, id, command, context, at);
      payment = handled.state;
      revision = handled.revision;
    };
    for (const found of refunds) {
      const refund = this.#idOf(id, payment, found);
      await record({ type: 'RecordRefund', refund, fact: withoutId(found) });
    }
    for (const fact of disputes) {
      const dispute: DisputeId = `dispute_${this.ids.derive(`${id}:${fact.stripeDispute}`)}`;
      await record({ type: 'RecordDispute', dispute, fact });
    }
  }

  async #make(id: PaymentId, refundId: RefundId, context: Context, isNew: boolean): Promise<void> {
    const payment = await this.#load(id);
    const refund = payment?.refunds.get(refundId);
    if (payment && refund?.status === 'requested') {
      const command = await this.#create(id, payment, refundId, refund, isNew);
      await this.#record(id, command, context);
    }
    await this.settlement.settle(id, context);
  }

  /** What came of asking Stripe for it. */
  async #create(
    id: PaymentId,
    { asked, capture }: ExistingPayment,
    refund: RefundId,
    { amount, reason }: Refund,
    isNew: boolean,
  ): Promise<PaymentCommand> {
    if (!capture) throw new Error(`${refund} is of a payment that is not at Stripe`);
    const { store, order, order_number: orderNumber } = asked;
    const { intent } = capture;
    const request = { store, order, orderNumber, payment: id, refund, intent, amount, reason };
    try {
      return { type: 'RecordRefund', refund, fact: await this.gateway.createRefund(request) };
    } catch (error) {
      if (error instanceof GatewayRefused) return { type: 'RecordRefundRefused', refund, why: error.code };
      // A call of before may still be on its way there.
      if (!(error instanceof GatewayForbidden && isNew)) throw error;
      return { type: 'RecordRefundRefused', refund, why: RIGHT_MISSING };
    }
  }

  /** Metadata can be copied by anybody on the account: a refund is ours only where our own history knows it. */
  #idOf(id: PaymentId, payment: Payment, { refund, stripeRefund, amount }: FoundRefund): RefundId {
    const known = refund && payment.status !== 'none' && payment.refunds.get(refund);
    const isIt = known && (known.stripeRefund ?? stripeRefund) === stripeRefund && known.amount === amount;
    if (isIt) return refund;
    return `refund_${this.ids.derive(`${id}:${stripeRefund}`)}`;
  }

  async #record(id: PaymentId, command: PaymentCommand, context: Context): Promise<void> {
    await this.streams.handle(paymentAggregate, id, command, context);
  }

  async #load(id: PaymentId): Promise<ExistingPayment | null> {
    const { state } = await this.streams.load(paymentAggregate, id);
    return state.status === 'none' ? null : state;
  }
}

function withoutId({ refund: _, ...fact }: FoundRefund) {
  return fact;
}
