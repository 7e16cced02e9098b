import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { isConnected, StoreDirectory } from '../../../stores/index.js';
import { ENDED, type ExistingPayment, paymentAggregate } from '../../domain/payment.js';
import { isShut, orRefuse } from '../gateway-answers.js';
import { CardCharge } from '../processes/card-charge.process.js';
import { Checkout } from '../processes/checkout.process.js';
import { Settlement } from '../processes/settlement.process.js';

/** Gives up a payment that has not captured: cancelled or expired at Stripe first, then freed here. */
export class VoidPayment extends Command<void> {
  constructor(
    readonly payment: PaymentId,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(VoidPayment)
export class VoidPaymentHandler implements ICommandHandler<VoidPayment> {
  constructor(
    private readonly streams: Streams,
    private readonly charges: CardCharge,
    private readonly checkout: Checkout,
    private readonly settlement: Settlement,
    private readonly stores: StoreDirectory,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `order_settled` where the money has come already, `store_disconnected` while Stripe could still tell whether it has. */
  async execute({ payment: id, context }: VoidPayment): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'none') throw new Refusal('not_found', 'There is no such payment.');
    try {
      await orRefuse(this.#end(id, payment, context));
    } catch (error) {
      if (!isShut(error) || !(await this.#isBeyondHope(payment))) throw error;
      await this.#giveUp(id, payment, context);
    }
    const { state: after } = await this.streams.load(paymentAggregate, id);
    if (after.status === 'captured') {
      throw new Refusal('order_settled', 'The payment has captured; it can be refunded, not voided.', {
        payment: id,
      });
    }
    if (after.status !== 'none' && !ENDED.has(after.status)) {
      throw new Refusal('payment_in_flight', 'Stripe is still working on it.', {
        payment: id,
        retryable: true,
      });
    }
  }

  /** Money that came past Stripe has come: there is nothing to end. */
  async #end(id: PaymentId, { asked: { method } }: ExistingPayment, context: Context): Promise<void> {
    if (method.channel === 'card') await this.charges.cancel(id, context);
    if (method.channel === 'link') await this.checkout.end(id, method.link, context);
  }

  /** A person's decision, where nobody is left to ask. Should Stripe have taken the money, that is recorded still. */
  async #giveUp(id: PaymentId, { intent }: ExistingPayment, context: Context): Promise<void> {
    await this.streams.handle(
      paymentAggregate,
      id,
      { type: 'VoidPayment', why: 'given_up', intent },
      context,
    );
    await this.settlement.settle(id, context);
  }

  /**
   * Its time is over and its store was disconnected. Of a store that is still connected the key can be replaced, and
   * then Stripe tells: it may have taken the money long ago.
   */
  async #isBeyondHope({ asked: { method, store }, action }: ExistingPayment): Promise<boolean> {
    if (method.channel === 'offline' || isConnected((await this.stores.get(store)).status)) return false;
    const last = method.channel === 'link' ? method.expires_at : (action?.deadline ?? method.confirm_by);
    return Date.parse(last) < this.clock.now().getTime();
  }
}
