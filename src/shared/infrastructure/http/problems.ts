import type { RefusalCode } from '../../domain/refusal.js';

/** How a refusal looks on the wire. `retryable`: the same call may succeed later without being changed. */
export type ProblemKind = Readonly<{ status: number; title: string; retryable?: true }>;

/** Every code that a client can meet. A new code does not compile until it stands here. */
export const PROBLEMS: Readonly<Record<RefusalCode, ProblemKind>> = {
  idempotency_key_required: { status: 400, title: 'This call needs an Idempotency-Key' },
  invalid_cursor: { status: 400, title: 'The list has no such place to start from' },
  invalid_signature: { status: 400, title: 'The signature does not match' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  store_required: { status: 400, title: 'This key reaches several stores: name one' },
  unauthenticated: { status: 401, title: 'An API key is needed' },
  authentication_required: { status: 402, title: 'The customer’s bank wants to hear from the customer' },
  card_blocked: { status: 402, title: 'This card must not be tried again' },
  card_declined: { status: 402, title: 'The card was declined' },
  forbidden_scope: { status: 403, title: 'This key may not do that' },
  not_found: { status: 404, title: 'There is no such thing here' },
  method_not_allowed: { status: 405, title: 'That cannot be done here' },
  amount_exceeds_balance: { status: 409, title: 'The amount is more than what can be charged' },
  balance_reserved: {
    status: 409,
    title: 'The balance is reserved by a payment that is under way',
    retryable: true,
  },
  exception_resolved: { status: 409, title: 'The exception is resolved already' },
  idempotency_in_progress: {
    status: 409,
    title: 'The first call with this key is still under way',
    retryable: true,
  },
  link_closed: { status: 409, title: 'The payment link is closed' },
  link_paid: { status: 409, title: 'The payment link is paid' },
  mode_mismatch: { status: 409, title: 'Test and live do not mix' },
  order_cancelled: { status: 409, title: 'The order is cancelled' },
  order_settled: { status: 409, title: 'Nothing is due on this order' },
  payment_disputed: { status: 409, title: 'The payment is disputed' },
  payment_in_flight: { status: 409, title: 'A payment is under way', retryable: true },
  read_model_behind: { status: 409, title: 'That write cannot be read yet', retryable: true },
  refund_exceeds_captured: { status: 409, title: 'The refund is more than what is left of the payment' },
  session_fence_pending: {
    status: 409,
    title: 'An open checkout page is still being closed',
    retryable: true,
  },
  store_disconnected: { status: 409, title: 'The store is not connected to Stripe' },
  revision_mismatch: { status: 412, title: 'It has changed since it was read' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  amount_below_minimum: { status: 422, title: 'The amount is less than Stripe charges' },
  amount_leaves_unpayable_rest: { status: 422, title: 'The rest would be less than Stripe charges' },
  card_number_refused: { status: 422, title: 'Card numbers are not taken here' },
  currency_mismatch: { status: 422, title: 'The currencies differ' },
  currency_unsupported: { status: 422, title: 'Stripe does not charge this currency' },
  idempotency_key_reused: { status: 422, title: 'This key belongs to another call' },
  lines_do_not_add_up: { status: 422, title: 'The lines do not add up to the total' },
  payment_method_unusable: { status: 422, title: 'The payment method cannot be used' },
  validation_failed: { status: 422, title: 'The request has faults' },
  rate_limited: { status: 429, title: 'Too many calls', retryable: true },
  internal_error: { status: 500, title: 'Something is wrong on our side' },
  stripe_error: { status: 502, title: 'Stripe did not accept the call' },
  overloaded: { status: 503, title: 'Not now', retryable: true },
  stripe_unreachable: { status: 503, title: 'Stripe cannot be reached', retryable: true },
};

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly RefusalCode[];
