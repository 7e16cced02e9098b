import { docUrl } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import { descriptorOf } from '../objects/account.js';
import { type Charge, newCharge, type Outcome } from '../objects/charge.js';
import type { IntentNote, LastPaymentError, NextAction, PaymentIntent } from '../objects/payment-intent.js';
import type { PaymentMethod, PaymentMethodNote } from '../objects/payment-method.js';
import { emit } from '../webhooks/emit.js';
import { type Circumstances, judge, type PaymentAttempt } from './outcome.js';
import { saveForLater, spend } from './saved-cards.js';
import { settle } from './settlement.js';
import { cardNamed, type Decline } from './test-cards.js';

type Intent = Row<PaymentIntent, IntentNote>;
type Method = Row<PaymentMethod, PaymentMethodNote>;

/** One try to take the money. Whatever comes of it is written down: charge, intent, events. */
export function attemptPayment(
  world: World,
  cause: Cause,
  intent: Intent,
  method: Method,
  circumstances: Circumstances,
  changes: Partial<PaymentIntent> = {},
): PaymentAttempt {
  const asked = { ...intent.object, ...changes, payment_method: method.id, next_action: null };
  const verdict = judge(method.note, circumstances);
  switch (verdict.kind) {
    case 'authenticate':
      return askCardholder(world, cause, intent, asked);
    case 'declined':
      return decline(world, cause, intent, asked, method, verdict.decline, verdict.charged);
    case 'approved':
      return capture(world, cause, intent, asked, method, circumstances);
  }
}

function askCardholder(world: World, cause: Cause, intent: Intent, asked: PaymentIntent): PaymentAttempt {
  const url = `${world.baseUrl()}/3ds/${intent.id}`;
  const next_action = nextAction(url, intent.note.returnUrl);
  const after: PaymentIntent = { ...asked, status: 'requires_action', next_action };
  world.books.paymentIntents.replace(intent, after);
  emit(world, cause, 'payment_intent.requires_action', after);
  return { kind: 'requires_action', intent: after, url };
}

export function nextAction(url: string, returnUrl: string | null): NextAction {
  if (returnUrl) return { type: 'redirect_to_url', redirect_to_url: { url, return_url: returnUrl } };
  return { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } };
}

function capture(
  world: World,
  cause: Cause,
  intent: Intent,
  asked: PaymentIntent,
  method: Method,
  circumstances: Circumstances,
): PaymentAttempt {
  const charge = recordCharge(world, cause, asked, method, approval, null, circumstances);
  const after: PaymentIntent = {
    ...asked,
    amount_received: asked.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    status: 'succeeded',
  };
  world.books.paymentIntents.replace(intent, after);
  if (after.setup_future_usage && after.customer) {
    saveForLater(world, cause, method, after.customer, after.setup_future_usage);
  } else if (!method.object.customer) spend(world, method);
  const told = settle(world, cause, charge, after.capture_method);
  emit(world, cause, 'charge.succeeded', told);
  emit(world, cause, 'payment_intent.succeeded', after);
  planAftermath(world, cause, charge.id, method.note.testCard);
  return { kind: 'succeeded', intent: after };
}

function planAftermath(
  { jobs, clock, settings }: World,
  { account }: Cause,
  charge: string,
  card: string,
): void {
  const aftermath = cardNamed(card)?.aftermath;
  if (!aftermath) return;
  const job = aftermath.kind === 'dispute' ? 'dispute_charge' : 'warn_of_fraud';
  jobs.schedule(job, account, charge, clock.now + settings.disputeDelayMs);
}

function decline(
  world: World,
  cause: Cause,
  intent: Intent,
  asked: PaymentIntent,
  method: Method,
  reason: Decline,
  charged: boolean,
): PaymentAttempt {
  const failure = { code: reason.code, message: reason.message };
  const charge = charged ? recordCharge(world, cause, asked, method, denial(reason), failure) : null;
  const after: PaymentIntent = {
    ...asked,
    last_payment_error: paymentError(reason, method.object, charge?.id),
    latest_charge: charge?.id ?? asked.latest_charge,
    payment_method: null,
    status: 'requires_payment_method',
  };
  world.books.paymentIntents.replace(intent, after);
  if (charge) emit(world, cause, 'charge.failed', charge);
  emit(world, cause, 'payment_intent.payment_failed', after);
  return {
    kind: 'declined',
    intent: after,
    decline: reason,
    charge: charge?.id ?? null,
    method: method.object,
  };
}

function recordCharge(
  world: World,
  cause: Cause,
  intent: PaymentIntent,
  method: Method,
  outcome: Outcome,
  failure: Readonly<{ code: string; message: string }> | null,
  circumstances?: Circumstances,
): Charge {
  const { books, ids, clock } = world;
  const charge = newCharge({
    id: ids.next('charge'),
    created: clock.seconds,
    intent,
    method: method.object,
    descriptor: statementLine(
      books.accounts.find(cause.account)?.note.name ?? '',
      intent.statement_descriptor_suffix,
    ),
    outcome,
    failure,
    moto: circumstances?.moto ?? false,
    authenticated: circumstances?.authenticated ?? false,
    ids: { transaction: ids.text(15).toUpperCase(), authorization: ids.text(6).toUpperCase() },
  });
  books.charges.add(cause.account, charge.id, charge, { testCard: method.note.testCard });
  return charge;
}

function statementLine(name: string, suffix: string | null): string {
  const prefix = descriptorOf(name);
  return suffix ? `${prefix.slice(0, 10).trim()}* ${suffix.toUpperCase()}`.slice(0, 22) : prefix;
}

export function paymentError(
  reason: Decline,
  method: PaymentMethod,
  charge: string | undefined,
): LastPaymentError {
  return {
    type: 'card_error',
    code: reason.code,
    message: reason.message,
    advice_code: reason.advice_code,
    ...(charge !== undefined && { charge }),
    decline_code: reason.decline_code,
    doc_url: docUrl(reason.code),
    payment_method: method,
  };
}

const approval: Outcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: 'approved_by_network',
  reason: null,
  risk_level: 'normal',
  risk_score: 12,
  seller_message: 'Payment complete.',
  type: 'authorized',
};

function denial({ advice_code, blocked, decline_code }: Decline): Outcome {
  const risk = blocked ? ({ risk_level: 'highest', risk_score: 98 } as const) : {};
  return {
    ...approval,
    ...risk,
    advice_code,
    network_status: blocked ? 'not_sent_to_network' : 'declined_by_network',
    reason: blocked ? 'highest_risk_level' : decline_code,
    seller_message: blocked
      ? 'Stripe blocked this payment as too risky.'
      : `The bank returned the decline code \`${decline_code}\`.`,
    type: blocked ? 'blocked' : 'issuer_declined',
  };
}

/** Whether a refund of what this card paid succeeds, waits or fails. */
export function refundFateOf(testCard: string): 'succeeds' | 'pending' | 'fails_later' {
  return cardNamed(testCard)?.refund ?? 'succeeds';
}
