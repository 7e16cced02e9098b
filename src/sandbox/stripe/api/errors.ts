import type { PaymentIntent } from '../objects/payment-intent.js';
import type { PaymentMethod } from '../objects/payment-method.js';
import type { SetupIntent } from '../objects/setup-intent.js';

/** What stands under `error` in Stripe's envelope. */
export type ErrorBody = Readonly<{
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  network_decline_code?: string;
  advice_code?: string;
  charge?: string;
  doc_url?: string;
  payment_intent?: PaymentIntent;
  payment_method?: PaymentMethod;
  setup_intent?: SetupIntent;
}>;

/**
 * An answer that is not 2xx. `begun` says that the work had begun: then the answer is remembered under its
 * idempotency key, and what was done stays done.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    readonly begun = false,
  ) {
    super(body.message);
  }
}

export function docUrl(code: string): string {
  return `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}`;
}

/** The request does not make sense; nothing has been done or remembered. */
export function invalid(message: string, param?: string, code?: string): ApiError {
  return new ApiError(400, {
    type: 'invalid_request_error',
    message,
    ...(code !== undefined && { code, doc_url: docUrl(code) }),
    ...(param !== undefined && { param }),
  });
}

/** The request makes sense, but not as things stand. */
export function refused(message: string, code?: string, more: Partial<ErrorBody> = {}): ApiError {
  const named = code === undefined ? {} : { code, doc_url: docUrl(code) };
  return new ApiError(400, { type: 'invalid_request_error', message, ...named, ...more }, true);
}

/** @param noun as Stripe calls it: `payment_intent`, `PaymentMethod`. */
export function missing(noun: string, id: string, param = 'id', status: 400 | 404 = 404): ApiError {
  const code = 'resource_missing';
  const message = `No such ${noun}: '${id}'`;
  return new ApiError(status, { type: 'invalid_request_error', message, code, param, doc_url: docUrl(code) });
}

/** OAuth speaks another dialect. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  constructor(
    readonly status: number,
    readonly code:
      | 'invalid_grant'
      | 'invalid_client'
      | 'invalid_request'
      | 'unsupported_grant_type'
      | 'invalid_scope',
    description: string,
  ) {
    super(description);
  }
}
