import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Stripe from 'stripe';
import { stripeHttp } from './stripe-http.js';

const realStripe = 'api.stripe.com';
/** Longer than any deadline of ours: the SDK's own timeout only sees idle sockets. */
const socketLimitMs = 30_000;

/** The version of Stripe's API that every call speaks and every event of ours must be rendered in. */
export const stripeApiVersion = Stripe.API_VERSION;

/** More than all who may ask at the same time, so that nobody stands in line behind calls that Stripe lets hang. */
const SOCKETS = 512;

/** To make a client costs more than to send a request with it. */
const clientsKept = 200;

/**
 * Makes SDK clients for the Stripe that is configured: the real one, or a stand-in on another host and port.
 * Clients share one pool of connections, repeat nothing by themselves (but for one try after a reset, under
 * the same idempotency key) and report no telemetry.
 */
export class StripeClients {
  private readonly base: URL;
  private readonly agent: HttpAgent;
  private readonly kept = new Map<string, Stripe>();

  /** @param apiUrl such as `https://api.stripe.com` or `http://127.0.0.1:3001`. */
  constructor(
    apiUrl: string,
    /** Who connects other accounts by OAuth, where there is such a platform. */
    readonly platform?: Readonly<{ secretKey: string; clientId: string }>,
  ) {
    this.base = new URL(apiUrl);
    const pool = { keepAlive: true, maxSockets: SOCKETS };
    this.agent = this.isSecure ? new HttpsAgent(pool) : new HttpAgent(pool);
  }

  /** Calls as the account that owns the key. */
  withKey(secretKey: string): Stripe {
    return this.client(secretKey);
  }

  /** Calls as the platform, on behalf of an account connected to it. */
  onBehalfOf(account: string): Stripe {
    return this.client(this.platformKey, account);
  }

  /** Calls as the platform itself. */
  asPlatform(): Stripe {
    return this.client(this.platformKey);
  }

  /** Whether money is real here, so that a live key may be sent at all. */
  get isRealStripe(): boolean {
    return this.base.hostname === realStripe && this.isSecure;
  }

  /** Where OAuth pages live, without a slash at the end. The SDK prints a wrong address for any other host or port. */
  get connectUrl(): string {
    return this.base.hostname === realStripe ? 'https://connect.stripe.com' : this.base.origin;
  }

  /** Lets go of the idle connections. */
  close(): void {
    this.kept.clear();
    this.agent.destroy();
  }

  private get platformKey(): string {
    if (!this.platform) throw new Error('no platform is configured');
    return this.platform.secretKey;
  }

  private get isSecure(): boolean {
    return this.base.protocol === 'https:';
  }

  private client(key: string, account?: string): Stripe {
    const name = JSON.stringify([key, account]);
    const client = this.kept.get(name) ?? this.make(key, account);
    this.kept.delete(name);
    this.kept.set(name, client);
    const [oldest] = this.kept.keys();
    if (this.kept.size > clientsKept && oldest !== undefined) this.kept.delete(oldest);
    return client;
  }

  private make(key: string, account?: string): Stripe {
    return new Stripe(key, {
      apiVersion: stripeApiVersion,
      host: this.base.hostname,
      port: this.base.port || (this.isSecure ? 443 : 80),
      protocol: this.isSecure ? 'https' : 'http',
      maxNetworkRetries: 0,
      timeout: socketLimitMs,
      telemetry: false,
      httpClient: stripeHttp(this.agent, socketLimitMs),
      ...(account === undefined ? {} : { stripeAccount: account }),
    });
  }
}
