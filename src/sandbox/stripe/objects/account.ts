import { noAddress } from './shared.js';

const unvarying = {
  object: 'account' as const,
  business_type: 'company' as const,
  capabilities: { card_payments: 'active', transfers: 'active' } as const,
  charges_enabled: true,
  controller: { type: 'account' } as const,
  details_submitted: true,
  future_requirements: nothingRequired(),
  metadata: {},
  payouts_enabled: true,
  requirements: nothingRequired(),
  tos_acceptance: { date: null, ip: null, user_agent: null },
  type: 'standard' as const,
};

export type Account = Readonly<
  typeof unvarying & {
    id: string;
    business_profile: object;
    country: string;
    created: number;
    default_currency: string;
    email: string | null;
    external_accounts: object;
    settings: object;
  }
>;

/** `clientId` is there for platforms: what other accounts connect to. */
export type AccountNote = Readonly<{ name: string; publishableKey: string; clientId: string | null }>;

/** A secret key. `platform` is there for keys that a platform got by OAuth. */
export type ApiKey = Readonly<{ account: string; platform: string | null; revoked: boolean }>;

export type Connection = Readonly<{
  clientId: string;
  account: string;
  accessToken: string;
  refreshToken: string;
}>;

export type OAuthCode = Readonly<{
  clientId: string;
  account: string;
  scope: string;
  expiresAt: number;
  used: boolean;
}>;

export type AccountFacts = Readonly<{
  id: string;
  name: string;
  country: string;
  currency: string;
  created: number;
}>;

export function newAccount({ id, name, country, currency, created }: AccountFacts): Account {
  const { card_payments, dashboard, ...settings } = settingsBlank;
  return {
    ...unvarying,
    id,
    business_profile: { ...businessBlank, name, support_address: { ...noAddress, country } },
    country,
    created,
    default_currency: currency,
    email: `owner@${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.test`,
    external_accounts: {
      object: 'list',
      data: [],
      has_more: false,
      url: `/v1/accounts/${id}/external_accounts`,
    },
    settings: {
      ...settings,
      card_payments: { ...card_payments, statement_descriptor_prefix: descriptorOf(name).slice(0, 10) },
      dashboard: { ...dashboard, display_name: name },
      payments: { ...settings.payments, statement_descriptor: descriptorOf(name) },
    },
  };
}

/** What a bank statement shows: Latin letters, at most 22. */
export function descriptorOf(name: string): string {
  return (
    name
      .toUpperCase()
      .replaceAll(/[^A-Z0-9 .&-]/g, '')
      .slice(0, 22)
      .trim() || 'SANDBOX'
  );
}

function nothingRequired() {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: [],
    disabled_reason: null,
    errors: [],
    eventually_due: [],
    past_due: [],
    pending_verification: [],
  };
}

const businessBlank = {
  annual_revenue: null,
  estimated_worker_count: null,
  mcc: '5734',
  minority_owned_business_designation: null,
  product_description: null,
  specified_commercial_transactions_act_url: null,
  support_email: null,
  support_phone: null,
  support_url: null,
  url: null,
};

const settingsBlank = {
  bacs_debit_payments: { display_name: null, service_user_number: null },
  branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
  card_issuing: { tos_acceptance: { date: null, ip: null } },
  card_payments: {
    decline_on: { avs_failure: false, cvc_failure: false },
    statement_descriptor_prefix_kana: null,
    statement_descriptor_prefix_kanji: null,
  },
  dashboard: { timezone: 'Etc/UTC' },
  invoices: { default_account_tax_ids: null, hosted_payment_method_save: null },
  payments: {
    statement_descriptor_kana: null,
    statement_descriptor_kanji: null,
    statement_descriptor_prefix_kana: null,
    statement_descriptor_prefix_kanji: null,
  },
  payouts: {
    debit_negative_balances: true,
    schedule: { delay_days: 2, interval: 'daily' },
    statement_descriptor: null,
  },
  sepa_debit_payments: {},
};
