import { Command } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import type { OrderChange } from '../order-aggregate.js';

/** Frees what was held for a payment that surely took no money. Nothing held: nothing changes. */
export class ReleaseReservation extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{ order: OrderId; payment: PaymentId; why: string }>,
    readonly context: Context,
  ) {
    super();
  }
}
