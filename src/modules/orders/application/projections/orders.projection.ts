import type { Projection, Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import { amounts, emptyLedger, type Ledger } from '../../domain/amounts.js';
import type { OrderEvent, Terms } from '../../domain/order.events.js';
import { orderIdOf } from '../order-aggregate.js';
import type { OrderRow } from './order-row.js';

type Opened = Extract<Told<OrderEvent>, { type: 'OrderOpened' }>;
type Later = Exclude<Told<OrderEvent>, { type: 'OrderOpened' }>;

/** Orders as clients see them, found by number, customer and status. */
export const orders: Projection<OrderEvent, OrderRow> = {
  name: 'orders',
  version: 1,
  indexes: ['store', 'external_id', 'number', 'customer_id', 'customer_external_id', 'payment_status'],
  reads: [
    'OrderOpened',
    'OrderRevised',
    'OrderTotalChanged',
    'InvoiceIssued',
    'PaymentReserved',
    'ReservationReleased',
    'PaymentApplied',
    'PaymentStatusChanged',
    'OrderCancelled',
  ] satisfies readonly OrderEvent['type'][],
  keys: (event) => [orderIdOf(event.stream)],
  project(row, event) {
    const next = event.type === 'OrderOpened' ? open(event) : row && change(row, event);
    return next ? { ...next, revision: event.revision + 1 } : null;
  },
};

function open({ data, stream, at }: Opened): OrderRow {
  const { store, livemode, external_id, currency, terms } = data;
  return {
    id: orderIdOf(stream),
    object: 'order',
    external_id,
    store,
    livemode,
    status: 'open',
    currency,
    ...stated(terms),
    ...summed({ ...emptyLedger, total: terms.total }),
    refund_status: 'none',
    dispute_status: 'none',
    paid_at: null,
    invoice: null,
    created_at: at,
    revision: 1,
    held: {},
  };
}

function change(row: OrderRow, event: Later): OrderRow {
  const ledger = ledgerOf(row);
  switch (event.type) {
    case 'OrderRevised':
      return { ...row, ...stated(event.data.terms), total: row.total };
    case 'OrderTotalChanged':
      return { ...row, ...summed({ ...ledger, total: event.data.to }) };
    case 'InvoiceIssued':
      return { ...row, invoice: event.data };
    case 'PaymentReserved': {
      const { payment, amount } = event.data;
      const held = { ...row.held, [payment]: amount };
      return { ...row, held, ...summed({ ...ledger, reserved: ledger.reserved + amount }) };
    }
    case 'ReservationReleased':
      return released(row, event.data.payment);
    case 'PaymentApplied': {
      const free = released(row, event.data.payment);
      const { captured, ...rest } = ledgerOf(free);
      return { ...free, ...summed({ ...rest, captured: captured + event.data.captured }) };
    }
    case 'PaymentStatusChanged':
      return { ...row, paid_at: event.data.to === 'paid' ? event.at : null };
    case 'OrderCancelled': {
      const writtenOff = ledger.writtenOff + event.data.written_off;
      return { ...row, status: 'cancelled', ...summed({ ...ledger, writtenOff }) };
    }
    default:
      return assertNever(event);
  }
}

function released(row: OrderRow, payment: keyof OrderRow['held']): OrderRow {
  const { [payment]: amount = 0, ...held } = row.held;
  const ledger = ledgerOf(row);
  return { ...row, held, ...summed({ ...ledger, reserved: ledger.reserved - amount }) };
}

/** What was agreed. */
function stated({ number, customer, lines, shipping_amount, total, due_date, metadata }: Terms) {
  const found = { customer_id: customer.id, customer_external_id: customer.external_id };
  return { number, customer, lines, shipping_amount, total, due_date, metadata, ...found };
}

/** What it adds up to. The total follows `OrderTotalChanged`, in the same append as the new terms. */
function summed(ledger: Ledger) {
  const { netPaid, balanceDue, available, overpaid, paymentStatus } = amounts(ledger);
  return {
    total: ledger.total,
    amount_captured: ledger.captured,
    amount_refunded: ledger.refunded,
    amount_disputed: ledger.withdrawn,
    amount_credited: ledger.credited,
    amount_written_off: ledger.writtenOff,
    amount_paid: netPaid,
    amount_reserved: ledger.reserved,
    balance_due: balanceDue,
    available,
    overpaid,
    payment_status: paymentStatus,
  };
}

function ledgerOf(row: OrderRow): Ledger {
  return {
    total: row.total,
    captured: row.amount_captured,
    refunded: row.amount_refunded,
    withdrawn: row.amount_disputed,
    movedToCredit: row.amount_captured - row.amount_refunded - row.amount_disputed - row.amount_paid,
    credited: row.amount_credited,
    writtenOff: row.amount_written_off,
    reserved: row.amount_reserved,
  };
}
