import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import { paymentAggregate } from '../../domain/payment.js';
import { Settlement } from '../processes/settlement.process.js';

/** Unsays money that was recorded by hand and was none after all. `why` is for people. */
export class ReverseOfflinePayment extends Command<void> {
  constructor(
    readonly payment: PaymentId,
    readonly why: string,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ReverseOfflinePayment)
export class ReverseOfflinePaymentHandler implements ICommandHandler<ReverseOfflinePayment> {
  constructor(
    private readonly streams: Streams,
    private readonly settlement: Settlement,
  ) {}

  /** @throws Refusal `validation_failed` for money at Stripe, `refund_exceeds_captured` where some was given back. */
  async execute({ payment, why, context }: ReverseOfflinePayment): Promise<void> {
    await this.streams.handle(paymentAggregate, payment, { type: 'ReverseOfflinePayment', why }, context);
    await this.settlement.settle(payment, context);
  }
}
