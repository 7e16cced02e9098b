import type { Card } from './payment-method.js';
import type { BillingDetails, Shipping } from './shared.js';

export type ConfirmationToken = Readonly<{
  id: string;
  object: 'confirmation_token';
  created: number;
  expires_at: number | null;
  livemode: false;
  mandate_data: null;
  metadata: null;
  payment_intent: string | null;
  payment_method_options: null;
  payment_method_preview: Readonly<{
    allow_redisplay: 'unspecified';
    billing_details: BillingDetails;
    card: Card;
    customer: null;
    customer_account: null;
    type: 'card';
  }>;
  return_url: string | null;
  setup_future_usage: 'off_session' | 'on_session' | null;
  setup_intent: string | null;
  shipping: Shipping | null;
  use_stripe_sdk: false;
}>;

/** A token is good for one confirmation within this time. */
export const tokenLifeSeconds = 12 * 3600;

export function newConfirmationToken(
  id: string,
  created: number,
  card: Card,
  billing_details: BillingDetails,
  given: Partial<Pick<ConfirmationToken, 'return_url' | 'setup_future_usage' | 'shipping'>>,
): ConfirmationToken {
  return {
    id,
    object: 'confirmation_token',
    created,
    expires_at: created + tokenLifeSeconds,
    livemode: false,
    mandate_data: null,
    metadata: null,
    payment_intent: null,
    payment_method_options: null,
    payment_method_preview: {
      allow_redisplay: 'unspecified',
      billing_details,
      card,
      customer: null,
      customer_account: null,
      type: 'card',
    },
    return_url: null,
    setup_future_usage: null,
    setup_intent: null,
    shipping: null,
    ...given,
    use_stripe_sdk: false,
  };
}
