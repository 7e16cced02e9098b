import type { Currency } from '../../../shared/domain/currency.js';
import type { LinkId, OrderId, StoreId } from '../../../shared/domain/ids.js';

/** What a card is known by here; its number never reaches us. */
export type Card = Readonly<{
  brand: string;
  last4: string;
  exp_month: number;
  exp_year: number;
  funding: string;
}>;

/** How a payment is to be made: by a token of Stripe's for a card, or on the hosted page opened from a link. */
export type Method =
  | Readonly<{
      channel: 'card';
      payment_method: string;
      save_card: boolean;
      moto: boolean;
      /** After this instant no confirm is sent any more: the charge is given up instead. */
      confirm_by: string;
      /** Where the customer's bank sends them back to; null when the customer is not present. */
      return_url: string | null;
    }>
  | Readonly<{
      channel: 'link';
      link: LinkId;
      session: number;
      /** When Stripe closes the page by itself. */
      expires_at: string;
    }>;

/** What Stripe said of a refused card. `decline_code` is for the operator, never for the customer. */
export type Failure = Readonly<{
  code: string;
  decline_code: string | null;
  advice_code: string | null;
  message: string;
  charge: string | null;
}>;

/** Amounts in minor units; `currency` beside each amount that Stripe names, since it may not be the one asked for. */
export type PaymentEvent =
  | {
      type: 'PaymentInitiated';
      data: Readonly<{
        order: OrderId;
        order_number: string;
        store: StoreId;
        livemode: boolean;
        amount: number;
        currency: Currency;
        method: Method;
      }>;
    }
  /** The intent exists at Stripe, unconfirmed: no money has moved, and from here no outcome is unknowable. */
  | { type: 'PaymentIntentCreated'; data: Readonly<{ intent: string }> }
  | { type: 'ActionRequired'; data: Readonly<{ url: string; deadline: string }> }
  /** Stripe gave no answer to a call that may have moved money. The reservation stays. */
  | { type: 'OutcomeUnknown'; data: Readonly<{ detail: string }> }
  | {
      type: 'PaymentCaptured';
      data: Readonly<{
        intent: string;
        charge: string;
        amount: number;
        currency: string;
        card: Card | null;
        source: 'response' | 'webhook' | 'poll';
        stripe_event: string | null;
      }>;
    }
  | { type: 'CaptureMismatchDetected'; data: Readonly<{ expected: MoneyData; actual: MoneyData }> }
  | { type: 'PaymentFailed'; data: Failure }
  /** Ended without money: the hosted page expired, or the intent was cancelled. */
  | { type: 'PaymentVoided'; data: Readonly<{ why: string }> }
  /** A failed payment's intent is cancelled at Stripe, so that it can never be paid later. */
  | { type: 'PaymentIntentCanceled'; data: Readonly<{ intent: string }> }
  | {
      type: 'FeeRecorded';
      data: Readonly<{ balance_transaction: string; fee: number; net: number; currency: string }>;
    };

type MoneyData = Readonly<{ amount: number; currency: string }>;
