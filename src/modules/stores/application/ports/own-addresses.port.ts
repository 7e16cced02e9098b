import type { StoreId } from '../../../../shared/domain/ids.js';

/** Where we are reached from outside. It may change between one start and the next. */
export abstract class OwnAddresses {
  /** Where Stripe posts what happens in this store's account. */
  abstract webhookUrl(store: StoreId): string;
  /** Where Stripe sends the merchant's browser back to. */
  abstract connectionReturnUrl(): string;
}
