import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import { paymentAggregate } from '../../domain/payment.js';

/** Stripe has sent the money of this payment on to the merchant's bank; a payout that failed is followed by another. */
export class RecordPayout extends Command<void> {
  constructor(
    readonly payment: PaymentId,
    readonly payout: string,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(RecordPayout)
export class RecordPayoutHandler implements ICommandHandler<RecordPayout> {
  constructor(private readonly streams: Streams) {}

  /** @throws Refusal `not_found` */
  async execute({ payment, payout, context }: RecordPayout): Promise<void> {
    const { state } = await this.streams.load(paymentAggregate, payment);
    const about = state.status === 'none' ? {} : { store: state.asked.store, order: state.asked.order };
    const command = { type: 'RecordPayout', payout } as const;
    await this.streams.handle(paymentAggregate, payment, command, { ...context, ...about });
  }
}
