import Stripe from 'stripe';

/** Why no outcome is known. None of them says whether Stripe did what it was asked. */
export type UnknownReason =
  | 'deadline'
  | 'idle'
  | 'unreachable'
  | 'connection_lost'
  | 'half_body'
  | 'server_error'
  /** A 5xx that Stripe has stored under the key and will tell for as long as it keeps the key. */
  | 'stored_error'
  | 'not_json'
  | 'foreign_answer';

/** Every way a call to Stripe can fail to bring an answer. A closed set: nothing else leaves `askStripe`. */
export type StripeFailure =
  | StripeDeclined
  | StripeRefused
  | StripeKeyRefused
  | StripeAccountGone
  | StripePermissionMissing
  | StripeBusy
  | StripeUnknownOutcome;

abstract class Failure extends Error {
  /** Stripe's `request-id`, for a support case. */
  readonly requestId: string | undefined;
  constructor(message: string, options: Readonly<{ cause?: unknown; requestId?: string | undefined }> = {}) {
    super(withoutKeys(message), { cause: options.cause });
    this.requestId = options.requestId;
  }
}

/** Stripe quotes the key it was sent, mostly masked. Messages are shown and mailed, and hold not even a masked one. */
function withoutKeys(message: string): string {
  return message.replace(/['"]?\b[sr]k_(?:test|live)_[\w*]+['"]?/g, '(hidden)');
}

/** 402. The card was asked and said no. No money moved; the answer stays the same under this key. */
export class StripeDeclined extends Failure {
  override readonly name = 'StripeDeclined';
  readonly code: string;
  readonly declineCode: string | undefined;
  /** `do_not_try_again` and friends: what the card's bank advises. */
  readonly adviceCode: string | undefined;
  readonly charge: string | undefined;
  /** The intent as it stands after the decline. */
  readonly paymentIntent: Stripe.PaymentIntent | undefined;
  constructor(error: Stripe.errors.StripeError) {
    super(error.message, { cause: error, requestId: error.requestId });
    this.code = error.code ?? 'card_declined';
    this.declineCode = error.decline_code || undefined;
    this.adviceCode = error.advice_code;
    this.charge = error.charge;
    this.paymentIntent = error.payment_intent;
  }
}

/** 400 or 404. Stripe understood and will never do it as asked: stale data or a fault of ours. Nothing happened. */
export class StripeRefused extends Failure {
  override readonly name = 'StripeRefused';
  readonly status: number;
  /** Stripe's code, such as `resource_missing`; its error type where there is no code. */
  readonly code: string;
  readonly param: string | undefined;
  /** The intent as it stands, where Stripe names it (`payment_intent_unexpected_state`). */
  readonly paymentIntent: Stripe.PaymentIntent | undefined;
  constructor(error: Stripe.errors.StripeError, status: number) {
    super(error.message, { cause: error, requestId: error.requestId });
    this.status = status;
    this.code = error.code ?? error.rawType ?? 'invalid_request_error';
    this.param = error.param;
    this.paymentIntent = error.payment_intent;
  }
}

/** 401. The key is wrong, expired or revoked. Nothing happened. */
export class StripeKeyRefused extends Failure {
  override readonly name = 'StripeKeyRefused';
}

/** 403 `account_invalid`. The account took its permission back or does not exist. Nothing happened. */
export class StripeAccountGone extends Failure {
  override readonly name = 'StripeAccountGone';
}

/** Any other 403. The key is good but may not do this. Nothing happened. */
export class StripePermissionMissing extends Failure {
  override readonly name = 'StripePermissionMissing';
}

/** 429, or 409 because the same key is being worked on. The same call under the same key is safe to repeat. */
export class StripeBusy extends Failure {
  override readonly name = 'StripeBusy';
}

/** No answer that counts: Stripe may or may not have acted. Ask Stripe again, or repeat under the same key; never guess. */
export class StripeUnknownOutcome extends Failure {
  override readonly name = 'StripeUnknownOutcome';
  constructor(
    readonly reason: UnknownReason,
    options: Readonly<{ cause?: unknown; requestId?: string | undefined }> = {},
  ) {
    super(`Stripe gave no usable answer (${reason})`, options);
  }
}

const oauthTypes = [
  'invalid_grant',
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unsupported_grant_type',
  'unsupported_response_type',
];
const apiTypes = ['api_error', 'card_error', 'idempotency_error', 'invalid_request_error'];
/** Older spellings that some answers still carry. */
const legacyTypes = ['authentication_error', 'rate_limit_error'];
const knownTypes: ReadonlySet<string> = new Set([...apiTypes, ...legacyTypes, ...oauthTypes]);

/** What an error thrown by the SDK means. Anything that is not surely an answer of Stripe's is an unknown outcome. */
export function classify(error: unknown): StripeFailure {
  if (!(error instanceof Stripe.errors.StripeError)) {
    return new StripeUnknownOutcome('foreign_answer', { cause: error });
  }
  const context = { cause: error, requestId: error.requestId };
  if (error instanceof Stripe.errors.StripeConnectionError) {
    return new StripeUnknownOutcome(connectionReason(error), context);
  }
  const status = error.statusCode;
  // A reply that is no JSON comes as an API error without a status.
  if (status === undefined) return new StripeUnknownOutcome('not_json', context);
  if (status >= 500) return new StripeUnknownOutcome(serverReason(error), context);
  // A proxy's `404 {"error":"not found"}` must not pass for Stripe saying that an object does not exist.
  if (!knownTypes.has(error.rawType ?? '')) return new StripeUnknownOutcome('foreign_answer', context);
  return answered(error, status, context);
}

function answered(
  error: Stripe.errors.StripeError,
  status: number,
  context: Readonly<{ cause: unknown; requestId: string | undefined }>,
): StripeFailure {
  switch (status) {
    case 400:
      return error.code === 'rate_limit'
        ? new StripeBusy(error.message, context)
        : new StripeRefused(error, 400);
    case 404:
      return new StripeRefused(error, 404);
    case 401:
      return new StripeKeyRefused(error.message, context);
    case 402:
      return new StripeDeclined(error);
    case 403:
      return error.code === 'account_invalid'
        ? new StripeAccountGone(error.message, context)
        : new StripePermissionMissing(error.message, context);
    case 409:
    case 429:
      return new StripeBusy(error.message, context);
    default:
      return new StripeUnknownOutcome('foreign_answer', context);
  }
}

function serverReason({ headers }: Stripe.errors.StripeError): UnknownReason {
  return headers?.['idempotent-replayed'] === 'true' ? 'stored_error' : 'server_error';
}

const unreachableCodes: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** `unreachable` too may follow a first try that Stripe worked on: the SDK repeats once after a reset. */
function connectionReason(error: Stripe.errors.StripeConnectionError): UnknownReason {
  const detail: unknown = error.detail;
  const code = typeof detail === 'object' && detail !== null && 'code' in detail ? detail.code : undefined;
  if (code === 'ETIMEDOUT') return 'idle';
  if (unreachableCodes.has(code)) return 'unreachable';
  return error.requestId === undefined ? 'connection_lost' : 'half_body';
}
