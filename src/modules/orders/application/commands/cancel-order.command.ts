import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import type { RefundPolicy } from '../../domain/order.events.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderChanges, type Seen } from '../order-changes.js';

/** Nothing more is asked for. What was still due is written off; `context.reason` says why. */
export class CancelOrder extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{ order: OrderId; store: StoreId; policy: RefundPolicy; seen: Seen }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(CancelOrder)
export class CancelOrderHandler implements ICommandHandler<CancelOrder> {
  constructor(private readonly changes: OrderChanges) {}

  /** @throws Refusal `payment_in_flight`, `revision_mismatch`, `order_cancelled` with another policy before. */
  async execute({ ask, context }: CancelOrder): Promise<OrderChange> {
    const { order, store, policy, seen } = ask;
    return this.changes.handle(order, { type: 'CancelOrder', policy }, { ...context, store }, seen);
  }
}
