import type { Currency } from '../../../shared/domain/currency.js';
import type { OrderId, PaymentId, StoreId } from '../../../shared/domain/ids.js';
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
  /** Money that came so far, oldest first. */
  payments: readonly Readonly<{ payment: PaymentId; date: string; description: string; amount: number }>[];
  refunded: number;
  written_off: number;
  balance_due: number;
  status: PaymentStatus | 'cancelled';
}>;
