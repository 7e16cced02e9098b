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

const exampleCustomer = {
  id: 'cust_0193527c1b2e7c4f9d1a5b6c7d8e9f06',
  external_id: 'c-7',
  name: 'Ada Lovelace',
  email: 'ada@example.test',
  phone: null,
  address: {
    line1: "12 St James's Sq",
    line2: null,
    city: 'London',
    state: null,
    postal_code: 'SW1Y 4JH',
    country: 'GB',
  },
};
const exampleLine = {
  description: 'Desk lamp',
  sku: 'LMP-1',
  quantity: '2',
  unit_amount: 4000,
  amount: 8000,
  tax_amount: 1600,
};

export const OrderAnswer = z
  .object({
    id: text.startsWith('order_'),
    object: z.literal('order'),
    external_id: text,
    number: text,
    store: text.startsWith('store_'),
    livemode: z.boolean(),
    status: z
      .enum(['open', 'cancelling', 'cancelled'])
      .describe('`cancelling`: nothing more is asked for, and what was paid is on its way back.'),
    customer,
    currency: text,
    lines: z.array(line),
    shipping_amount: minor,
    total: minor,
    amount_captured: minor,
    amount_refunded: minor,
    amount_disputed: minor.describe('Taken by disputes, less what came back.'),
    amount_contested: minor.describe('Of that, what nobody has decided about: due, but not collected.'),
    amount_moved_to_credit: minor.describe('Kept as credit of the customer.'),
    amount_credited: minor.describe('Lowers what is owed: goods that came back.'),
    amount_written_off: minor,
    amount_paid: minor.describe('Net: captured − refunded − disputed − moved to credit.'),
    amount_reserved: minor.describe('Held for payments under way.'),
    balance_due: minor,
    available: minor.describe('What may be charged now: the balance due less what is held or contested.'),
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
  .meta({
    id: 'Order',
    examples: [
      {
        id: 'order_0193527c1b2e7c4f9d1a5b6c7d8e9f02',
        object: 'order',
        external_id: 'SO-1042',
        number: 'SO-1042',
        store: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01',
        livemode: false,
        status: 'open',
        customer: exampleCustomer,
        currency: 'usd',
        lines: [exampleLine],
        shipping_amount: 400,
        total: 10_000,
        amount_captured: 3000,
        amount_refunded: 0,
        amount_disputed: 0,
        amount_contested: 0,
        amount_moved_to_credit: 0,
        amount_credited: 0,
        amount_written_off: 0,
        amount_paid: 3000,
        amount_reserved: 0,
        balance_due: 7000,
        available: 7000,
        overpaid: 0,
        payment_status: 'partially_paid',
        refund_status: 'none',
        dispute_status: 'none',
        paid_at: null,
        due_date: '2026-12-24',
        invoice: { number: 'INV-000017', revision: 1 },
        created_at: '2026-11-23T10:00:00.000Z',
        revision: 6,
        metadata: {},
      },
    ],
  });

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
  .meta({
    id: 'HistoryEvent',
    examples: [
      {
        id: 'evt_0193527c1b2e7c4f9d1a5b6c7d8e9f07',
        object: 'history_event',
        type: 'payment.captured',
        at: '2026-11-23T10:00:01.000Z',
        revision: 5,
        summary: 'Card ending 4242 was charged 30.00 USD',
        actor: { type: 'api_key', id: 'key_0193527c1b2e7c4f9d1a5b6c7d8e9f08', name: 'Till 3' },
        reason: null,
        correlation_id: 'req_0193527c1b2e7c4f9d1a5b6c7d8e9f09',
        causation_id: null,
        stripe: { event: 'evt_1PgafTB7WZ01zgkW' },
        data: {},
      },
    ],
  });

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
    refunds: z.array(
      z.object({
        refund: text.startsWith('refund_'),
        payment: text.startsWith('pay_'),
        date: moment,
        amount: minor,
      }),
    ),
    refunded: minor,
    credited: minor.describe('Lowers what is owed: goods that came back.'),
    disputed: minor.describe('Taken by disputes, less what came back.'),
    moved_to_credit: minor.describe('Kept as credit of the customer.'),
    written_off: minor,
    balance_due: minor,
    status: z.enum(['unpaid', 'partially_paid', 'paid', 'overpaid', 'cancelled']),
  })
  .meta({
    id: 'Invoice',
    examples: [
      {
        object: 'invoice',
        number: 'INV-000017',
        revision: 1,
        livemode: false,
        issued_at: '2026-11-23T10:00:00.000Z',
        due_date: '2026-12-24',
        store: { id: 'store_0193527c1b2e7c4f9d1a5b6c7d8e9f01', name: 'Lamps & Co' },
        order: 'order_0193527c1b2e7c4f9d1a5b6c7d8e9f02',
        order_number: 'SO-1042',
        customer: exampleCustomer,
        currency: 'usd',
        lines: [exampleLine],
        shipping_amount: 400,
        subtotal: 8000,
        tax: 1600,
        total: 10_000,
        payments: [
          {
            payment: 'pay_0193527c1b2e7c4f9d1a5b6c7d8e9f03',
            date: '2026-11-23T10:00:01.000Z',
            description: 'Card ending 4242',
            amount: 3000,
          },
        ],
        refunds: [],
        refunded: 0,
        credited: 0,
        disputed: 0,
        moved_to_credit: 0,
        written_off: 0,
        balance_due: 7000,
        status: 'partially_paid',
      },
    ],
  });
