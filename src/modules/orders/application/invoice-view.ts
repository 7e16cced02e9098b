import type { Currency } from '../../../shared/domain/currency.js';
import type { OrderId, PaymentId, StoreId } from '../../../shared/domain/ids.js';
import type { Customer, Line, PaymentStatus } from '../domain/order.events.js';

/** All that stands on an invoice. Amounts in minor units of `currency`; documents are rendered from this alone. */
export type InvoiceView = Readonly<{
  object: 'invoice';
  number: string;
  revision: number;
  livemode: boolean;
  /** RFC 3339, when this revision was issued. */
  issued_at: string;
  /** Calendar date. */
  due_date: string | null;
  store: Readonly<{ id: StoreId; name: string }>;
  order: Readonly<{ id: OrderId; external_id: string; number: string; status: 'open' | 'cancelled' }>;
  customer: Customer;
  currency: Currency;
  lines: readonly Line[];
  /** Σ line amounts, before tax; null where the order has no lines. */
  subtotal: number | null;
  /** Σ line taxes; null where the order has no lines. */
  tax_amount: number | null;
  shipping_amount: number;
  total: number;
  /** Money that came so far, oldest first. */
  payments: readonly Readonly<{ payment: PaymentId; received_at: string; amount: number }>[];
  amount_refunded: number;
  amount_credited: number;
  amount_written_off: number;
  /** Net of what went back. */
  amount_paid: number;
  balance_due: number;
  overpaid: number;
  payment_status: PaymentStatus;
}>;
