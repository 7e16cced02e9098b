import type { Currency } from '../../../shared/domain/currency.js';
import type { OrderId, PaymentId, RefundId, StoreId } from '../../../shared/domain/ids.js';
import type { Customer, Line, PaymentStatus } from '../domain/order.events.js';

/** All that an invoice says, as clients get it. Amounts in minor units of `currency`; documents show this and no more. */
export type InvoiceView = Readonly<{
  object: 'invoice';
  number: string;
  /** 1 for the first issue; each change of the order's terms issues another. */
  revision: number;
  livemode: boolean;
  /** RFC 3339, when this revision was issued. */
  issued_at: string;
  /** Calendar date. */
  due_date: string | null;
  store: Readonly<{ id: StoreId; name: string }>;
  order: OrderId;
  order_number: string;
  customer: Customer;
  currency: Currency;
  lines: readonly Line[];
  shipping_amount: number;
  /** Σ line amounts, before tax; the total less shipping where there are no lines. */
  subtotal: number;
  tax: number;
  total: number;
  /** Money that came so far, oldest first; a cheque that bounced is not among it. */
  payments: readonly Readonly<{ payment: PaymentId; date: string; description: string; amount: number }>[];
  /** Money that goes back, oldest first; those that failed are not among it. */
  refunds: readonly Readonly<{ refund: RefundId; payment: PaymentId; date: string; amount: number }>[];
  refunded: number;
  /** Lowers what is owed: goods that came back. */
  credited: number;
  /** Taken by disputes, less what came back. */
  disputed: number;
  /** Kept as credit of the customer. */
  moved_to_credit: number;
  written_off: number;
  balance_due: number;
  status: PaymentStatus | 'cancelled';
}>;
