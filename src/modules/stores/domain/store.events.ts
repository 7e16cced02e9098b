/** The Stripe account behind a store, and how it is reached. Times are RFC 3339 UTC; secrets are only ever named. */
export type Connection = Readonly<{
  account: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  default_currency: string;
  livemode: boolean;
  /** `key`: the merchant's own secret key. `oauth`: through our platform's key. */
  method: 'key' | 'oauth';
  /** The name of the merchant's key in the vault; `null` for `oauth`. */
  secret_ref: string | null;
}>;

/** What can break between a store and its Stripe account, and mend itself. */
export type IntegrationProblem =
  | 'account_gone'
  | 'key_revoked'
  | 'permission_missing'
  | 'stripe_unreachable'
  | 'webhook_endpoint_refused'
  | 'webhook_secret_wrong';

export type StoreEvent =
  | { type: 'StoreNamed'; data: Readonly<{ name: string; notification_email: string }> }
  | { type: 'StoreRenamed'; data: Readonly<{ name: string }> }
  | { type: 'NotificationAddressChanged'; data: Readonly<{ notification_email: string }> }
  /** A person may connect the store by OAuth, once, until then. The state itself is kept nowhere. */
  | {
      type: 'ConnectionRequested';
      data: Readonly<{ request: string; state_hash: string; expires_at: string }>;
    }
  | { type: 'StoreConnected'; data: Connection }
  /** Stripe posts to this endpoint from now on; what it still signs with earlier secrets counts until `earlier_until`. */
  | {
      type: 'WebhookEndpointRegistered';
      data: Readonly<{ endpoint: string; url: string; secret_ref: string; earlier_until: string }>;
    }
  /** One more signing secret, for an endpoint that the merchant looks after or whose secret was rolled. */
  | { type: 'WebhookSecretAdded'; data: Readonly<{ secret_ref: string; earlier_until: string }> }
  | { type: 'IntegrationErrorRaised'; data: Readonly<{ kind: IntegrationProblem; detail: string }> }
  | { type: 'IntegrationErrorCleared'; data: Readonly<{ kind: IntegrationProblem }> }
  /** `requested` here, or `deauthorized` at Stripe. Nothing is charged afterwards. */
  | { type: 'StoreDisconnected'; data: Readonly<{ why: 'requested' | 'deauthorized' }> };
