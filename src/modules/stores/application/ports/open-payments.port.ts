import type { Context } from '../../../../shared/application/context.js';
import type { StoreId } from '../../../../shared/domain/ids.js';

/** What is under way at a store's account, while we can still reach it. */
export abstract class OpenPayments {
  /**
   * Ends every open hosted page and unfinished charge of the store, confirmed by Stripe; a customer who was
   * faster has paid. Where Stripe no longer lets us in, there is nothing that we could end.
   * @throws Refusal `session_fence_pending` when Stripe gives no answer, `stripe_error` where the key has no right to end it
   */
  abstract endAll(store: StoreId, context: Context): Promise<void>;
}
