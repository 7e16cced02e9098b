import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import { orRefuse } from '../gateway-answers.js';
import { Observer } from '../processes/observer.process.js';
import { Refunds } from '../processes/refunds.process.js';

/** Looks at Stripe now and records what it says: of the money, its fee, and its way back. */
export class SyncPayment extends Command<void> {
  constructor(
    readonly payment: PaymentId,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(SyncPayment)
export class SyncPaymentHandler implements ICommandHandler<SyncPayment> {
  constructor(
    private readonly observer: Observer,
    private readonly refunds: Refunds,
  ) {}

  /** @throws Refusal `stripe_unreachable`, `stripe_error`, `store_disconnected` */
  async execute({ payment, context }: SyncPayment): Promise<void> {
    await orRefuse(this.observer.observe(payment, context));
    await orRefuse(this.observer.observeFee(payment, context));
    await orRefuse(this.refunds.observe(payment, context));
  }
}
