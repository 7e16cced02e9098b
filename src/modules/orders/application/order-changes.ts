import { Injectable } from '@nestjs/common';
import type { Context } from '../../../shared/application/context.js';
import type { OrderId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { OrderCommand } from '../domain/order.commands.js';
import type { ExistingOrder } from '../domain/order.state.js';
import type { OrderChange } from './order-aggregate.js';
import { OrderBook } from './order-book.js';
import { SessionFence } from './ports/session-fence.port.js';

/** What the caller believes the order to be: an If-Match, or anything. Revisions as on the wire. */
export type Seen = Readonly<{
  /** Whether the caller said anything. */
  asks: boolean;
  /** @throws Refusal `revision_mismatch` */
  check(revision: number): void;
}>;

export const seenAnything: Seen = { asks: false, check: () => undefined };

/** Changes that move the balance, while a customer may have the payment page open. */
@Injectable()
export class OrderChanges {
  constructor(
    private readonly book: OrderBook,
    private readonly fence: SessionFence,
  ) {}

  /**
   * Decides; where only open payment pages stand in the way, closes them at Stripe and decides again on what is then so.
   * @throws Refusal `payment_in_flight` while a charge is under way, `revision_mismatch`, `session_fence_pending`
   */
  async handle(id: OrderId, command: OrderCommand, context: Context, seen: Seen): Promise<OrderChange> {
    const before = await this.book.find(id);
    seen.check(before.revision + 1);
    try {
      return await this.book.handle(id, command, context, seen.asks ? before.revision : undefined);
    } catch (failure) {
      const { order } = await this.book.find(id);
      if (!isInFlight(failure) || !onlyPagesHold(order)) throw failure;
    }
    await this.fence.close(id, context);
    const after = await this.book.find(id);
    // Closing a page moves the revision without changing what the caller decided on. A payment that came changes it.
    if (after.order.applied.size > before.order.applied.size) seen.check(after.revision + 1);
    return this.book.handle(id, command, context, seen.asks ? after.revision : undefined);
  }
}

function isInFlight(failure: unknown): boolean {
  return failure instanceof Refusal && failure.code === 'payment_in_flight';
}

function onlyPagesHold({ reservations }: ExistingOrder): boolean {
  return [...reservations.values()].every(({ channel }) => channel === 'link');
}
