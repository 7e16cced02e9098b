import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId } from '../../../../shared/domain/ids.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/** Cancels an order that is being cancelled, once all that was paid has gone back. Nothing before that. */
export class CompleteCancellation extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(CompleteCancellation)
export class CompleteCancellationHandler implements ICommandHandler<CompleteCancellation> {
  constructor(private readonly book: OrderBook) {}

  async execute({ ask, context }: CompleteCancellation): Promise<OrderChange> {
    return this.book.handle(ask.order, { type: 'CompleteCancellation' }, context);
  }
}
