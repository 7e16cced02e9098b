import type { PaymentId, RefundId, StoreId } from '../../../../shared/domain/ids.js';
import type { DisputeFact } from '../../domain/dispute.js';
import type { RefundReason } from '../../domain/payment.events.js';
import type { RefundFact } from '../../domain/refund.js';
import type { Reference } from './payment-gateway.port.js';

/** `amount` in minor units of the currency that was captured. */
export type RefundRequest = Reference &
  Readonly<{ refund: RefundId; intent: string; amount: number; reason: RefundReason | null }>;

/** A refund that Stripe has; `refund` is our id of it, where it says that it is one of ours. */
export type FoundRefund = RefundFact & Readonly<{ refund: RefundId | null }>;

/**
 * Money on its way back, at Stripe: refunds, and what customers' banks dispute.
 * All methods @throws GatewayRefused, GatewayForbidden, GatewayUnreachable, and Refusal `store_disconnected`.
 */
export abstract class RefundGateway {
  /**
   * Gives money back. Its key is the refund's own id, so repeating it within 24 hours gives back nothing twice; after
   * that Stripe may have forgotten the key, and `refundsOf` is to be asked first.
   */
  abstract createRefund(request: RefundRequest): Promise<RefundFact>;
  /** Every refund of an intent, whoever made it. Never behind. */
  abstract refundsOf(store: StoreId, intent: string): Promise<readonly FoundRefund[]>;
  /** Every dispute of an intent, questions of banks included. */
  abstract disputesOf(store: StoreId, intent: string): Promise<readonly DisputeFact[]>;
  /** The payment that an intent says it belongs to, in this store; null for one that is not ours. */
  abstract paymentOf(store: StoreId, intent: string): Promise<PaymentId | null>;
}
