import type { Currency } from '../../../shared/domain/currency.js';
import type { CustomerId, DisputeId, PaymentId, RefundId, StoreId } from '../../../shared/domain/ids.js';

export type Address = Readonly<{
  line1: string | null;
  line2: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
}>;

export type Customer = Readonly<{
  id: CustomerId;
  external_id: string | null;
  name: string;
  email: string | null;
  phone: string | null;
  address: Address | null;
}>;

/** Amounts in minor units of the order's currency; `quantity` is a decimal in text, for people. */
export type Line = Readonly<{
  description: string;
  sku: string | null;
  quantity: string;
  unit_amount: number;
  amount: number;
  tax_amount: number;
}>;

/** What was agreed with the customer, and can be agreed anew. */
export type Terms = Readonly<{
  number: string;
  customer: Customer;
  lines: readonly Line[];
  shipping_amount: number;
  /** Σ line amounts + Σ line taxes + shipping, where there are lines. */
  total: number;
  /** Calendar date, `2026-12-24`. */
  due_date: string | null;
  metadata: Readonly<Record<string, string>>;
}>;

/** How the money is to come: by a card charged from here, by the customer on the hosted page, or past Stripe. */
export type Channel = 'card' | 'link' | 'offline';

/** Derived from the amounts, never set by hand. */
export type PaymentStatus = 'unpaid' | 'partially_paid' | 'paid' | 'overpaid';

/** What a refund does to what is owed: goods came back and lower it, or a wrong charge is made good and does not. */
export type RefundEffect = 'credit' | 'reopen';

/** An inquiry that came to nothing is `closed`. */
export type DisputeStatus = 'inquiry' | 'open' | 'won' | 'lost' | 'prevented' | 'closed';

/** What is to become of the money that a lost dispute took. */
export type DisputeDecision = 'collect_again' | 'write_off';

/** Money above what is owed becomes the customer's credit, or the order asks for that much more. */
export type ExcessResolution = 'credit' | 'raise_total';

/** Every amount is in minor units of the order's one currency, which its first event states. */
export type OrderEvent =
  | {
      type: 'OrderOpened';
      data: Readonly<{
        store: StoreId;
        livemode: boolean;
        external_id: string;
        currency: Currency;
        terms: Terms;
      }>;
    }
  /** The whole of the new terms. */
  | { type: 'OrderRevised'; data: Readonly<{ terms: Terms }> }
  | { type: 'OrderTotalChanged'; data: Readonly<{ from: number; to: number }> }
  | { type: 'InvoiceIssued'; data: Readonly<{ number: string; revision: number }> }
  /**
   * Part of the balance is held for one payment, before any money call. `instruction` is what the payment was
   * asked to do, opaque to the order: a crash before the payment's own first event loses nothing.
   */
  | {
      type: 'PaymentReserved';
      data: Readonly<{
        payment: PaymentId;
        amount: number;
        channel: Channel;
        instruction: Readonly<Record<string, string>>;
      }>;
    }
  | { type: 'ReservationReleased'; data: Readonly<{ payment: PaymentId; amount: number; why: string }> }
  /** Money came, and is recorded as what really came: `captured` = `applied` to the balance + `excess`. */
  | {
      type: 'PaymentApplied';
      data: Readonly<{ payment: PaymentId; captured: number; applied: number; excess: number }>;
    }
  | {
      type: 'PaymentStatusChanged';
      data: Readonly<{ from: PaymentStatus; to: PaymentStatus; balance_due: number }>;
    }
  /** Nothing more is asked for: what was still due is written off. */
  | { type: 'OrderCancelled'; data: Readonly<{ policy: RefundPolicy; written_off: number }> }
  /** All that was paid is to go back; the order is cancelled once it has. */
  | { type: 'CancellationRequested'; data: Readonly<{ policy: 'refund_all' }> }
  /** A refund counts from the moment it is under way. `credited` of it lowers what is owed. */
  | {
      type: 'RefundApplied';
      data: Readonly<{
        refund: RefundId;
        payment: PaymentId;
        amount: number;
        effect: RefundEffect;
        credited: number;
      }>;
    }
  /** The refund did not come about: exactly what it did is taken back. */
  | {
      type: 'RefundReversed';
      data: Readonly<{ refund: RefundId; payment: PaymentId; amount: number; credited: number; why: string }>;
    }
  | {
      type: 'DisputeRecorded';
      data: Readonly<{ dispute: DisputeId; payment: PaymentId; status: DisputeStatus }>;
    }
  /** The bank took the money back while the dispute runs. */
  | {
      type: 'DisputeFundsWithdrawn';
      data: Readonly<{ dispute: DisputeId; payment: PaymentId; amount: number }>;
    }
  /** The money came back. `written_back` of what was written off for this dispute is owed again. */
  | {
      type: 'DisputeFundsReinstated';
      data: Readonly<{ dispute: DisputeId; payment: PaymentId; amount: number; written_back: number }>;
    }
  | {
      type: 'LostDisputeDecided';
      data: Readonly<{ dispute: DisputeId; decision: DisputeDecision; written_off: number }>;
    }
  /** A payment past Stripe that was no money after all: a cheque that bounced. */
  | { type: 'PaymentReversed'; data: Readonly<{ payment: PaymentId; amount: number; why: string }> }
  /** `reference` is the asker's name for it, here and below, so that asking again changes nothing. */
  | {
      type: 'ExcessResolved';
      data: Readonly<{ resolution: ExcessResolution; amount: number; reference: string | null }>;
    }
  | { type: 'BalanceWrittenOff'; data: Readonly<{ amount: number; reference: string | null }> };

/** What happens on cancellation to money that the order already has. */
export type RefundPolicy = 'refund_all' | 'keep_credit' | 'none';
