import type { Projection, Told } from '../../../../shared/application/projection.js';
import { amounts, emptyLedger, type Ledger } from '../../domain/amounts.js';
import {
  contestedBy,
  type Dispute,
  type DisputeEvent,
  disputeStatusOf,
  evolveDispute,
} from '../../domain/dispute.js';
import { added, movesOf } from '../../domain/ledger.js';
import type { OrderEvent, Terms } from '../../domain/order.events.js';
import { orderIdOf } from '../order-aggregate.js';
import type { OrderRow } from './order-row.js';

type Opened = Extract<Told<OrderEvent>, { type: 'OrderOpened' }>;
type Later = Exclude<Told<OrderEvent>, { type: 'OrderOpened' }>;

/** Orders as clients see them, found by number, customer and status. */
export const orders: Projection<OrderEvent, OrderRow> = {
  name: 'orders',
  version: 2,
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
    'CancellationRequested',
    'RefundApplied',
    'RefundReversed',
    'DisputeRecorded',
    'DisputeFundsWithdrawn',
    'DisputeFundsReinstated',
    'LostDisputeDecided',
    'PaymentReversed',
    'ExcessResolved',
    'BalanceWrittenOff',
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
    dispute_status: 'none',
    paid_at: null,
    invoice: null,
    created_at: at,
    revision: 1,
    held: {},
    disputes: {},
  };
}

function change(before: OrderRow, event: Later): OrderRow {
  const row = { ...before, ...summed(added(ledgerOf(before), movesOf(event))) };
  switch (event.type) {
    case 'OrderRevised':
      return { ...row, ...stated(event.data.terms), total: row.total };
    case 'OrderTotalChanged':
      return { ...row, ...summed({ ...ledgerOf(row), total: event.data.to }) };
    case 'InvoiceIssued':
      return { ...row, invoice: event.data };
    case 'PaymentReserved':
      return { ...row, held: { ...row.held, [event.data.payment]: event.data.amount } };
    case 'ReservationReleased':
    case 'PaymentApplied':
      return released(row, event.data.payment);
    case 'PaymentStatusChanged':
      return { ...row, paid_at: event.data.to === 'paid' ? event.at : null };
    case 'DisputeRecorded':
    case 'DisputeFundsWithdrawn':
    case 'DisputeFundsReinstated':
    case 'LostDisputeDecided':
      return disputed(row, event);
    case 'CancellationRequested':
      return { ...row, status: 'cancelling' };
    case 'OrderCancelled':
      return { ...row, status: 'cancelled' };
    default:
      return row;
  }
}

function released(row: OrderRow, payment: keyof OrderRow['held']): OrderRow {
  const { [payment]: amount = 0, ...held } = row.held;
  const ledger = ledgerOf(row);
  return { ...row, held, ...summed({ ...ledger, reserved: ledger.reserved - amount }) };
}

function disputed(row: OrderRow, event: DisputeEvent): OrderRow {
  const { dispute: id } = event.data;
  const dispute = evolveDispute(row.disputes[id], event);
  if (!dispute) return row;
  const disputes = { ...row.disputes, [id]: dispute };
  const all = Object.values<Dispute>(disputes);
  const contested = contestedBy(all);
  return {
    ...row,
    disputes,
    dispute_status: disputeStatusOf(all),
    ...summed({ ...ledgerOf(row), contested }),
  };
}

/** What was agreed. */
function stated({ number, customer, lines, shipping_amount, total, due_date, metadata }: Terms) {
  const found = { customer_id: customer.id, customer_external_id: customer.external_id };
  return { number, customer, lines, shipping_amount, total, due_date, metadata, ...found };
}

/** What it adds up to. The total follows `OrderTotalChanged`, in the same append as the new terms. */
function summed(ledger: Ledger) {
  const { netPaid, balanceDue, available, overpaid, paymentStatus, refundStatus } = amounts(ledger);
  return {
    total: ledger.total,
    amount_captured: ledger.captured,
    amount_refunded: ledger.refunded,
    amount_disputed: ledger.withdrawn,
    amount_contested: ledger.contested,
    amount_moved_to_credit: ledger.movedToCredit,
    amount_credited: ledger.credited,
    amount_written_off: ledger.writtenOff,
    amount_paid: netPaid,
    amount_reserved: ledger.reserved,
    balance_due: balanceDue,
    available,
    overpaid,
    payment_status: paymentStatus,
    refund_status: refundStatus,
  };
}

function ledgerOf(row: OrderRow): Ledger {
  return {
    total: row.total,
    captured: row.amount_captured,
    refunded: row.amount_refunded,
    withdrawn: row.amount_disputed,
    contested: row.amount_contested,
    movedToCredit: row.amount_moved_to_credit,
    credited: row.amount_credited,
    writtenOff: row.amount_written_off,
    reserved: row.amount_reserved,
  };
}
