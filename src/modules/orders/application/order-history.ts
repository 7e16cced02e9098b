import { Money } from '../../../shared/domain/money.js';
import type { OrderEvent, PaymentStatus, RefundPolicy } from '../domain/order.events.js';
import type { HistorySubject, HistoryTable } from './history-summaries.js';

const statuses: Readonly<Record<PaymentStatus, string>> = {
  unpaid: 'unpaid',
  partially_paid: 'partially paid',
  paid: 'paid',
  overpaid: 'overpaid',
};

const policies: Readonly<Record<RefundPolicy, string>> = {
  refund_all: 'all that was paid is refunded',
  keep_credit: 'what was paid is kept as credit',
  none: 'what was paid is kept',
};

/** What happens to an order, in a sentence each. */
export const orderHistory: HistoryTable<OrderEvent> = {
  OrderOpened: {
    type: 'order.opened',
    says: ({ terms }, order) => `Order ${terms.number} of ${show(terms.total, order)} was opened`,
  },
  OrderRevised: { type: 'order.revised', says: () => 'The order was revised' },
  OrderTotalChanged: {
    type: 'order.total_changed',
    says: ({ from, to }, order) => `The total was changed from ${show(from, order)} to ${show(to, order)}`,
  },
  InvoiceIssued: {
    type: 'invoice.issued',
    says: ({ number, revision }) =>
      revision === 1
        ? `Invoice ${number} was issued`
        : `Revision ${revision} of invoice ${number} was issued`,
  },
  PaymentReserved: {
    type: 'payment.reserved',
    says: ({ amount, channel }, order) =>
      `${show(amount, order)} was held for ${channel === 'card' ? 'a card charge' : 'a payment page'}`,
  },
  ReservationReleased: {
    type: 'payment.released',
    says: ({ amount }, order) => `${show(amount, order)} is no longer held`,
  },
  PaymentApplied: {
    type: 'payment.applied',
    says: ({ applied, excess }, order) =>
      excess === 0
        ? `${show(applied, order)} counts towards the balance`
        : `${show(applied, order)} counts towards the balance, ${show(excess, order)} is too much`,
  },
  PaymentStatusChanged: {
    type: 'order.payment_status_changed',
    says: ({ to, balance_due }, order) =>
      balance_due === 0
        ? `The order is ${statuses[to]}`
        : `The order is ${statuses[to]}; ${show(balance_due, order)} is due`,
  },
  OrderCancelled: {
    type: 'order.cancelled',
    says: ({ policy, written_off }, order) =>
      written_off === 0
        ? `The order was cancelled; ${policies[policy]}`
        : `The order was cancelled and ${show(written_off, order)} written off`,
  },
};

function show(minor: number, { currency }: HistorySubject): string {
  return Money.format({ minor, currency });
}
