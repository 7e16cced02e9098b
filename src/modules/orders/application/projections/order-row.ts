import type { Currency } from '../../../../shared/domain/currency.js';
import type { CustomerId, DisputeId, OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import type { RefundStatus } from '../../domain/amounts.js';
import type { Dispute, OrderDisputeStatus } from '../../domain/dispute.js';
import type { Customer, Line, PaymentStatus } from '../../domain/order.events.js';

/** An order as clients see it. More stands in its row; the wire's schema lets only this out. */
export type OrderView = Readonly<{
  id: OrderId;
  object: 'order';
  external_id: string;
  number: string;
  store: StoreId;
  livemode: boolean;
  status: 'open' | 'cancelling' | 'cancelled';
  customer: Customer;
  currency: Currency;
  lines: readonly Line[];
  shipping_amount: number;
  total: number;
  amount_captured: number;
  amount_refunded: number;
  amount_disputed: number;
  /** The part of it that nobody has decided about. */
  amount_contested: number;
  amount_moved_to_credit: number;
  amount_credited: number;
  amount_written_off: number;
  /** Net: captured − refunded − disputed − moved to credit. */
  amount_paid: number;
  amount_reserved: number;
  balance_due: number;
  available: number;
  overpaid: number;
  payment_status: PaymentStatus;
  refund_status: RefundStatus;
  dispute_status: OrderDisputeStatus;
  paid_at: string | null;
  due_date: string | null;
  invoice: Readonly<{ number: string; revision: number }> | null;
  created_at: string;
  /** Number of the order's events. */
  revision: number;
  metadata: Readonly<Record<string, string>>;
}>;

export type OrderRow = OrderView &
  Readonly<{
    /** To filter by. */
    customer_id: CustomerId;
    customer_external_id: string | null;
    /** What is held, by payment. */
    held: Readonly<Record<PaymentId, number>>;
    disputes: Readonly<Record<DisputeId, Dispute>>;
  }>;
