/** A bank has heard from its cardholder that a payment was fraud; a dispute may follow, or not. */
export type EarlyFraudWarning = Readonly<{
  id: string;
  object: 'radar.early_fraud_warning';
  /** Nothing has come of it yet that a refund could forestall. */
  actionable: boolean;
  charge: string;
  created: number;
  fraud_type: string;
  livemode: false;
  payment_intent: string;
}>;
