export type BalanceTransaction = Readonly<{
  id: string;
  object: 'balance_transaction';
  amount: number;
  available_on: number;
  balance_type: 'payments';
  created: number;
  currency: string;
  description: string | null;
  exchange_rate: null;
  fee: number;
  fee_details: readonly object[];
  net: number;
  reporting_category: ReportingCategory;
  source: string;
  status: 'pending' | 'available';
  type: 'charge' | 'refund' | 'refund_failure' | 'payout' | 'payout_failure' | 'adjustment';
}>;

type ReportingCategory =
  | 'charge'
  | 'dispute'
  | 'dispute_reversal'
  | 'payout'
  | 'payout_reversal'
  | 'refund'
  | 'refund_failure';

/** The payout that took it to the bank. */
export type BalanceTransactionNote = Readonly<{ payout: string | null }>;

export function newBalanceTransaction(
  given: Pick<
    BalanceTransaction,
    | 'id'
    | 'amount'
    | 'available_on'
    | 'created'
    | 'currency'
    | 'description'
    | 'fee'
    | 'reporting_category'
    | 'source'
    | 'status'
    | 'type'
  >,
): BalanceTransaction {
  const { amount, currency, fee, reporting_category } = given;
  const description = reporting_category === 'dispute' ? 'Dispute fee' : 'Stripe processing fees';
  const fee_details = [{ amount: fee, application: null, currency, description, type: 'stripe_fee' }];
  return {
    object: 'balance_transaction',
    ...given,
    balance_type: 'payments',
    exchange_rate: null,
    fee_details: fee === 0 ? [] : fee_details,
    net: amount - fee,
  };
}
