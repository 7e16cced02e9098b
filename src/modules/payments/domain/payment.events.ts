import type { Currency } from '../../../shared/domain/currency.js';
import type { DisputeId, LinkId, OrderId, RefundId, StoreId } from '../../../shared/domain/ids.js';

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

/** Money that came past Stripe, as somebody here wrote it down. */
export type OfflineMethod = Readonly<{
  channel: 'offline';
  kind: 'cash' | 'bank_transfer' | 'cheque' | 'other';
  /** The merchant's own, such as the number of a cheque. */
  reference: string | null;
  /** When the merchant got it, RFC 3339. */
  received_at: string;
}>;

/** Whose money it is. */
export type Whose = Readonly<{ order: OrderId; store: StoreId; livemode: boolean }>;

/** How much was asked for, and for which order. */
export type Ask = Whose & Readonly<{ order_number: string; amount: number; currency: Currency }>;

/** What Stripe said of a refused card. `decline_code` is for the operator, never for the customer. */
export type Failure = Readonly<{
  code: string;
  decline_code: string | null;
  advice_code: string | null;
  message: string;
  charge: string | null;
}>;

/** Amounts in minor units; `currency` beside each amount that Stripe names, since it may not be the one asked for. */
export type ChargeEvent =
  | { type: 'PaymentInitiated'; data: Ask & Readonly<{ method: Method }> }
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
    }
  /** Stripe sent the money on to the merchant's bank, in this payout. */
  | { type: 'PayoutRecorded'; data: Readonly<{ payout: string }> };

export type MoneyData = Readonly<{ amount: number; currency: string }>;

export type OfflineEvent =
  /** Money that came past Stripe, as somebody wrote it down: captured from the first. */
  | { type: 'OfflinePaymentRecorded'; data: Ask & Readonly<{ method: OfflineMethod }> }
  /** It was no money after all: a cheque bounced, a transfer was called back. */
  | { type: 'OfflinePaymentReversed'; data: Readonly<{ why: string }> };

/** Stripe's own words for why money goes back. */
export type RefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer';

/** `credit`: goods came back, and so much less is owed. `reopen`: the charge was wrong, and the debt stands again. */
export type RefundEffect = 'credit' | 'reopen';

export type RefundEvent =
  /** Written down before Stripe is asked; its id is in the key of the call. `note` is for people here. */
  | {
      type: 'RefundRequested';
      data: Whose &
        Readonly<{
          refund: RefundId;
          amount: number;
          currency: Currency;
          reason: RefundReason | null;
          effect: RefundEffect;
          note: string | null;
        }>;
    }
  /** Somebody made it at Stripe. What became of it follows in the same append. */
  | {
      type: 'ExternalRefundDetected';
      data: Whose & Readonly<{ refund: RefundId; stripe_refund: string; amount: number; currency: string }>;
    }
  | { type: 'RefundPending'; data: Readonly<{ refund: RefundId; stripe_refund: string }> }
  /** `stripe_refund` null: given back by hand, as the money had come. */
  | { type: 'RefundSucceeded'; data: Readonly<{ refund: RefundId; stripe_refund: string | null }> }
  /** Also after it had succeeded: the bank sent the money back. `stripe_refund` null: Stripe never made it. */
  | {
      type: 'RefundFailed';
      data: Readonly<{ refund: RefundId; stripe_refund: string | null; failure_reason: string }>;
    }
  | { type: 'RefundCanceled'; data: Readonly<{ refund: RefundId; stripe_refund: string }> };

/** How a dispute ended. `inquiry_closed`: the bank asked, and never disputed. */
export type DisputeOutcome = 'won' | 'lost' | 'prevented' | 'inquiry_closed';

export type DisputeEvent =
  | {
      type: 'DisputeOpened';
      data: Whose &
        Readonly<{
          dispute: DisputeId;
          stripe_dispute: string;
          charge: string;
          amount: number;
          currency: string;
          /** Stripe's word for what the cardholder says. */
          reason: string;
          /** The bank only asks so far; no money has moved. */
          inquiry: boolean;
          /** RFC 3339: until when evidence is taken. */
          due_by: string | null;
        }>;
    }
  | { type: 'DisputeEscalated'; data: Readonly<{ dispute: DisputeId; due_by: string | null }> }
  /** `amount` in minor units of the payment, whatever Stripe's balance is kept in. */
  | { type: 'FundsWithdrawn'; data: Readonly<{ dispute: DisputeId; amount: number }> }
  | { type: 'FundsReinstated'; data: Readonly<{ dispute: DisputeId; amount: number }> }
  | { type: 'DisputeClosed'; data: Readonly<{ dispute: DisputeId; outcome: DisputeOutcome }> };

export type PaymentEvent = ChargeEvent | OfflineEvent | RefundEvent | DisputeEvent;
