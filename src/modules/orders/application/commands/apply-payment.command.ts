import { Command } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import type { Money } from '../../../../shared/domain/money.js';
import type { OrderChange } from '../order-aggregate.js';

/** Counts money that came, once per payment, and frees its hold. What does not fit the balance becomes excess. */
export class ApplyPayment extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{ order: OrderId; payment: PaymentId; captured: Money }>,
    readonly context: Context,
  ) {
    super();
  }
}
