import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import type { Money } from '../../../../shared/domain/money.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderChanges, type Seen } from '../order-changes.js';

/** Part or all of what may be collected is no longer asked for. `context.reason` says why. */
export class WriteOffBalance extends Command<OrderChange> {
  constructor(
    readonly ask: Readonly<{
      order: OrderId;
      store: StoreId;
      /** null: all that may be collected. */
      amount: Money | null;
      seen: Seen;
      /** The asker's own name for it: the same name again changes nothing. */
      reference?: string;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(WriteOffBalance)
export class WriteOffBalanceHandler implements ICommandHandler<WriteOffBalance> {
  constructor(private readonly changes: OrderChanges) {}

  /**
   * @throws Refusal `payment_in_flight`, `revision_mismatch`, `order_settled`, `order_cancelled`, `payment_disputed`,
   * `amount_exceeds_balance`, `amount_leaves_unpayable_rest`
   */
  async execute({ ask, context }: WriteOffBalance): Promise<OrderChange> {
    const { order, store, amount, seen, reference = null } = ask;
    const command = { type: 'WriteOffBalance', amount, reference } as const;
    return this.changes.handle(order, command, { ...context, store }, seen);
  }
}
