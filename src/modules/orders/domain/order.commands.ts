import type { Currency } from '../../../shared/domain/currency.js';
import type { DisputeId, PaymentId, RefundId, StoreId } from '../../../shared/domain/ids.js';
import type { Money } from '../../../shared/domain/money.js';
import type {
  Channel,
  DisputeDecision,
  DisputeStatus,
  ExcessResolution,
  RefundEffect,
  RefundPolicy,
  Terms,
} from './order.events.js';

export type OrderCommand =
  /** Opens the order, or revises it to exactly these terms. */
  | {
      type: 'ImportOrder';
      store: StoreId;
      livemode: boolean;
      externalId: string;
      currency: Currency;
      terms: Terms;
    }
  | { type: 'ReviseOrder'; changes: Partial<Terms> }
  | { type: 'IssueInvoice'; number: string }
  /** `amount` null: all that is available. A payment whose hold was released took no money, and may be held anew. */
  | {
      type: 'ReservePayment';
      payment: PaymentId;
      amount: Money | null;
      channel: Channel;
      instruction: Readonly<Record<string, string>>;
    }
  | { type: 'ReleaseReservation'; payment: PaymentId; why: string }
  | { type: 'ApplyPayment'; payment: PaymentId; captured: Money }
  | { type: 'ReversePayment'; payment: PaymentId; why: string }
  | { type: 'ApplyRefund'; refund: RefundId; payment: PaymentId; amount: Money; effect: RefundEffect }
  | { type: 'ReverseRefund'; refund: RefundId; why: string }
  /** States where the dispute stands now and what it holds; only the difference is recorded. */
  | { type: 'ApplyDispute'; dispute: DisputeId; payment: PaymentId; status: DisputeStatus; withdrawn: Money }
  | { type: 'DecideLostDispute'; dispute: DisputeId; decision: DisputeDecision }
  /** `amount` null: all that is too much. The same `reference` again changes nothing. */
  | { type: 'ResolveExcess'; resolution: ExcessResolution; amount: Money | null; reference: string | null }
  /** `amount` null: all that may be collected. The same `reference` again changes nothing. */
  | { type: 'WriteOffBalance'; amount: Money | null; reference: string | null }
  | { type: 'CancelOrder'; policy: RefundPolicy; reason: string | null }
  | { type: 'CompleteCancellation' };
