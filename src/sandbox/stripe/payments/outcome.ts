import type { PaymentIntent } from '../objects/payment-intent.js';
import type { PaymentMethod, PaymentMethodNote } from '../objects/payment-method.js';
import { cardNamed, type Decline } from './test-cards.js';

/** How the payment is taken. */
export type Circumstances = Readonly<{
  /** The cardholder is not there. */
  offSession: boolean;
  /** Rather decline than ask the cardholder. */
  errorOnRequiresAction: boolean;
  /** The cardholder has just authenticated. */
  authenticated: boolean;
  moto: boolean;
  /** `any` or `challenge`: the merchant asks for 3D Secure itself. */
  requestThreeDSecure: string;
}>;

export const inPerson: Circumstances = {
  offSession: false,
  errorOnRequiresAction: false,
  authenticated: false,
  moto: false,
  requestThreeDSecure: 'automatic',
};

export type Verdict =
  | Readonly<{ kind: 'approved' }>
  | Readonly<{ kind: 'authenticate' }>
  | Readonly<{ kind: 'declined'; decline: Decline; charged: boolean }>;

const authenticationRequired: Decline = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
  advice_code: 'try_again_later',
};

const notHandled: Decline = {
  code: 'authentication_required',
  decline_code: 'authentication_not_handled',
  message:
    'This payment requires an authentication action to complete, but `error_on_requires_action` was set. When you are ready to upgrade your integration to handle actions, you can do so by removing this parameter.',
  advice_code: 'try_again_later',
};

/** What the bank behind this test card says. Pure: the whole of the table of test cards is here. */
export function judge(note: PaymentMethodNote, circumstances: Circumstances): Verdict {
  const card = cardNamed(note.testCard);
  if (!card) return { kind: 'approved' };
  const { offSession, authenticated, moto, errorOnRequiresAction, requestThreeDSecure } = circumstances;
  const wanted = !offSession && requestThreeDSecure !== 'automatic';
  const required =
    card.authentication === 'always' ||
    (card.authentication === 'unless_set_up' && !note.setUp) ||
    (card.authentication === 'on_session' && !offSession);
  if ((required || wanted) && !authenticated && !moto) {
    if (offSession) return { kind: 'declined', decline: authenticationRequired, charged: true };
    if (errorOnRequiresAction) return { kind: 'declined', decline: notHandled, charged: false };
    return { kind: 'authenticate' };
  }
  return card.decline ? { kind: 'declined', decline: card.decline, charged: true } : { kind: 'approved' };
}

/** What came of an attempt to pay or to save a card. */
export type Attempt<T> =
  | Readonly<{ kind: 'succeeded'; intent: T }>
  | Readonly<{ kind: 'requires_action'; intent: T; url: string }>
  | Readonly<{ kind: 'declined'; intent: T; decline: Decline; charge: string | null; method: PaymentMethod }>;

export type PaymentAttempt = Attempt<PaymentIntent>;
