import { type Metadata, noAddress } from './shared.js';

const unvarying = {
  object: 'checkout.session' as const,
  after_expiration: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: {
    after_submit: null,
    shipping_address: null,
    submit: null,
    terms_of_service_acceptance: null,
  },
  customer_account: null,
  discounts: [],
  integration_identifier: null,
  invoice: null,
  livemode: false as const,
  managed_payments: { enabled: false },
  origin_context: null,
  payment_link: null,
  payment_method_collection: 'if_required' as const,
  payment_method_configuration_details: null,
  payment_method_options: { card: { request_three_d_secure: 'automatic' } } as const,
  payment_method_types: ['card'] as readonly string[],
  permissions: null,
  phone_number_collection: { enabled: false },
  recovered_from: null,
  saved_payment_method_options: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  subscription: null,
  ui_mode: 'hosted_page' as const,
  wallet_options: null,
};

export type SessionTerms = Readonly<{
  adaptive_pricing: Readonly<{ enabled: boolean }> | null;
  allow_promotion_codes: boolean | null;
  allowed_payment_method_types: readonly string[] | null;
  amount_subtotal: number | null;
  amount_total: number | null;
  billing_address_collection: 'auto' | 'required' | null;
  cancel_url: string | null;
  client_reference_id: string | null;
  currency: string | null;
  customer: string | null;
  customer_creation: 'always' | 'if_required' | null;
  customer_email: string | null;
  expires_at: number;
  locale: string | null;
  metadata: Metadata;
  mode: 'payment' | 'setup';
  submit_type: 'auto' | 'book' | 'donate' | 'pay' | null;
  success_url: string | null;
}>;

export type CustomerDetails = Readonly<{
  address: typeof noAddress | null;
  business_name: null;
  email: string | null;
  individual_name: null;
  name: string | null;
  phone: null;
  tax_exempt: 'none';
  tax_ids: readonly [] | null;
}>;

export type CheckoutSession = Readonly<
  typeof unvarying &
    SessionTerms & {
      id: string;
      created: number;
      customer_details: CustomerDetails | null;
      invoice_creation: object | null;
      payment_intent: string | null;
      payment_status: 'paid' | 'unpaid' | 'no_payment_required';
      setup_intent: string | null;
      status: 'open' | 'complete' | 'expired';
      total_details: Readonly<{ amount_discount: 0; amount_shipping: 0; amount_tax: 0 }> | null;
      url: string | null;
    }
>;

export type LineItem = Readonly<{
  id: string;
  object: 'item';
  amount_total: number;
  description: string;
  quantity: number;
}>;

/** What is told to the payment intent once there is one. */
export type IntentData = Readonly<{
  capture_method: 'automatic' | 'automatic_async';
  description: string | null;
  metadata: Metadata;
  receipt_email: string | null;
  setup_future_usage: 'off_session' | 'on_session' | null;
  statement_descriptor_suffix: string | null;
}>;

/** `tries` are the forms that were sent already: form token to what came of it. A second press of the button charges nothing. */
export type SessionNote = Readonly<{
  lineItems: readonly LineItem[];
  intentData: IntentData;
  tries: Readonly<Record<string, string>>;
}>;

export function newSession(id: string, created: number, url: string, terms: SessionTerms): CheckoutSession {
  const paying = terms.mode === 'payment';
  const { customer_email } = terms;
  return {
    ...unvarying,
    ...terms,
    id,
    created,
    customer_details: customer_email ? detailsOf(customer_email, null) : null,
    invoice_creation: paying ? noInvoice : null,
    payment_intent: null,
    payment_status: paying ? 'unpaid' : 'no_payment_required',
    setup_intent: null,
    status: 'open',
    total_details: paying ? { amount_discount: 0, amount_shipping: 0, amount_tax: 0 } : null,
    url,
  };
}

export function detailsOf(email: string | null, name: string | null, complete = false): CustomerDetails {
  return {
    address: complete ? noAddress : null,
    business_name: null,
    email,
    individual_name: null,
    name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: complete ? [] : null,
  };
}

const noInvoice = {
  enabled: false,
  invoice_data: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: null,
    metadata: {},
    rendering_options: null,
  },
};
