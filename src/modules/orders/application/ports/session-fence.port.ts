import type { Context } from '../../../../shared/application/context.js';
import type { OrderId } from '../../../../shared/domain/ids.js';

/**
 * Stands between what an open hosted page could still take and whatever wants to move the balance:
 * a charge, a new total, a cancellation, a revoked link.
 */
export abstract class SessionFence {
  /**
   * Closes every hosted page that is open for the order, at Stripe and confirmed by it, and frees what it held.
   * Where the customer was faster, their payment is recorded first; the caller then decides on the new balance.
   * @throws Refusal `session_fence_pending` when Stripe gives no answer: money never starts on a guess.
   */
  abstract close(order: OrderId, context: Context): Promise<void>;
}
