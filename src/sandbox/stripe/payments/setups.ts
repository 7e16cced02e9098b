import { ApiError, docUrl, missing, refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import type { PaymentMethod, PaymentMethodNote } from '../objects/payment-method.js';
import {
  newSetupIntent,
  type SetupIntent,
  type SetupIntentNote,
  type SetupTerms,
} from '../objects/setup-intent.js';
import { emit } from '../webhooks/emit.js';
import { nextAction, paymentError } from './attempt.js';
import { type Attempt, type Circumstances, inPerson, judge, type Verdict } from './outcome.js';
import { checkUsable, methodOf, saveForLater } from './saved-cards.js';
import { cardNamed } from './test-cards.js';

export type Setup = Row<SetupIntent, SetupIntentNote>;
type Method = Row<PaymentMethod, PaymentMethodNote>;

export function openSetup(world: World, cause: Cause, terms: SetupTerms, note: SetupIntentNote): Setup {
  const { books, ids, clock } = world;
  const id = ids.next('setup_intent');
  const setup = newSetupIntent(id, ids.text(25), clock.seconds, terms);
  const row = books.setupIntents.add(cause.account, id, setup, note);
  emit(world, cause, 'setup_intent.created', setup);
  return row;
}

/** One try to save a card for later. No money moves, so a card that only fails when charged is saved. */
export function attemptSetup(
  world: World,
  cause: Cause,
  setup: Setup,
  method: Method,
  circumstances: Circumstances,
): Attempt<SetupIntent> {
  const { books, baseUrl } = world;
  const asked = { ...setup.object, payment_method: method.id, next_action: null };
  const verdict = verdictOnSaving(method, circumstances);
  if (verdict.kind === 'authenticate') {
    const url = `${baseUrl()}/3ds/${setup.id}`;
    const next_action = nextAction(url, setup.note.returnUrl);
    const after: SetupIntent = { ...asked, next_action, status: 'requires_action' };
    books.setupIntents.replace(setup, after);
    emit(world, cause, 'setup_intent.requires_action', after);
    return { kind: 'requires_action', intent: after, url };
  }
  if (verdict.kind === 'declined') {
    const { decline } = verdict;
    const last_setup_error = paymentError(decline, method.object, undefined);
    const after: SetupIntent = {
      ...asked,
      last_setup_error,
      payment_method: null,
      status: 'requires_payment_method',
    };
    books.setupIntents.replace(setup, after);
    emit(world, cause, 'setup_intent.setup_failed', after);
    return { kind: 'declined', intent: after, decline, charge: null, method: method.object };
  }
  const after: SetupIntent = { ...asked, last_setup_error: null, status: 'succeeded' };
  books.setupIntents.replace(setup, after);
  if (after.customer) saveForLater(world, cause, method, after.customer, after.usage);
  emit(world, cause, 'setup_intent.succeeded', after);
  return { kind: 'succeeded', intent: after };
}

function verdictOnSaving(method: Method, circumstances: Circumstances): Verdict {
  const verdict = judge(method.note, circumstances);
  const onlyFailsLater =
    verdict.kind === 'declined' && verdict.charged && cardNamed(method.note.testCard)?.attaches;
  return onlyFailsLater ? { kind: 'approved' } : verdict;
}

/** @throws ApiError 400 where it cannot be confirmed as it stands, 402 where the bank refuses */
export function confirmSetup(
  world: World,
  cause: Cause,
  setup: Setup,
  method: Method | undefined,
): SetupIntent {
  const { status, payment_method, customer } = setup.object;
  if (status !== 'requires_payment_method' && status !== 'requires_confirmation')
    throw unexpected('confirm', setup.object);
  const chosen = method ?? (payment_method ? methodOf(world, cause.account, payment_method) : undefined);
  if (!chosen) {
    throw refused(
      "You cannot confirm this SetupIntent because it's missing a payment method.",
      'setup_intent_unexpected_state',
      { setup_intent: setup.object },
    );
  }
  checkUsable(chosen, customer);
  const done = attemptSetup(world, cause, setup, chosen, inPerson);
  if (done.kind !== 'declined') return done.intent;
  const { code, decline_code, message, advice_code } = done.decline;
  const details = { code, decline_code, message, advice_code, doc_url: docUrl(code) };
  throw new ApiError(402, { type: 'card_error', ...details, setup_intent: done.intent }, true);
}

export function cancelSetup(
  world: World,
  cause: Cause,
  setup: Setup,
  reason: SetupIntent['cancellation_reason'],
): SetupIntent {
  const { status } = setup.object;
  if (status === 'succeeded' || status === 'canceled') throw unexpected('cancel', setup.object);
  const after: SetupIntent = {
    ...setup.object,
    cancellation_reason: reason,
    next_action: null,
    status: 'canceled',
  };
  world.books.setupIntents.replace(setup, after);
  emit(world, cause, 'setup_intent.canceled', after);
  return after;
}

/** The cardholder has answered the challenge. */
export function answerSetupChallenge(
  world: World,
  cause: Cause,
  id: string,
  passed: boolean,
): SetupIntent | undefined {
  const setup = world.books.setupIntents.get(cause.account, id);
  if (setup?.object.status !== 'requires_action') return undefined;
  const method = methodOf(world, cause.account, setup.object.payment_method ?? '');
  if (passed) return attemptSetup(world, cause, setup, method, { ...inPerson, authenticated: true }).intent;
  const code = 'setup_intent_authentication_failure';
  const message =
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.';
  const last_setup_error = {
    type: 'card_error' as const,
    code,
    message,
    doc_url: docUrl(code),
    payment_method: method.object,
  };
  const after: SetupIntent = {
    ...setup.object,
    last_setup_error,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  };
  world.books.setupIntents.replace(setup, after);
  emit(world, cause, 'setup_intent.setup_failed', after);
  return after;
}

/** @throws ApiError 404 */
export function setupOf(world: World, account: string, id: string): Setup {
  const found = world.books.setupIntents.get(account, id);
  if (!found) throw missing('setup_intent', id);
  return found;
}

function unexpected(verb: 'confirm' | 'cancel', setup: SetupIntent): ApiError {
  return refused(
    `You cannot ${verb} this SetupIntent because it has a status of ${setup.status}.`,
    'setup_intent_unexpected_state',
    { setup_intent: setup },
  );
}
