import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { DisputeId, OrderId } from '../../../../shared/domain/ids.js';
import type { DisputeDecision } from '../../domain/order.events.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/** What a lost dispute took is collected again, or written off. `context.reason` says why. */
export class DecideLostDispute extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      dispute: DisputeId;
      decision: DisputeDecision;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(DecideLostDispute)
export class DecideLostDisputeHandler implements ICommandHandler<DecideLostDispute> {
  constructor(private readonly book: OrderBook) {}

  /**
   * @throws Refusal `not_found`, `payment_disputed` while it is not lost, `exception_resolved` where it was decided
   * otherwise, `order_cancelled` where nothing can be collected any more
   */
  async execute({ ask, context }: DecideLostDispute): Promise<OrderChange> {
    const { order, ...command } = ask;
    return this.book.handle(order, { type: 'DecideLostDispute', ...command }, context);
  }
}
