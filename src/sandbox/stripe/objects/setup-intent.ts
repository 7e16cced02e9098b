import type { LastPaymentError, NextAction } from './payment-intent.js';
import type { Metadata } from './shared.js';

const unvarying = {
  object: 'setup_intent' as const,
  application: null,
  customer_account: null,
  excluded_payment_method_types: null,
  flow_directions: null,
  latest_attempt: null,
  livemode: false as const,
  mandate: null,
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_options: {
    card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
  },
  payment_method_types: ['card'] as readonly string[],
  single_use_mandate: null,
};

export type SetupTerms = Readonly<{
  allowed_payment_method_types: readonly string[] | null;
  automatic_payment_methods: Readonly<{
    enabled: boolean;
    allow_redirects?: 'always' | 'never' | undefined;
  }> | null;
  customer: string | null;
  description: string | null;
  metadata: Metadata;
  payment_method: string | null;
  usage: 'off_session' | 'on_session';
}>;

export type SetupIntent = Readonly<
  typeof unvarying &
    SetupTerms & {
      id: string;
      cancellation_reason: 'abandoned' | 'duplicate' | 'requested_by_customer' | null;
      client_secret: string;
      created: number;
      last_setup_error: LastPaymentError | null;
      next_action: NextAction | null;
      status:
        | 'requires_payment_method'
        | 'requires_confirmation'
        | 'requires_action'
        | 'succeeded'
        | 'canceled';
    }
>;

export type SetupIntentNote = Readonly<{ session: string | null; returnUrl: string | null }>;

export function newSetupIntent(id: string, secret: string, created: number, terms: SetupTerms): SetupIntent {
  return {
    ...unvarying,
    ...terms,
    id,
    cancellation_reason: null,
    client_secret: `${id}_secret_${secret}`,
    created,
    last_setup_error: null,
    next_action: null,
    status: terms.payment_method ? 'requires_confirmation' : 'requires_payment_method',
  };
}
