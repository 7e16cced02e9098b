/** Every rule that can say no. Each is a documented problem code on the wire. */
export type RefusalCode =
  | 'amount_below_minimum'
  | 'amount_exceeds_balance'
  | 'amount_leaves_unpayable_rest'
  | 'authentication_required'
  | 'balance_reserved'
  | 'body_too_large'
  | 'card_blocked'
  | 'card_declined'
  | 'card_number_refused'
  | 'currency_mismatch'
  | 'currency_unsupported'
  | 'exception_resolved'
  | 'forbidden_scope'
  | 'idempotency_in_progress'
  | 'idempotency_key_required'
  | 'idempotency_key_reused'
  | 'internal_error'
  | 'invalid_cursor'
  | 'invalid_signature'
  | 'lines_do_not_add_up'
  | 'link_closed'
  | 'link_paid'
  | 'malformed_json'
  | 'method_not_allowed'
  | 'mode_mismatch'
  | 'not_found'
  | 'order_cancelled'
  | 'order_settled'
  | 'overloaded'
  | 'payment_disputed'
  | 'payment_in_flight'
  | 'payment_method_unusable'
  | 'rate_limited'
  | 'read_model_behind'
  | 'refund_exceeds_captured'
  | 'revision_mismatch'
  | 'session_fence_pending'
  | 'store_disconnected'
  | 'store_required'
  | 'stripe_error'
  | 'stripe_unreachable'
  | 'unauthenticated'
  | 'unsupported_media_type'
  | 'validation_failed';

/** What a refusal is about: numbers in minor units, ids, and a JSON pointer to the field at fault. */
export type RefusalFacts = Readonly<Record<string, unknown>> & { readonly param?: string };

/** A rule said no: nothing was written, nothing was asked of Stripe. Becomes problem+json in one place. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly code: RefusalCode,
    readonly detail: string,
    readonly facts: RefusalFacts = {},
  ) {
    super(`${code}: ${detail}`);
  }
}
