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
  reporting_category: 'charge' | 'refund' | 'refund_failure' | 'payout';
  source: string;
  status: 'pending' | 'available';
  type: 'charge' | 'refund' | 'refund_failure' | 'payout';
}>;

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
    | 'source'
    | 'status'
    | 'type'
  >,
): BalanceTransaction {
  const { amount, currency, fee, type } = given;
  const fee_details = [
    { amount: fee, application: null, currency, description: 'Stripe processing fees', type: 'stripe_fee' },
  ];
  return {
    object: 'balance_transaction',
    ...given,
    balance_type: 'payments',
    exchange_rate: null,
    fee_details: fee === 0 ? [] : fee_details,
    net: amount - fee,
    reporting_category: type,
  };
}
