import type { BalanceTransaction } from './balance-transaction.js';
import type { Metadata } from './shared.js';

export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost'
  | 'prevented';

export const disputeReasons = [
  'credit_not_processed',
  'duplicate',
  'fraudulent',
  'general',
  'product_not_received',
  'product_unacceptable',
  'subscription_canceled',
  'unrecognized',
] as const;
export type DisputeReason = (typeof disputeReasons)[number];

/** `inquiry`: the bank only asks. `resolution`, `block`: it came to no dispute, with the money given back or without. */
export const caseTypes = ['chargeback', 'inquiry', 'resolution', 'block'] as const;
export type CaseType = (typeof caseTypes)[number];

/** What may be said in the merchant's favour. Files are named by their ids; the sandbox keeps none. */
export const evidenceFields = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
] as const;
export type EvidenceField = (typeof evidenceFields)[number];
export type Evidence = Readonly<Record<EvidenceField, string | null> & { enhanced_evidence: object }>;

export const noEvidence: Evidence = {
  ...(Object.fromEntries(evidenceFields.map((field) => [field, null])) as Record<EvidenceField, null>),
  enhanced_evidence: {},
};

export type EvidenceDetails = Readonly<{
  due_by: number | null;
  enhanced_eligibility: object;
  has_evidence: boolean;
  past_due: boolean;
  submission_count: number;
  submission_method: 'manual' | 'not_submitted';
}>;

export type Dispute = Readonly<{
  id: string;
  object: 'dispute';
  amount: number;
  balance_transactions: readonly BalanceTransaction[];
  charge: string;
  created: number;
  currency: string;
  enhanced_eligibility_types: readonly string[];
  evidence: Evidence;
  evidence_details: EvidenceDetails;
  intended_submission_method: null;
  is_charge_refundable: boolean;
  livemode: false;
  metadata: Metadata;
  payment_intent: string;
  payment_method_details: Readonly<{
    card: Readonly<{
      brand: string;
      case_type: CaseType;
      network: string;
      network_reason_code: string | null;
    }>;
    type: 'card';
  }>;
  reason: DisputeReason;
  status: DisputeStatus;
}>;

const visaCodes: Partial<Record<DisputeReason, string>> = {
  credit_not_processed: '13.7',
  duplicate: '12.6.1',
  fraudulent: '10.4',
  product_not_received: '13.1',
  product_unacceptable: '13.3',
  subscription_canceled: '13.2',
};

const startsAs: Readonly<Record<CaseType, DisputeStatus>> = {
  chargeback: 'needs_response',
  inquiry: 'warning_needs_response',
  resolution: 'prevented',
  block: 'prevented',
};

export function newDispute(
  given: Pick<Dispute, 'id' | 'amount' | 'charge' | 'created' | 'currency' | 'payment_intent' | 'reason'> &
    Readonly<{ brand: string; caseType: CaseType; dueBy: number }>,
): Dispute {
  const { brand, caseType, dueBy, reason, ...rest } = given;
  const network_reason_code = visaCodes[reason] ?? null;
  return {
    object: 'dispute',
    ...rest,
    balance_transactions: [],
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: startsAs[caseType] === 'prevented' ? 0 : dueBy,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: refundableIn(startsAs[caseType]) || caseType === 'block',
    livemode: false,
    metadata: {},
    payment_method_details: {
      card: { brand, case_type: caseType, network: brand, network_reason_code },
      type: 'card',
    },
    reason,
    status: startsAs[caseType],
  };
}

/** Whether what was charged can still be refunded with the dispute as it stands: the bank must not hold it already. */
export function refundableIn(status: DisputeStatus): boolean {
  return status.startsWith('warning_') || status === 'won';
}
