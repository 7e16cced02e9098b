import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId } from '../../../../shared/domain/ids.js';
import type { Money } from '../../../../shared/domain/money.js';
import type { ExcessResolution } from '../../domain/order.events.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/**
 * Money above what is owed becomes the customer's credit, or the total is raised to meet it. On an order that is being
 * cancelled, or was cancelled so that it keeps nothing, credit takes all that it holds: that ends a cancellation whose
 * refund failed. Nothing where nothing is too much.
 */
export class ResolveExcess extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      resolution: ExcessResolution;
      /** null: all that is too much. */
      amount: Money | null;
      /** The asker's own name for it: the same name again changes nothing. */
      reference?: string;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ResolveExcess)
export class ResolveExcessHandler implements ICommandHandler<ResolveExcess> {
  constructor(private readonly book: OrderBook) {}

  /** @throws Refusal `validation_failed` above what is too much, `order_cancelled` where no total can be raised */
  async execute({ ask, context }: ResolveExcess): Promise<OrderChange> {
    const { order, reference = null, ...command } = ask;
    return this.book.handle(order, { type: 'ResolveExcess', ...command, reference }, context);
  }
}
