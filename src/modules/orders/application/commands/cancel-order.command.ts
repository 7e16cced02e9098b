import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import type { RefundPolicy } from '../../domain/order.events.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderChanges, type Seen } from '../order-changes.js';

/**
 * Nothing more is asked for, and what was still due is written off; `context.reason` says why. Money that the order has
 * is kept, becomes credit, or goes back first: then the order is `cancelling`, until CompleteCancellation.
 */
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

  /**
   * @throws Refusal `payment_in_flight`, `revision_mismatch`, `order_cancelled` with another policy before,
   * `payment_disputed` where money is to go back that a dispute may take, `validation_failed` where it is kept for no reason
   */
  async execute({ ask, context }: CancelOrder): Promise<OrderChange> {
    const { order, store, policy, seen } = ask;
    const command = { type: 'CancelOrder', policy, reason: context.reason ?? null } as const;
    return this.changes.handle(order, command, { ...context, store }, seen);
  }
}
