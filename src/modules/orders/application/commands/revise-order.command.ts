import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import type { Terms } from '../../domain/order.events.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderChanges, type Seen } from '../order-changes.js';
import { OrderReferences } from '../order-references.js';
import type { StatedCustomer } from './import-order.command.js';

/** Some of an order's terms anew. `context.reason` says why. */
export class ReviseOrder extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      store: StoreId;
      changes: Readonly<
        Partial<Pick<Terms, 'lines' | 'total' | 'due_date' | 'metadata'> & { customer: StatedCustomer }>
      >;
      seen: Seen;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ReviseOrder)
export class ReviseOrderHandler implements ICommandHandler<ReviseOrder> {
  constructor(
    private readonly changes: OrderChanges,
    private readonly references: OrderReferences,
  ) {}

  /** @throws Refusal `payment_in_flight`, `revision_mismatch`, and where the new terms contradict themselves. */
  async execute({ ask, context }: ReviseOrder): Promise<OrderChange> {
    const { order, store, seen } = ask;
    const { customer: stated, ...changes } = ask.changes;
    const customer = stated && {
      ...stated,
      id: this.references.customer(store, stated.external_id, order),
    };
    const command = { type: 'ReviseOrder', changes: { ...changes, ...(customer && { customer }) } } as const;
    return this.changes.handle(order, command, { ...context, store }, seen);
  }
}
