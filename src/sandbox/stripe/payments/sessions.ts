import { refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import { byTime, type Cause, type World } from '../engine/world.js';
import { type CheckoutSession, detailsOf, type SessionNote } from '../objects/checkout-session.js';
import { newCustomer } from '../objects/customer.js';
import { termsBlank } from '../objects/payment-intent.js';
import type { PaymentMethod, PaymentMethodNote } from '../objects/payment-method.js';
import { emit } from '../webhooks/emit.js';
import { attemptPayment } from './attempt.js';
import { cancelIntent, type Intent, openIntent } from './intents.js';
import { inPerson } from './outcome.js';
import { attemptSetup } from './setups.js';

export type Session = Row<CheckoutSession, SessionNote>;

export type Payer = Readonly<{ email: string | null; name: string | null }>;

export type SessionOutcome =
  | Readonly<{ kind: 'complete' }>
  | Readonly<{ kind: 'challenge'; url: string }>
  | Readonly<{ kind: 'declined'; message: string }>;

/** One press of the button on the hosted page. */
export function paySession(
  world: World,
  cause: Cause,
  session: Session,
  method: Row<PaymentMethod, PaymentMethodNote>,
  payer: Payer,
): SessionOutcome {
  const done =
    session.object.mode === 'setup'
      ? attemptSetup(world, cause, setupOf(world, session), method, inPerson)
      : attemptPayment(world, cause, sessionIntent(world, cause, session), method, inPerson);
  const named = withPayer(world, session.id, payer);
  switch (done.kind) {
    case 'declined':
      return { kind: 'declined', message: done.decline.message };
    case 'requires_action':
      return { kind: 'challenge', url: done.url };
    case 'succeeded':
      completeSession(world, cause, named);
      return { kind: 'complete' };
  }
}

/** The session's intent: made at the first attempt, the same one for all that follow. */
function sessionIntent(world: World, cause: Cause, session: Session): Intent {
  const { object, note } = session;
  const known = object.payment_intent && world.books.paymentIntents.get(cause.account, object.payment_intent);
  if (known) return known;
  const intent = openIntent(
    world,
    cause,
    {
      ...termsBlank,
      ...note.intentData,
      amount: object.amount_total ?? 0,
      currency: object.currency ?? '',
      allowed_payment_method_types: object.allowed_payment_method_types,
      customer: object.customer,
    },
    { session: session.id, moto: false, returnUrl: `${world.baseUrl()}/c/pay/${session.id}` },
  );
  world.books.sessions.replace(session, { ...object, payment_intent: intent.id });
  return intent;
}

function setupOf({ books }: World, session: Session) {
  const found = books.setupIntents.get(session.account, session.object.setup_intent ?? '');
  if (!found) throw new Error(`session ${session.id} has no setup intent`);
  return found;
}

function withPayer({ books }: World, id: string, payer: Payer): Session {
  const session = books.sessions.find(id);
  if (!session) throw new Error(`session ${id} is gone`);
  const customer_details = detailsOf(payer.email, payer.name, true);
  return books.sessions.replace(session, { ...session.object, customer_details });
}

/** Paid: the session completes once, and its page is no more. */
export function completeSession(world: World, cause: Cause, session: Session): void {
  const { object } = session;
  const customer =
    object.customer ?? (object.customer_creation === 'always' ? guest(world, cause, object) : null);
  const after: CheckoutSession = {
    ...object,
    customer,
    payment_status: object.mode === 'payment' ? 'paid' : 'no_payment_required',
    status: 'complete',
    url: null,
  };
  world.books.sessions.replace(session, after);
  emit(world, cause, 'checkout.session.completed', after);
}

function guest(world: World, cause: Cause, { customer_details, payment_intent }: CheckoutSession): string {
  const { books, ids, clock } = world;
  const id = ids.next('customer');
  const { email = null, name = null } = customer_details ?? {};
  const customer = newCustomer(id, clock.seconds, { email, name });
  books.customers.add(cause.account, id, customer, null);
  emit(world, cause, 'customer.created', customer);
  const intent = payment_intent && books.paymentIntents.get(cause.account, payment_intent);
  if (intent) books.paymentIntents.replace(intent, { ...intent.object, customer: id });
  return id;
}

/** @throws ApiError where it is complete or expired already */
export function expireSession(world: World, cause: Cause, session: Session): CheckoutSession {
  const { object } = session;
  if (object.status !== 'open') {
    throw refused(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${object.status}\`.`,
    );
  }
  const intent =
    object.payment_intent && world.books.paymentIntents.get(cause.account, object.payment_intent);
  if (intent) cancelIntent(world, cause, intent, 'expired');
  const after: CheckoutSession = { ...object, status: 'expired', url: null };
  world.books.sessions.replace(session, after);
  emit(world, cause, 'checkout.session.expired', after);
  return after;
}

/** The job of sessions that nobody paid in time. */
export function expireInTime(world: World, account: string, id: string): void {
  const session = world.books.sessions.get(account, id);
  if (session?.object.status === 'open') expireSession(world, byTime(account), session);
}
