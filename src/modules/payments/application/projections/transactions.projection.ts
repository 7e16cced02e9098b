import type { Projection, Told } from '../../../../shared/application/projection.js';
import type { OrderEvent } from '../../../orders/index.js';
import type { DisputeEvent, PaymentEvent, RefundEvent } from '../../domain/payment.events.js';
import type { PaymentLinkEvent } from '../../domain/payment-link.events.js';
import { linkIdOf, paymentIdOf } from '../payment-stream.js';
import { type DisputeRow, disputeRow } from './dispute-row.js';
import { type LinkRow, linkRow } from './link-row.js';
import { applied, type PaymentRow, paymentRow } from './payment-row.js';
import { type RefundRow, refundRow } from './refund-row.js';

export type TransactionRow = PaymentRow | LinkRow | RefundRow | DisputeRow;
type Event = PaymentEvent | PaymentLinkEvent | Extract<OrderEvent, { type: 'PaymentApplied' }>;

/** Everything that happened to an order's money, a row each: the Transactions tab, payments, links, refunds and disputes. */
export const transactions: Projection<Event, TransactionRow> = {
  name: 'transactions',
  version: 3,
  indexes: ['order', 'store', 'object', 'listed', 'fee_pending', 'status', 'payment'],
  reads: [
    'PaymentInitiated',
    'PaymentIntentCreated',
    'ActionRequired',
    'OutcomeUnknown',
    'PaymentCaptured',
    'CaptureMismatchDetected',
    'PaymentFailed',
    'PaymentVoided',
    'PaymentIntentCanceled',
    'FeeRecorded',
    'PayoutRecorded',
    'OfflinePaymentRecorded',
    'OfflinePaymentReversed',
    'RefundRequested',
    'ExternalRefundDetected',
    'RefundPending',
    'RefundSucceeded',
    'RefundFailed',
    'RefundCanceled',
    'DisputeOpened',
    'DisputeEscalated',
    'FundsWithdrawn',
    'FundsReinstated',
    'DisputeClosed',
    'PaymentApplied',
    'LinkCreated',
    'LinkMailRequested',
    'SessionRequested',
    'SessionOpened',
    'SessionEnded',
    'LinkPaid',
    'LinkRevoked',
    'LinkExpired',
    'LinkSuperseded',
  ],
  keys: (event) => {
    switch (event.stream.slice(0, event.stream.indexOf('-'))) {
      case 'payment':
        return [paymentIdOf(event.stream), ...returns(event)];
      case 'link':
        return [linkIdOf(event.stream)];
      case 'order':
        return event.type === 'PaymentApplied' ? [event.data.payment] : [];
      default:
        return [];
    }
  },
  project: (row, event, key) => {
    if (key.startsWith('pay_')) return projectPayment(row?.object === 'payment' ? row : undefined, event);
    if (key.startsWith('refund_'))
      return refundRow(row?.object === 'refund' ? row : undefined, event as Told<RefundEvent>);
    if (key.startsWith('dispute_'))
      return disputeRow(row?.object === 'dispute' ? row : undefined, event as Told<DisputeEvent>);
    return linkRow(row?.object === 'payment_link' ? row : undefined, event as Told<PaymentLinkEvent>);
  },
};

/** The refund or the dispute that an event of a payment is about. */
function returns({ data }: Told<Event>): readonly string[] {
  if ('refund' in data) return [data.refund];
  return 'dispute' in data ? [data.dispute] : [];
}

function projectPayment(row: PaymentRow | undefined, event: Told<Event>): PaymentRow | null {
  if (event.type === 'PaymentApplied') return row ? applied(row, event) : null;
  return paymentRow(row, event as Told<PaymentEvent>);
}
