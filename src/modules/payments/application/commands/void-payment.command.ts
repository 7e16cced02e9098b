import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { paymentAggregate } from '../../domain/payment.js';
import { orRefuse } from '../gateway-answers.js';
import { CardCharge } from '../processes/card-charge.process.js';
import { Checkout } from '../processes/checkout.process.js';

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
  ) {}

  /** @throws Refusal `order_settled` where the money has come already. */
  async execute({ payment: id, context }: VoidPayment): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'none') throw new Refusal('not_found', 'There is no such payment.');
    const { method } = payment.asked;
    if (method.channel === 'card') await orRefuse(this.charges.cancel(id, context));
    else await orRefuse(this.checkout.close(method.link, context));
    const { state: after } = await this.streams.load(paymentAggregate, id);
    if (after.status === 'captured') {
      throw new Refusal('order_settled', 'The payment has captured; it can be refunded, not voided.', {
        payment: id,
      });
    }
  }
}
