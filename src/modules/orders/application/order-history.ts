import { Money } from '../../../shared/domain/money.js';
import type {
  Channel,
  DisputeStatus,
  OrderEvent,
  PaymentStatus,
  RefundPolicy,
} from '../domain/order.events.js';
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

const disputes: Readonly<Record<DisputeStatus, string>> = {
  inquiry: 'The customer’s bank asks about a payment',
  open: 'A payment is disputed',
  won: 'The dispute was won',
  lost: 'The dispute was lost',
  prevented: 'The dispute was prevented',
  closed: 'The bank’s inquiry was closed',
};

const channels: Readonly<Record<Channel, string>> = {
  card: 'a card charge',
  link: 'a payment page',
  offline: 'an offline payment',
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
    says: ({ amount, channel }, order) => `${show(amount, order)} was held for ${channels[channel]}`,
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
  CancellationRequested: {
    type: 'order.cancellation_requested',
    says: ({ policy }) => `The order is being cancelled; ${policies[policy]}`,
  },
  RefundApplied: {
    type: 'refund.applied',
    says: ({ amount, credited }, order) =>
      credited === 0
        ? `A refund of ${show(amount, order)} counts`
        : `A refund of ${show(amount, order)} counts, and ${show(credited, order)} less is owed`,
  },
  RefundReversed: {
    type: 'refund.reversed',
    says: ({ amount }, order) => `The refund of ${show(amount, order)} did not come about`,
  },
  DisputeRecorded: { type: 'dispute.recorded', says: ({ status }) => disputes[status] },
  DisputeFundsWithdrawn: {
    type: 'dispute.funds_withdrawn',
    says: ({ amount }, order) => `${show(amount, order)} was taken by a dispute`,
  },
  DisputeFundsReinstated: {
    type: 'dispute.funds_reinstated',
    says: ({ amount }, order) => `${show(amount, order)} came back from a dispute`,
  },
  LostDisputeDecided: {
    type: 'dispute.decided',
    says: ({ decision, written_off }, order) =>
      decision === 'collect_again'
        ? 'What the lost dispute took is collected again'
        : `What the lost dispute took is given up; ${show(written_off, order)} was written off`,
  },
  PaymentReversed: {
    type: 'payment.reversed',
    says: ({ amount }, order) =>
      amount === 0
        ? 'A payment did not come after all, before it was counted'
        : `${show(amount, order)} did not come after all`,
  },
  ExcessResolved: {
    type: 'order.excess_resolved',
    says: ({ resolution, amount }, order) =>
      resolution === 'credit'
        ? `${show(amount, order)} is kept as credit of the customer`
        : `The order asks for ${show(amount, order)} more, as was paid`,
  },
  BalanceWrittenOff: {
    type: 'order.balance_written_off',
    says: ({ amount }, order) => `${show(amount, order)} was written off`,
  },
};

function show(minor: number, { currency }: HistorySubject): string {
  return Money.format({ minor, currency });
}
