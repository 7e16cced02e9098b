import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId, OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import { type ExistingOrder, FindOrder } from '../../../orders/index.js';
import { paymentAggregate } from '../../domain/payment.js';
import { unlessSilent } from '../gateway-answers.js';
import { PaymentGateway } from '../ports/payment-gateway.port.js';
import { standing } from '../queries/link-standing.js';
import { CardCharge } from './card-charge.process.js';
import { CardPayments } from './card-payments.js';
import { Checkout } from './checkout.process.js';
import { Settlement } from './settlement.process.js';

/** Looks at a payment at Stripe and records what is true there: the one path behind webhooks, sweep and restart. */
@Injectable()
export class Observer {
  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly gateway: PaymentGateway,
    private readonly charges: CardCharge,
    private readonly cardPayments: CardPayments,
    private readonly checkout: Checkout,
    private readonly settlement: Settlement,
    private readonly clock: Clock,
  ) {}

  /** `intent`: an intent of this payment that Stripe has named, where we may not know of it ourselves. */
  async observe(id: PaymentId, context: Context, intent: string | null = null): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'none') return;
    const about: Context = { ...context, store: payment.asked.store, order: payment.asked.order };
    const { method } = payment.asked;
    if (payment.status === 'captured') return this.settlement.settle(id, about);
    if (method.channel === 'card') return this.charges.hear(id, about);
    if (method.channel !== 'link') return this.settlement.settle(id, about);
    await this.checkout.look(id, method.link, about);
    const { state: after } = await this.streams.load(paymentAggregate, id);
    if (intent && after.status !== 'captured') {
      const state = await this.gateway.findPageIntent(payment.asked.store, id, intent);
      if (state) await this.checkout.recordIntent(id, state, about);
    }
    await this.settlement.settle(id, about);
  }

  /** A hold on an order's balance that has not ended: goes on from wherever its payment stands. */
  async resume(id: PaymentId, orderId: OrderId, context: Context): Promise<void> {
    const { order } = await this.queries.execute(new FindOrder(orderId));
    const held = order.reservations.get(id);
    if (!held) return;
    const about: Context = { ...context, store: order.store, order: orderId };
    const link = held.instruction['link'] as LinkId | undefined;
    if (link) return this.#watch(id, link, order, about);
    await this.cardPayments.initiate(id, orderId, order, held, about);
    await this.observe(id, about);
  }

  /** The page of a hold: looked at once, and closed where its link is over. */
  async #watch(id: PaymentId, linkId: LinkId, order: ExistingOrder, context: Context): Promise<void> {
    const link = await this.checkout.sync(linkId, context);
    if (link.open?.payment !== id) return this.observe(id, context);
    const isOver = standing(link, order, this.clock.now()).kind !== 'payable';
    if (isOver) await this.checkout.close(linkId, context);
  }

  /** Gives up a payment under way, at Stripe first; where the money has come already, that is recorded. */
  async end(id: PaymentId, orderId: OrderId, context: Context): Promise<void> {
    const { order } = await this.queries.execute(new FindOrder(orderId));
    const link = order.reservations.get(id)?.instruction['link'] as LinkId | undefined;
    if (link) await this.checkout.end(id, link, context);
    else {
      // Where it stands need not be known to cancel it.
      await this.resume(id, orderId, context).catch(unlessSilent);
      await this.charges.cancel(id, context);
    }
  }

  /** Stripe names its fee some time after the money. */
  async observeFee(id: PaymentId, context: Context): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status !== 'captured' || payment.fee || !payment.capture) return;
    const { store, order } = payment.asked;
    const fee = await this.gateway.findFee(store, payment.capture.charge);
    if (!fee) return;
    await this.streams.handle(paymentAggregate, id, { type: 'RecordFee', fee }, { ...context, store, order });
  }
}
