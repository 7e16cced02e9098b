import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import type { Money } from '../../../../shared/domain/money.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/** Counts money that came, once per payment, and frees its hold. What does not fit the balance becomes excess. */
export class ApplyPayment extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{ order: OrderId; payment: PaymentId; captured: Money }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ApplyPayment)
export class ApplyPaymentHandler implements ICommandHandler<ApplyPayment> {
  constructor(private readonly book: OrderBook) {}

  async execute({ ask, context }: ApplyPayment): Promise<OrderChange> {
    const { order, payment, captured } = ask;
    return this.book.handle(order, { type: 'ApplyPayment', payment, captured }, context);
  }
}
