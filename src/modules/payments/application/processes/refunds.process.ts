import { Injectable } from '@nestjs/common';
import type { Context } from '../../../../shared/application/context.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { DisputeId, PaymentId, RefundId } from '../../../../shared/domain/ids.js';
import { type ExistingPayment, type PaymentCommand, paymentAggregate } from '../../domain/payment.js';
import type { Refund } from '../../domain/refund.js';
import { GatewayRefused } from '../ports/payment-gateway.port.js';
import { type FoundRefund, RefundGateway } from '../ports/refund-gateway.port.js';
import { Settlement } from './settlement.process.js';

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
    const running = this.#making.get(refund);
    if (running) return running;
    const making = this.#make(id, refund, context).finally(() => this.#making.delete(refund));
    this.#making.set(refund, making);
    return making;
  }

  /** The same for one that may have been asked for long ago: Stripe is looked at first, since keys are forgotten. */
  async resume(id: PaymentId, refund: RefundId, context: Context): Promise<void> {
    if (!this.#making.has(refund)) await this.observe(id, context);
    await this.begin(id, refund, context);
  }

  /** Every refund and dispute of the payment as Stripe has it now, whoever made it. One path for webhooks and sweep. */
  async observe(id: PaymentId, asked: Context): Promise<void> {
    const payment = await this.#load(id);
    if (!payment?.capture) return;
    const { store, order } = payment.asked;
    const context: Context = { ...asked, store, order };
    const { intent } = payment.capture;
    const [refunds, disputes] = await Promise.all([
      this.gateway.refundsOf(store, intent),
      this.gateway.disputesOf(store, intent),
    ]);
    for (const fact of refunds) {
      const refund = this.#idOf(id, payment, fact);
      await this.#record(id, { type: 'RecordRefund', refund, fact: withoutId(fact) }, context);
    }
    for (const fact of disputes) {
      const dispute: DisputeId = `dispute_${this.ids.derive(`${id}:${fact.stripeDispute}`)}`;
      await this.#record(id, { type: 'RecordDispute', dispute, fact }, context);
    }
    await this.settlement.settle(id, context);
  }

  async #make(id: PaymentId, refundId: RefundId, context: Context): Promise<void> {
    const payment = await this.#load(id);
    const refund = payment?.refunds.get(refundId);
    if (payment && refund?.status === 'requested') await this.#create(id, payment, refundId, refund, context);
    await this.settlement.settle(id, context);
  }

  async #create(
    id: PaymentId,
    { asked, capture }: ExistingPayment,
    refund: RefundId,
    { amount, reason }: Refund,
    context: Context,
  ): Promise<void> {
    if (!capture) throw new Error(`${refund} is of a payment that is not at Stripe`);
    const { store, order, order_number: orderNumber } = asked;
    const { intent } = capture;
    const request = { store, order, orderNumber, payment: id, refund, intent, amount, reason };
    try {
      const fact = await this.gateway.createRefund(request);
      await this.#record(id, { type: 'RecordRefund', refund, fact }, context);
    } catch (error) {
      if (!(error instanceof GatewayRefused)) throw error;
      await this.#record(id, { type: 'RecordRefundRefused', refund, why: error.code }, context);
    }
  }

  /** Metadata can be copied by anybody on the account: a refund is ours only where our own history knows it. */
  #idOf(id: PaymentId, { refunds }: ExistingPayment, { refund, stripeRefund }: FoundRefund): RefundId {
    const known = refund && refunds.get(refund);
    if (known && (known.stripeRefund === null || known.stripeRefund === stripeRefund)) return refund;
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
