import type { Currency } from '../../../shared/domain/currency.js';
import type { LinkId, MailId, OrderId, PaymentId, StoreId } from '../../../shared/domain/ids.js';

/** `balance`: what is due at the moment of paying. `fixed`: this much. */
export type AmountRule = Readonly<{ rule: 'balance' }> | Readonly<{ rule: 'fixed'; amount: number }>;

export type PaymentLinkEvent =
  | {
      type: 'LinkCreated';
      data: Readonly<{
        link: LinkId;
        order: OrderId;
        store: StoreId;
        livemode: boolean;
        currency: Currency;
        amount_rule: AmountRule;
        /** SHA-256 of the token in the customer's URL; the token itself is never stored. */
        token_hash: string;
        expires_at: string;
        /** `email` null: the link is handed over by the merchant. */
        recipient: Readonly<{ name: string; email: string | null }>;
        /** The operator's own words, plain text. */
        message: string | null;
        metadata: Readonly<Record<string, string>>;
      }>;
    }
  | { type: 'LinkMailRequested'; data: Readonly<{ mail: MailId; message_id: string }> }
  /** Write-ahead of a hosted page: replaying it with the same key and bytes finds the same page. */
  | {
      type: 'SessionRequested';
      data: Readonly<{ session: number; payment: PaymentId; amount: number; expires_at: string }>;
    }
  | { type: 'SessionOpened'; data: Readonly<{ session: number; checkout_session: string; url: string }> }
  | { type: 'SessionEnded'; data: Readonly<{ session: number; why: SessionEnd }> }
  | { type: 'LinkPaid'; data: Readonly<{ payment: PaymentId }> }
  | { type: 'LinkRevoked'; data: Readonly<Record<string, never>> }
  | { type: 'LinkExpired'; data: Readonly<Record<string, never>> }
  /** The order was settled another way, or no longer has this much due. */
  | {
      type: 'LinkSuperseded';
      data: Readonly<{ why: 'order_settled' | 'order_cancelled' | 'amount_above_balance' }>;
    };

/** `completed`: the customer paid. `expired`: by time or by our fence, confirmed by Stripe. `not_opened`: never existed there. */
export type SessionEnd = 'completed' | 'expired' | 'not_opened';
