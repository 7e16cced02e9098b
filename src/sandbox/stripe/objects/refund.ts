import type { Metadata } from './shared.js';

const unvarying = {
  object: 'refund' as const,
  customer: null,
  customer_account: null,
  destination_details: {
    card: { type: 'refund', reference_status: 'pending', reference_type: 'acquirer_reference_number' },
    type: 'card',
  },
  payment_method: null,
  receipt_number: null,
  source_transfer_reversal: null,
  transfer_reversal: null,
};

export type Refund = Readonly<
  typeof unvarying & {
    id: string;
    amount: number;
    balance_transaction: string | null;
    charge: string;
    created: number;
    currency: string;
    failure_balance_transaction?: string;
    failure_reason?: string;
    metadata: Metadata;
    payment_intent: string;
    pending_reason?: 'processing';
    reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
    status: 'pending' | 'succeeded' | 'failed';
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
  };
}
