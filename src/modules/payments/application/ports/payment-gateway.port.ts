import type { Currency } from '../../../../shared/domain/currency.js';
import type { LinkId, OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import type { Card, Failure } from '../../domain/payment.events.js';
import type { Fee } from '../../domain/payment.js';
import type { StripeNotice } from '../../domain/stripe-event.js';

/** What both a charge and a hosted page tell Stripe about themselves, and get back in every event. */
export type Reference = Readonly<{
  store: StoreId;
  order: OrderId;
  orderNumber: string;
  payment: PaymentId;
}>;

export type IntentRequest = Reference &
  Readonly<{
    amount: number;
    currency: Currency;
    paymentMethod: string;
    saveCard: boolean;
    moto: boolean;
  }>;

/** `returnUrl` null: the customer is not present, so a bank that asks for them is a refusal. */
export type ConfirmRequest = Readonly<{
  store: StoreId;
  payment: PaymentId;
  intent: string;
  returnUrl: string | null;
}>;

/** The state of an intent at Stripe. A declined card is an answer, not an error. */
export type IntentState =
  | Readonly<{ kind: 'unconfirmed' }>
  | Readonly<{ kind: 'processing' }>
  | Readonly<{ kind: 'action_required'; url: string }>
  | Readonly<{
      kind: 'captured';
      intent: string;
      charge: string;
      amount: number;
      currency: string;
      card: Card | null;
    }>
  | Readonly<{ kind: 'declined'; failure: Failure }>
  | Readonly<{ kind: 'canceled' }>;

export type SessionRequest = Reference &
  Readonly<{
    link: LinkId;
    session: number;
    amount: number;
    currency: Currency;
    description: string;
    /** null: the customer types their own. */
    customerEmail: string | null;
    /** RFC 3339; part of the stored request, so that a replay sends the same bytes. */
    expiresAt: string;
    successUrl: string;
    cancelUrl: string;
  }>;

export type SessionState =
  | Readonly<{ kind: 'open'; url: string }>
  | Readonly<{ kind: 'expired' }>
  /** The customer finished; what became of the money is in the intent. */
  | Readonly<{ kind: 'complete'; intent: IntentState }>;

/** Stripe says the request itself is wrong: nothing happened, and asking again would change nothing. */
export class GatewayRefused extends Error {
  override readonly name = 'GatewayRefused';
  constructor(
    readonly code: string,
    readonly param: string | null,
    message: string,
  ) {
    super(message);
  }
}

/** The key has no right to this, which its merchant may give it: no answer, neither to this call nor to one before it. */
export class GatewayForbidden extends Error {
  override readonly name = 'GatewayForbidden';
}

/** No answer. What was asked may or may not have happened: assume neither, and ask again under the same key. */
export class GatewayUnreachable extends Error {
  override readonly name = 'GatewayUnreachable';
}

/**
 * Moves money at Stripe. Every call is safe to repeat with the same arguments: keys derive from the payment,
 * or from the link and its session number.
 * All methods @throws GatewayRefused, GatewayForbidden, GatewayUnreachable, and Refusal `store_disconnected`.
 */
export abstract class PaymentGateway {
  /** Makes an unconfirmed intent: no money moves. */
  abstract createIntent(request: IntentRequest): Promise<string>;
  /** The one call that moves money on a charge. An intent past confirming is answered as what it is by then. */
  abstract confirmIntent(request: ConfirmRequest): Promise<IntentState>;
  abstract findIntent(store: StoreId, intent: string): Promise<IntentState>;
  /** Cancels an intent that has not captured; answers with what it is then. */
  abstract cancelIntent(store: StoreId, intent: string): Promise<IntentState>;
  abstract openSession(request: SessionRequest): Promise<Readonly<{ checkoutSession: string; url: string }>>;
  abstract findSession(store: StoreId, checkoutSession: string): Promise<SessionState>;
  /** Asks Stripe to expire the page; answers with what it is then, `complete` where the customer was faster. */
  abstract expireSession(store: StoreId, checkoutSession: string): Promise<SessionState>;
  /** The state of an intent that Stripe has named, where it surely is of a page of this payment; null where it is not. */
  abstract findPageIntent(store: StoreId, payment: PaymentId, intent: string): Promise<IntentState | null>;
  /** Stripe's fee for a charge; null until it has settled on one. */
  abstract findFee(store: StoreId, charge: string): Promise<Fee | null>;
  /** Stripe's own record of what happened, oldest first, from a Unix second on, up to but without another if given. */
  abstract eventsSince(store: StoreId, created: number, before?: number): Promise<readonly StripeNotice[]>;
}
