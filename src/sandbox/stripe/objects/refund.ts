import type { Metadata } from './shared.js';

const unvarying = {
  object: 'refund' as const,
  customer: null,
  customer_account: null,
  payment_method: null,
  receipt_number: null,
  source_transfer_reversal: null,
  transfer_reversal: null,
};

/** The number by which the cardholder's bank finds the refund; it comes later. */
type CardReference = Readonly<{
  type: 'refund';
  reference?: string;
  reference_status: 'pending' | 'available';
  reference_type: 'acquirer_reference_number';
}>;

/** Why a refund did not reach the cardholder. */
export const refundFailures = [
  'charge_for_pending_refund_disputed',
  'declined',
  'expired_or_canceled_card',
  'insufficient_funds',
  'lost_or_stolen_card',
  'merchant_request',
  'unknown',
] as const;

export type RefundFailure = (typeof refundFailures)[number];

export type Refund = Readonly<
  typeof unvarying & {
    id: string;
    amount: number;
    balance_transaction: string | null;
    charge: string;
    created: number;
    currency: string;
    destination_details: Readonly<{ card: CardReference; type: 'card' }>;
    failure_balance_transaction?: string;
    failure_reason?: RefundFailure;
    metadata: Metadata;
    payment_intent: string;
    pending_reason?: 'processing';
    reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
    status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  }
>;

export type RefundNote = null;

export function newRefund(
  given: Pick<
    Refund,
    'id' | 'amount' | 'charge' | 'created' | 'currency' | 'metadata' | 'payment_intent' | 'reason' | 'status'
  >,
): Refund {
  return {
    ...unvarying,
    ...given,
    ...(given.status === 'pending' && { pending_reason: 'processing' as const }),
    balance_transaction: null,
    destination_details: referredBy({ reference_status: 'pending' }),
  };
}

export function referredBy(
  reference: Pick<CardReference, 'reference' | 'reference_status'>,
): Refund['destination_details'] {
  return {
    card: { type: 'refund', ...reference, reference_type: 'acquirer_reference_number' },
    type: 'card',
  };
}
