import type { Rates } from '../engine/world.js';
import { ApiError } from './errors.js';

type Bucket = { tokens: number; at: number };

/** Stripe's limiters: so many requests a second, per account and per endpoint; a second's worth may come at once. */
export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly rates: Rates) {}

  /** @throws ApiError 429 */
  count(account: string, endpoint: string): void {
    const { perAccount, perEndpoint } = this.rates;
    if (perAccount !== undefined && !this.take(account, perAccount)) throw tooMany();
    if (perEndpoint !== undefined && !this.take(`${account} ${endpoint}`, perEndpoint)) throw tooMany();
  }

  private take(name: string, perSecond: number): boolean {
    const now = performance.now();
    const bucket = this.buckets.get(name) ?? { tokens: perSecond, at: now };
    const tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    this.buckets.set(name, { tokens: tokens >= 1 ? tokens - 1 : tokens, at: now });
    return tokens >= 1;
  }
}

export function tooMany(): ApiError {
  const message =
    'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.';
  return new ApiError(429, { type: 'invalid_request_error', message, code: 'rate_limit' });
}

export function lockTimeout(): ApiError {
  const message =
    'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. Please try again.';
  return new ApiError(429, { type: 'invalid_request_error', message, code: 'lock_timeout' });
}
