import type Stripe from 'stripe';
import type { StoreId } from '../../../../shared/domain/ids.js';

/** One store's door to Stripe. Every call on `stripe` goes through `askStripe`. */
export type StripeDoor = Readonly<{
  stripe: Stripe;
  /** `acct_…`: all that comes back must be about this account. */
  account: string;
  livemode: boolean;
}>;

/** How other modules reach a store's Stripe account. Keys stay inside. */
export abstract class StripeAccounts {
  /** @throws Refusal `not_found`, `store_disconnected` */
  abstract client(store: StoreId): Promise<StripeDoor>;
  /** What Stripe may sign this store's events with, newest first; `[]` where the store has no endpoint. */
  abstract webhookSecrets(store: StoreId): Promise<readonly string[]>;
}
