import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';

/** Frees what was held for a payment that surely took no money. Nothing held: nothing changes. */
export class ReleaseReservation extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{ order: OrderId; payment: PaymentId; why: string }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ReleaseReservation)
export class ReleaseReservationHandler implements ICommandHandler<ReleaseReservation> {
  constructor(private readonly book: OrderBook) {}

  async execute({ ask, context }: ReleaseReservation): Promise<OrderChange> {
    const { order, payment, why } = ask;
    return this.book.handle(order, { type: 'ReleaseReservation', payment, why }, context);
  }
}
