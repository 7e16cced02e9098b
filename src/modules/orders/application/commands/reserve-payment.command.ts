import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import type { Money } from '../../../../shared/domain/money.js';
import type { Channel } from '../../domain/order.events.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/**
 * Holds part of the balance for one payment, before any money call. Asking again for a payment that is held or
 * counted changes nothing; what is held stands in `order.reservations`.
 */
export class ReservePayment extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      payment: PaymentId;
      /** null: all that is available. */
      amount: Money | null;
      channel: Channel;
      /** What the payment is to do, kept with the hold so that a crash loses nothing. */
      instruction: Readonly<Record<string, string>>;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ReservePayment)
export class ReservePaymentHandler implements ICommandHandler<ReservePayment> {
  constructor(private readonly book: OrderBook) {}

  async execute({ ask, context }: ReservePayment): Promise<OrderChange> {
    const { order, payment, amount, channel, instruction } = ask;
    return this.book.handle(
      order,
      { type: 'ReservePayment', payment, amount, channel, instruction },
      context,
    );
  }
}
