import type { TestCard } from '../payments/test-cards.js';
import type { BillingDetails, Metadata } from './shared.js';

const cardUnvarying = {
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  generated_from: null,
  regulated_status: 'unregulated' as const,
  three_d_secure_usage: { supported: true },
  wallet: null,
};

export type Card = Readonly<
  typeof cardUnvarying & {
    brand: string;
    country: string;
    display_brand: string;
    exp_month: number;
    exp_year: number;
    fingerprint: string;
    funding: string;
    last4: string;
    networks: Readonly<{ available: readonly string[]; preferred: null }>;
  }
>;

export type PaymentMethod = Readonly<{
  id: string;
  object: 'payment_method';
  allow_redisplay: 'unspecified' | 'limited' | 'always';
  billing_details: BillingDetails;
  card: Card;
  created: number;
  customer: string | null;
  customer_account: null;
  livemode: false;
  metadata: Metadata;
  type: 'card';
}>;

/** `setUp`: the customer has authenticated for later use. `spent`: used without a customer, never to be used again. */
export type PaymentMethodNote = Readonly<{ testCard: string; setUp: boolean; spent: boolean }>;

export type Expiry = Readonly<{ month: number; year: number }>;

export function newCard(card: TestCard, expiry: Expiry): Card {
  return {
    ...cardUnvarying,
    brand: card.brand,
    country: card.country,
    display_brand: card.brand,
    exp_month: expiry.month,
    exp_year: expiry.year,
    fingerprint: card.fingerprint,
    funding: card.funding,
    last4: card.number.slice(-4),
    networks: { available: [card.brand], preferred: null },
  };
}

export function newPaymentMethod(
  id: string,
  created: number,
  card: Card,
  billing_details: BillingDetails,
  metadata: Metadata = {},
): PaymentMethod {
  return {
    id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details,
    card,
    created,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata,
    type: 'card',
  };
}
