import { ApiError, docUrl, invalid, missing, refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import {
  type CancellationReason,
  type IntentNote,
  type IntentTerms,
  newPaymentIntent,
  type PaymentIntent,
} from '../objects/payment-intent.js';
import type { PaymentMethod, PaymentMethodNote } from '../objects/payment-method.js';
import { emit } from '../webhooks/emit.js';
import { checkAmount } from './amounts.js';
import { attemptPayment } from './attempt.js';
import { type Circumstances, inPerson } from './outcome.js';
import { checkUsable, methodOf } from './saved-cards.js';

export type Intent = Row<PaymentIntent, IntentNote>;

export function openIntent(world: World, cause: Cause, terms: IntentTerms, note: IntentNote): Intent {
  checkAmount(terms.amount, terms.currency);
  const { books, ids, clock } = world;
  const id = ids.next('payment_intent');
  const intent = newPaymentIntent(id, ids.text(25), clock.seconds, terms);
  const row = books.paymentIntents.add(cause.account, id, intent, note);
  emit(world, cause, 'payment_intent.created', intent);
  return row;
}

export type Confirmation = Readonly<{
  circumstances: Circumstances;
  /** Another method than the intent's own, where the call brings one. Asked once it is sure to be used. */
  method: () => Row<PaymentMethod, PaymentMethodNote> | undefined;
  returnUrl: string | null;
  changes: Partial<PaymentIntent>;
}>;

/** @throws ApiError 400 where it cannot be confirmed as it stands, 402 where the card was declined */
export function confirmIntent(
  world: World,
  cause: Cause,
  intent: Intent,
  confirmation: Confirmation,
): PaymentIntent {
  const { status, payment_method } = intent.object;
  if (status !== 'requires_payment_method' && status !== 'requires_confirmation') {
    throw unexpectedState('confirm', intent.object);
  }
  const method = confirmation.method() ?? (payment_method && methodOf(world, cause.account, payment_method));
  if (!method) throw withoutMethod(intent.object);
  const wanted = { ...intent.object, ...confirmation.changes };
  checkUsable(method, wanted.customer);
  const returnUrl = confirmation.returnUrl ?? intent.note.returnUrl;
  checkReturnUrl(wanted, confirmation.circumstances, returnUrl);
  const note = { ...intent.note, returnUrl };
  const row = world.books.paymentIntents.replace(intent, intent.object, note);
  const done = attemptPayment(world, cause, row, method, confirmation.circumstances, confirmation.changes);
  if (done.kind !== 'declined') return done.intent;
  const { code, decline_code, message, advice_code } = done.decline;
  throw new ApiError(
    402,
    {
      type: 'card_error',
      code,
      decline_code,
      message,
      advice_code,
      doc_url: docUrl(code),
      ...(done.charge !== null && { charge: done.charge }),
      payment_intent: done.intent,
      payment_method: done.method,
    },
    true,
  );
}

function checkReturnUrl(
  intent: PaymentIntent,
  { offSession }: Circumstances,
  returnUrl: string | null,
): void {
  const { automatic_payment_methods: automatic } = intent;
  if (!automatic?.enabled || automatic.allow_redirects === 'never' || returnUrl || offSession) return;
  throw invalid(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
    'return_url',
  );
}

/** The cardholder has answered the challenge. `undefined` where nobody waits for that any more. */
export function answerChallenge(
  world: World,
  cause: Cause,
  id: string,
  passed: boolean,
): PaymentIntent | undefined {
  const intent = world.books.paymentIntents.get(cause.account, id);
  if (intent?.object.status !== 'requires_action') return undefined;
  const method = methodOf(world, cause.account, intent.object.payment_method ?? '');
  if (passed) {
    return attemptPayment(world, cause, intent, method, { ...inPerson, authenticated: true }).intent;
  }
  const after: PaymentIntent = {
    ...intent.object,
    last_payment_error: {
      type: 'card_error',
      code: 'payment_intent_authentication_failure',
      message:
        'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
      doc_url: docUrl('payment_intent_authentication_failure'),
      payment_method: method.object,
    },
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  world.books.paymentIntents.replace(intent, after);
  emit(world, cause, 'payment_intent.payment_failed', after);
  return after;
}

/** @throws ApiError where money has moved, or it was cancelled before */
export function cancelIntent(
  world: World,
  cause: Cause,
  intent: Intent,
  reason: CancellationReason | null,
): PaymentIntent {
  const { status } = intent.object;
  if (status === 'succeeded' || status === 'canceled') throw unexpectedState('cancel', intent.object);
  const after: PaymentIntent = {
    ...intent.object,
    canceled_at: world.clock.seconds,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  };
  world.books.paymentIntents.replace(intent, after);
  emit(world, cause, 'payment_intent.canceled', after);
  return after;
}

/** @throws ApiError 404 */
export function intentOf(world: World, account: string, id: string): Intent {
  const found = world.books.paymentIntents.get(account, id);
  if (!found) throw missing('payment_intent', id, 'intent');
  return found;
}

/** A session's intent belongs to its page. @throws ApiError */
export function checkNotOwned({ object, note }: Intent, verb: 'confirm' | 'cancel' | 'update'): void {
  if (note.session === null) return;
  throw refused(
    `You cannot ${verb} this PaymentIntent because it was created by a Checkout Session. Expire the Checkout Session ${note.session} instead.`,
    'payment_intent_unexpected_state',
    { payment_intent: object },
  );
}

export function unexpectedState(verb: 'confirm' | 'cancel' | 'update', intent: PaymentIntent): ApiError {
  const allowed = {
    confirm: 'requires_payment_method, requires_confirmation',
    cancel: 'requires_payment_method, requires_confirmation, requires_action',
    update: 'requires_payment_method, requires_confirmation, requires_action',
  };
  const already = verb === 'confirm' && intent.status === 'succeeded' ? ' It has already succeeded.' : '';
  return refused(
    `You cannot ${verb} this PaymentIntent because it has a status of ${intent.status}.${already} Only a PaymentIntent with one of the following statuses may be ${verb === 'cancel' ? 'canceled' : `${verb}ed`.replace('updateed', 'updated')}: ${allowed[verb]}.`,
    'payment_intent_unexpected_state',
    { payment_intent: intent },
  );
}

function withoutMethod(intent: PaymentIntent): ApiError {
  return refused(
    "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    'payment_intent_unexpected_state',
    { payment_intent: intent },
  );
}
