import type { DisputeId, MailId, OrderId, PaymentId, RefundId, StoreId } from '../../../shared/domain/ids.js';

/** What does not fit. */
export type ExceptionKind =
  /** An order was paid more than is owed. */
  | 'overpaid'
  /** Money came for an order that is cancelled. */
  | 'late_payment'
  /** Another amount or currency was captured than was asked for. */
  | 'capture_mismatch'
  | 'refund_failed'
  /** A dispute that runs, or the bank's question before one. */
  | 'dispute_opened'
  | 'dispute_lost'
  /** Nobody knows yet whether a payment took money. */
  | 'outcome_unknown'
  | 'mail_undelivered'
  /** The books here and at Stripe differ. */
  | 'reconciliation_difference';

/** What a person can do about it. */
export type ExceptionAction =
  | 'refund_excess'
  | 'keep_as_credit'
  | 'raise_total'
  | 'refund_payment'
  | 'accept'
  | 'retry'
  | 'look_at_stripe_again'
  | 'collect_again'
  | 'write_off';

/** How it ended. */
export type Outcome =
  | 'refunded'
  | 'kept_as_credit'
  | 'total_raised'
  | 'accepted'
  | 'sent_again'
  | 'collected_again'
  | 'written_off'
  | 'won'
  | 'lost'
  | 'prevented'
  | 'inquiry_closed'
  /** The bank's question became a dispute, which is an exception of its own. */
  | 'escalated'
  | 'captured'
  | 'failed'
  | 'voided'
  /** A refund that was thought to have failed was made all the same. */
  | 'went_through'
  /** By other means than an action of this exception. */
  | 'settled_otherwise';

/** What an exception is about; null where it is not about one. Amounts in minor units of the currency beside them. */
export type Subject = Readonly<{
  store: StoreId;
  livemode: boolean;
  order: OrderId | null;
  payment: PaymentId | null;
  refund: RefundId | null;
  dispute: DisputeId | null;
  mail: MailId | null;
  amount: number | null;
  currency: string | null;
}>;

export type ExceptionEvent =
  | {
      type: 'ExceptionOpened';
      data: Subject &
        Readonly<{
          kind: ExceptionKind;
          /** A sentence for people, with the numbers. */
          explanation: string;
          /** Whose turn it is: a mail address or a name. */
          owner: string;
        }>;
    }
  | { type: 'ExceptionAssigned'; data: Readonly<{ owner: string }> }
  /** Written down before anything is done. The actor and the reason are in the envelope; `wish` names the call, so that repeating it does nothing twice. */
  | { type: 'ResolutionChosen'; data: Readonly<{ action: ExceptionAction; wish: string }> }
  /** The action could not be carried out, or did not end the matter (`code`, of the problem, is null): it is open again. */
  | {
      type: 'ResolutionRefused';
      data: Readonly<{ action: ExceptionAction; wish: string; code: string | null; why: string }>;
    }
  /** `action` null: it came right by itself. */
  | {
      type: 'ExceptionResolved';
      data: Readonly<{ action: ExceptionAction | null; outcome: Outcome; explanation: string }>;
    };
