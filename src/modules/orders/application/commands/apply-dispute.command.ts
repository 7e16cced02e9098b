import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { DisputeId, OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import type { Money } from '../../../../shared/domain/money.js';
import type { DisputeStatus } from '../../domain/order.events.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/**
 * States where a dispute stands now and what it holds in all; only the difference to what is known is recorded. A
 * dispute never goes back: an older account changes nothing, but one verdict may take the place of another.
 */
export class ApplyDispute extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      dispute: DisputeId;
      payment: PaymentId;
      status: DisputeStatus;
      /** Money out, less reinstated. */
      withdrawn: Money;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ApplyDispute)
export class ApplyDisputeHandler implements ICommandHandler<ApplyDispute> {
  constructor(private readonly book: OrderBook) {}

  /** @throws Refusal `currency_mismatch` */
  async execute({ ask, context }: ApplyDispute): Promise<OrderChange> {
    const { order, ...command } = ask;
    return this.book.handle(order, { type: 'ApplyDispute', ...command }, context);
  }
}
