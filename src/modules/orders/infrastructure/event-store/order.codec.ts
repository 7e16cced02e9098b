import { z } from 'zod';
import type { EventCodec } from '../../../../shared/application/event-catalog.js';
import { Currency } from '../../../../shared/domain/currency.js';
import type { OrderEvent } from '../../domain/order.events.js';

type DataOf<T extends OrderEvent['type']> = Extract<OrderEvent, { type: T }>['data'];

const minor = z.int();
const text = z.string();
const maybe = text.nullable();
const currency = z.custom<Currency>(
  (code) => typeof code === 'string' && Currency.is(code),
  'unknown currency',
);
const payment = z.templateLiteral(['pay_', text]);
const refund = z.templateLiteral(['refund_', text]);
const dispute = z.templateLiteral(['dispute_', text]);
const status = z.enum(['unpaid', 'partially_paid', 'paid', 'overpaid']);

const disputeStatus = z.enum(['inquiry', 'open', 'won', 'lost', 'prevented', 'closed']);

const address = z.object({
  line1: maybe,
  line2: maybe,
  city: maybe,
  state: maybe,
  postal_code: maybe,
  country: maybe,
});

const customer = z.object({
  id: z.templateLiteral(['cust_', text]),
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

const terms = z.object({
  number: text,
  customer,
  lines: z.array(line),
  shipping_amount: minor,
  total: minor,
  due_date: maybe,
  metadata: z.record(text, text),
});

/** The stored shape of an event at its newest version. */
function stored<T extends OrderEvent['type']>(schema: z.ZodType<DataOf<T>>) {
  return { version: 1, parse: (data: unknown): DataOf<T> => schema.parse(data) };
}

/** What is written to the log and read from it. Stored shapes never change: a new one is a new version and an upcast. */
export const orderCodec: EventCodec<OrderEvent> = {
  OrderOpened: stored<'OrderOpened'>(
    z.object({
      store: z.templateLiteral(['store_', text]),
      livemode: z.boolean(),
      external_id: text,
      currency,
      terms,
    }),
  ),
  OrderRevised: stored<'OrderRevised'>(z.object({ terms })),
  OrderTotalChanged: stored<'OrderTotalChanged'>(z.object({ from: minor, to: minor })),
  InvoiceIssued: stored<'InvoiceIssued'>(z.object({ number: text, revision: minor })),
  PaymentReserved: stored<'PaymentReserved'>(
    z.object({
      payment,
      amount: minor,
      channel: z.enum(['card', 'link', 'offline']),
      instruction: z.record(text, text),
    }),
  ),
  ReservationReleased: stored<'ReservationReleased'>(z.object({ payment, amount: minor, why: text })),
  PaymentApplied: stored<'PaymentApplied'>(
    z.object({ payment, captured: minor, applied: minor, excess: minor }),
  ),
  PaymentStatusChanged: stored<'PaymentStatusChanged'>(
    z.object({ from: status, to: status, balance_due: minor }),
  ),
  OrderCancelled: stored<'OrderCancelled'>(
    z.object({ policy: z.enum(['refund_all', 'keep_credit', 'none']), written_off: minor }),
  ),
  CancellationRequested: stored<'CancellationRequested'>(z.object({ policy: z.literal('refund_all') })),
  RefundApplied: stored<'RefundApplied'>(
    z.object({ refund, payment, amount: minor, effect: z.enum(['credit', 'reopen']), credited: minor }),
  ),
  RefundReversed: stored<'RefundReversed'>(
    z.object({ refund, payment, amount: minor, credited: minor, why: text }),
  ),
  DisputeRecorded: stored<'DisputeRecorded'>(z.object({ dispute, payment, status: disputeStatus })),
  DisputeFundsWithdrawn: stored<'DisputeFundsWithdrawn'>(z.object({ dispute, payment, amount: minor })),
  DisputeFundsReinstated: stored<'DisputeFundsReinstated'>(
    z.object({ dispute, payment, amount: minor, written_back: minor }),
  ),
  LostDisputeDecided: stored<'LostDisputeDecided'>(
    z.object({ dispute, decision: z.enum(['collect_again', 'write_off']), written_off: minor }),
  ),
  PaymentReversed: stored<'PaymentReversed'>(z.object({ payment, amount: minor, why: text })),
  ExcessResolved: stored<'ExcessResolved'>(
    z.object({ resolution: z.enum(['credit', 'raise_total']), amount: minor, reference: maybe }),
  ),
  BalanceWrittenOff: stored<'BalanceWrittenOff'>(z.object({ amount: minor, reference: maybe })),
};
