const unvarying = {
  object: 'payout' as const,
  application_fee: null,
  application_fee_amount: null,
  automatic: true,
  description: 'STRIPE PAYOUT',
  livemode: false as const,
  metadata: {},
  method: 'standard',
  original_payout: null,
  payout_method: null,
  reversed_by: null,
  source_type: 'card',
  statement_descriptor: null,
  type: 'bank_account' as const,
};

export type Payout = Readonly<
  typeof unvarying & {
    id: string;
    amount: number;
    arrival_date: number;
    balance_transaction: string;
    created: number;
    currency: string;
    destination: string;
    failure_balance_transaction: string | null;
    failure_code: string | null;
    failure_message: string | null;
    reconciliation_status: 'completed' | 'in_progress';
    status: 'in_transit' | 'paid' | 'failed';
    trace_id: Readonly<{ status: string; value: string | null }>;
  }
>;

export function newPayout(
  given: Pick<
    Payout,
    'id' | 'amount' | 'arrival_date' | 'balance_transaction' | 'created' | 'currency' | 'destination'
  >,
): Payout {
  return {
    ...unvarying,
    ...given,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    reconciliation_status: 'in_progress',
    status: 'in_transit',
    trace_id: { status: 'pending', value: null },
  };
}
