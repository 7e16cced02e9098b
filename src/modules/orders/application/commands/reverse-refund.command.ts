import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, RefundId } from '../../../../shared/domain/ids.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/** The refund did not come about: exactly what it did is taken back, once. Nothing where it did nothing. */
export class ReverseRefund extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      refund: RefundId;
      why: string;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ReverseRefund)
export class ReverseRefundHandler implements ICommandHandler<ReverseRefund> {
  constructor(private readonly book: OrderBook) {}

  async execute({ ask, context }: ReverseRefund): Promise<OrderChange> {
    const { order, ...command } = ask;
    return this.book.handle(order, { type: 'ReverseRefund', ...command }, context);
  }
}
