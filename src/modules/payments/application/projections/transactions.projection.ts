import type { Projection, Told } from '../../../../shared/application/projection.js';
import type { OrderEvent } from '../../../orders/index.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import type { PaymentLinkEvent } from '../../domain/payment-link.events.js';
import { linkIdOf, paymentIdOf } from '../payment-stream.js';
import { type LinkRow, linkRow } from './link-row.js';
import { applied, type PaymentRow, paymentRow } from './payment-row.js';

export type TransactionRow = PaymentRow | LinkRow;
type Event = PaymentEvent | PaymentLinkEvent | Extract<OrderEvent, { type: 'PaymentApplied' }>;

/** Everything that happened to an order's money, a row each: the Transactions tab, every payment and every link. */
export const transactions: Projection<Event, TransactionRow> = {
  name: 'transactions',
  version: 1,
  indexes: ['order', 'store', 'object', 'listed', 'fee_pending', 'status'],
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
        return [paymentIdOf(event.stream)];
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
    return linkRow(row?.object === 'payment_link' ? row : undefined, event as Told<PaymentLinkEvent>);
  },
};

function projectPayment(row: PaymentRow | undefined, event: Told<Event>): PaymentRow | null {
  if (event.type === 'PaymentApplied') return row ? applied(row, event) : null;
  return paymentRow(row, event as Told<PaymentEvent>);
}
