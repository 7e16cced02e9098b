import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, PaymentId, RefundId } from '../../../../shared/domain/ids.js';
import type { Money } from '../../../../shared/domain/money.js';
import type { RefundEffect } from '../../domain/order.events.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/**
 * Counts money that goes back to the customer, once per refund and from the moment it is under way. What it did is
 * in the order's `refunds`: with effect `credit` it lowers what is owed by all of it that is more than an overpayment.
 */
export class ApplyRefund extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      refund: RefundId;
      payment: PaymentId;
      amount: Money;
      effect: RefundEffect;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ApplyRefund)
export class ApplyRefundHandler implements ICommandHandler<ApplyRefund> {
  constructor(private readonly book: OrderBook) {}

  /** @throws Refusal `currency_mismatch` */
  async execute({ ask, context }: ApplyRefund): Promise<OrderChange> {
    const { order, ...command } = ask;
    return this.book.handle(order, { type: 'ApplyRefund', ...command }, context);
  }
}
