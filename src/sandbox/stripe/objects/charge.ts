import type { PaymentIntent } from './payment-intent.js';
import type { Card, PaymentMethod } from './payment-method.js';
import type { BillingDetails, Metadata, Shipping } from './shared.js';

const unvarying = {
  object: 'charge' as const,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  fraud_details: {},
  livemode: false as const,
  on_behalf_of: null,
  receipt_number: null,
  receipt_url: null,
  review: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  transfer_data: null,
  transfer_group: null,
};

export type Outcome = Readonly<{
  advice_code: string | null;
  network_advice_code: string | null;
  network_decline_code: string | null;
  network_status: 'approved_by_network' | 'declined_by_network' | 'not_sent_to_network';
  reason: string | null;
  risk_level: 'normal' | 'elevated' | 'highest';
  risk_score: number;
  seller_message: string;
  type: 'authorized' | 'issuer_declined' | 'blocked';
}>;

export type Charge = Readonly<
  typeof unvarying & {
    id: string;
    amount: number;
    amount_captured: number;
    amount_refunded: number;
    balance_transaction: string | null;
    billing_details: BillingDetails;
    calculated_statement_descriptor: string;
    captured: boolean;
    created: number;
    currency: string;
    customer: string | null;
    description: string | null;
    disputed: boolean;
    failure_balance_transaction: string | null;
    failure_code: string | null;
    failure_message: string | null;
    metadata: Metadata;
    outcome: Outcome;
    paid: boolean;
    payment_intent: string;
    payment_method: string;
    payment_method_details: Readonly<{ type: 'card'; card: object }>;
    receipt_email: string | null;
    refunded: boolean;
    shipping: Shipping | null;
    statement_descriptor_suffix: string | null;
    status: 'succeeded' | 'failed';
  }
>;

/** The test card that paid decides what becomes of refunds. */
export type ChargeNote = Readonly<{ testCard: string }>;

export type ChargeFacts = Readonly<{
  id: string;
  created: number;
  intent: PaymentIntent;
  method: PaymentMethod;
  descriptor: string;
  outcome: Outcome;
  failure: Readonly<{ code: string; message: string }> | null;
  moto: boolean;
  authenticated: boolean;
  ids: Readonly<{ transaction: string; authorization: string }>;
}>;

export function newCharge(facts: ChargeFacts): Charge {
  const { id, created, intent, method, failure, outcome } = facts;
  return {
    ...unvarying,
    id,
    amount: intent.amount,
    amount_captured: failure ? 0 : intent.amount,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: facts.descriptor,
    captured: !failure,
    created,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    metadata: intent.metadata,
    outcome,
    paid: !failure,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { type: 'card', card: cardDetails(method.card, facts) },
    receipt_email: intent.receipt_email,
    refunded: false,
    shipping: intent.shipping,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: failure ? 'failed' : 'succeeded',
  };
}

function cardDetails(card: Card, { intent, failure, moto, authenticated, ids }: ChargeFacts): object {
  return {
    amount_authorized: failure ? null : intent.amount,
    authorization_code: failure ? null : ids.authorization,
    brand: card.brand,
    checks: card.checks,
    country: card.country,
    electronic_commerce_indicator: authenticated ? '05' : null,
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    extended_authorization: { status: 'disabled' },
    fingerprint: card.fingerprint,
    funding: card.funding,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card.last4,
    mandate: null,
    ...(moto && { moto: true }),
    multicapture: { status: 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: ids.transaction,
    overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
    regulated_status: card.regulated_status,
    three_d_secure: authenticated ? challengePassed : null,
    transaction_link_id: null,
    wallet: null,
  };
}

const challengePassed = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: 'f9f2ac4c-5b1f-4f39-b4b5-8b6a3d0f0d11',
  version: '2.2.0',
};
