import type { StoreId } from '../../../../shared/domain/ids.js';
import type { Connection, IntegrationProblem } from '../../domain/store.events.js';

/** A Stripe account that answered. */
export type LinkedAccount = Readonly<{
  account: string;
  country: string;
  default_currency: string;
  livemode: boolean;
}>;

/** One webhook endpoint of ours at a store's account. */
export type Endpoint = Readonly<{
  id: string;
  url: string;
  /** Enabled, for exactly our events, rendered in the version of the API that we speak. */
  sound: boolean;
}>;

/** Stripe said no, and will say no again until somebody does something. Nothing was changed there. */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused';
  constructor(
    readonly kind:
      | Exclude<IntegrationProblem, 'stripe_unreachable' | 'webhook_secret_wrong'>
      | 'code_refused',
    /** One sentence for the operator, without secrets. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${kind}: ${detail}`, options);
  }
}

/** Stripe cannot be reached, is busy, or gave no answer that counts: try again later. */
export class LinkUnavailable extends Error {
  override readonly name = 'LinkUnavailable';
}

/** Connects stores to their Stripe accounts. Every method may be called again. @throws LinkRefused, LinkUnavailable */
export abstract class AccountLinker {
  /** The account that a secret key belongs to. A live key is refused unless it is real Stripe that answers. */
  abstract accountOf(secretKey: string): Promise<LinkedAccount>;
  /** The page where a merchant connects an account; `null` where we are no platform. */
  abstract authorizeUrl(state: string, returnTo: string): string | null;
  /** Ends an OAuth round. The code works once. */
  abstract exchange(code: string): Promise<LinkedAccount>;
  /** Gives an OAuth connection back. Given back already: nothing happens. */
  abstract deauthorize(connection: Connection): Promise<void>;
  /** Every endpoint at this account that is this store's, whatever its address. */
  abstract endpoints(connection: Connection, store: StoreId): Promise<readonly Endpoint[]>;
  /** Makes an endpoint for all events we act on. Its signing secret is told this once. */
  abstract createEndpoint(
    connection: Connection,
    store: StoreId,
    url: string,
    idempotencyKey: string,
  ): Promise<Readonly<{ id: string; secret: string }>>;
  /** Deleted already: nothing happens. */
  abstract deleteEndpoint(connection: Connection, id: string): Promise<void>;
}
