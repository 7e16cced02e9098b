import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/** A payment past Stripe was no money after all: a cheque that bounced. Nothing of it counts any more. */
export class ReversePayment extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      payment: PaymentId;
      why: string;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ReversePayment)
export class ReversePaymentHandler implements ICommandHandler<ReversePayment> {
  constructor(private readonly book: OrderBook) {}

  async execute({ ask, context }: ReversePayment): Promise<OrderChange> {
    const { order, ...command } = ask;
    return this.book.handle(order, { type: 'ReversePayment', ...command }, context);
  }
}
