import type { PaymentMethod } from './payment-method.js';
import type { Metadata, Shipping } from './shared.js';

const unvarying = {
  object: 'payment_intent' as const,
  amount_capturable: 0,
  amount_details: { tip: {} },
  application: null,
  application_fee_amount: null,
  confirmation_method: 'automatic' as const,
  customer_account: null,
  excluded_payment_method_types: null,
  livemode: false as const,
  managed_payments: { enabled: false },
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_types: ['card'] as readonly string[],
  payment_record: null,
  processing: null,
  review: null,
  source: null,
  statement_descriptor: null,
  transfer_data: null,
  transfer_group: null,
};

export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'succeeded'
  | 'canceled';

export type CancellationReason =
  | 'abandoned'
  | 'automatic'
  | 'duplicate'
  | 'expired'
  | 'fraudulent'
  | 'requested_by_customer';

export type NextAction =
  | Readonly<{ type: 'redirect_to_url'; redirect_to_url: Readonly<{ url: string; return_url: string }> }>
  | Readonly<{ type: 'use_stripe_sdk'; use_stripe_sdk: Readonly<{ type: string; stripe_js: string }> }>;

export type LastPaymentError = Readonly<{
  type: 'card_error';
  code: string;
  message: string;
  advice_code?: string;
  charge?: string;
  decline_code?: string;
  network_decline_code?: string;
  doc_url: string;
  payment_method: PaymentMethod;
}>;

export type CardOptions = Readonly<{
  installments: null;
  mandate_options: null;
  network: null;
  request_three_d_secure: 'automatic' | 'challenge' | 'any';
}>;

/** What callers may say about an intent. */
export type IntentTerms = Readonly<{
  amount: number;
  currency: string;
  allowed_payment_method_types: readonly string[] | null;
  automatic_payment_methods: Readonly<{
    enabled: boolean;
    allow_redirects?: 'always' | 'never' | undefined;
  }> | null;
  capture_method: 'automatic' | 'automatic_async';
  customer: string | null;
  description: string | null;
  metadata: Metadata;
  payment_method: string | null;
  payment_method_options: Readonly<{ card: CardOptions }>;
  receipt_email: string | null;
  setup_future_usage: 'off_session' | 'on_session' | null;
  shipping: Shipping | null;
  statement_descriptor_suffix: string | null;
}>;

export type PaymentIntent = Readonly<
  typeof unvarying &
    IntentTerms & {
      id: string;
      amount_received: number;
      canceled_at: number | null;
      cancellation_reason: CancellationReason | null;
      client_secret: string;
      created: number;
      last_payment_error: LastPaymentError | null;
      latest_charge: string | null;
      next_action: NextAction | null;
      status: IntentStatus;
    }
>;

/** `session`: the checkout session that alone may confirm or cancel it. `moto`: taken by mail or telephone. */
export type IntentNote = Readonly<{ session: string | null; moto: boolean; returnUrl: string | null }>;

export const cardOptionsBlank: CardOptions = {
  installments: null,
  mandate_options: null,
  network: null,
  request_three_d_secure: 'automatic',
};

export const termsBlank = {
  allowed_payment_method_types: null,
  automatic_payment_methods: null,
  capture_method: 'automatic_async',
  customer: null,
  description: null,
  metadata: {},
  payment_method: null,
  payment_method_options: { card: cardOptionsBlank },
  receipt_email: null,
  setup_future_usage: null,
  shipping: null,
  statement_descriptor_suffix: null,
} as const satisfies Partial<IntentTerms>;

export function newPaymentIntent(
  id: string,
  secret: string,
  created: number,
  terms: IntentTerms,
): PaymentIntent {
  return {
    ...unvarying,
    ...terms,
    id,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${secret}`,
    created,
    last_payment_error: null,
    latest_charge: null,
    next_action: null,
    status: terms.payment_method ? 'requires_confirmation' : 'requires_payment_method',
  };
}
