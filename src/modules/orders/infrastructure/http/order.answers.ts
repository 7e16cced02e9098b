import { z } from 'zod';
import { listOf } from '../../../../shared/infrastructure/http/list-query.js';

const text = z.string();
const maybe = text.nullable();
const minor = z.int().describe('In the minor unit of the currency.');
const moment = z.iso.datetime();

const address = z.object({
  line1: maybe,
  line2: maybe,
  city: maybe,
  state: maybe,
  postal_code: maybe,
  country: maybe,
});

const customer = z.object({
  id: text.startsWith('cust_'),
  external_id: maybe,
  name: text,
  email: maybe,
  phone: maybe,
  address: address.nullable(),
});

const line = z.object({
  description: text,
  sku: maybe,
  quantity: text,
  unit_amount: minor,
  amount: minor,
  tax_amount: minor,
});

export const OrderAnswer = z
  .object({
    id: text.startsWith('order_'),
    object: z.literal('order'),
    external_id: text,
    number: text,
    store: text.startsWith('store_'),
    livemode: z.boolean(),
    status: z.enum(['open', 'cancelled']),
    customer,
    currency: text,
    lines: z.array(line),
    shipping_amount: minor,
    total: minor,
    amount_captured: minor,
    amount_refunded: minor,
    amount_disputed: minor,
    amount_credited: minor,
    amount_written_off: minor,
    amount_paid: minor.describe('Net: captured − refunded − disputed − moved to credit.'),
    amount_reserved: minor.describe('Held for payments under way.'),
    balance_due: minor,
    available: minor.describe('What may be charged now: the balance due less what is held.'),
    overpaid: minor,
    payment_status: z.enum(['unpaid', 'partially_paid', 'paid', 'overpaid']),
    refund_status: z.enum(['none', 'partial', 'full']),
    dispute_status: z.enum(['none', 'inquiry', 'open', 'won', 'lost']),
    paid_at: moment.nullable(),
    due_date: maybe,
    invoice: z.object({ number: text, revision: z.int() }).nullable(),
    created_at: moment,
    revision: z.int(),
    metadata: z.record(text, text),
  })
  .meta({ id: 'Order' });

export const OrderListAnswer = listOf('OrderList', OrderAnswer);

export const HistoryEventAnswer = z
  .object({
    id: text.startsWith('evt_'),
    object: z.literal('history_event'),
    type: text,
    at: moment,
    revision: z.int(),
    summary: text,
    actor: z.object({
      type: z.enum(['api_key', 'person', 'customer', 'stripe', 'system']),
      id: text,
      name: maybe,
    }),
    reason: maybe,
    correlation_id: text,
    causation_id: maybe,
    stripe: z.object({ event: text }).nullable(),
    data: z.record(text, z.unknown()),
  })
  .meta({ id: 'HistoryEvent' });

export const HistoryAnswer = listOf('History', HistoryEventAnswer);

export const InvoiceAnswer = z
  .object({
    object: z.literal('invoice'),
    number: text,
    revision: z.int(),
    livemode: z.boolean(),
    issued_at: moment,
    due_date: maybe,
    store: z.object({ id: text, name: text }),
    order: text.startsWith('order_'),
    order_number: text,
    customer,
    currency: text,
    lines: z.array(line),
    shipping_amount: minor,
    subtotal: minor.describe('Before tax and shipping.'),
    tax: minor,
    total: minor,
    payments: z.array(
      z.object({ payment: text.startsWith('pay_'), date: moment, description: text, amount: minor }),
    ),
    refunded: minor,
    written_off: minor,
    balance_due: minor,
    status: z.enum(['unpaid', 'partially_paid', 'paid', 'overpaid', 'cancelled']),
  })
  .meta({ id: 'Invoice' });
