/** Every rule that can say no. Each is a documented problem code on the wire. */
export type RefusalCode =
  | 'amount_below_minimum'
  | 'amount_exceeds_balance'
  | 'amount_leaves_unpayable_rest'
  | 'balance_reserved'
  | 'card_blocked'
  | 'currency_mismatch'
  | 'currency_unsupported'
  | 'forbidden_scope'
  | 'idempotency_in_progress'
  | 'idempotency_key_reused'
  | 'invalid_cursor'
  | 'invalid_signature'
  | 'lines_do_not_add_up'
  | 'link_closed'
  | 'link_paid'
  | 'mode_mismatch'
  | 'not_found'
  | 'order_cancelled'
  | 'order_settled'
  | 'payment_in_flight'
  | 'payment_method_unusable'
  | 'read_model_behind'
  | 'revision_mismatch'
  | 'session_fence_pending'
  | 'store_disconnected'
  | 'store_required'
  | 'stripe_error'
  | 'stripe_unreachable'
  | 'unauthenticated'
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
