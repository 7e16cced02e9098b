import { describe, expect, test } from '@jest/globals';
import {
  applied,
  cancelled,
  cancelling,
  decided,
  disputed,
  invoiced,
  opened,
  refunded,
  reinstated,
  released,
  reserved,
  resolved,
  unrefunded,
  usd,
  withdrawn,
  writtenOff,
} from '../../../../test/support/an-order.js';
import type { OrderEvent } from '../domain/order.events.js';
import { HistorySummaries } from './history-summaries.js';
import { orderHistory } from './order-history.js';

const summaries = new HistorySummaries();
summaries.register(orderHistory);
const says = ({ type, data }: OrderEvent) => {
  const entry = summaries.entry(type);
  return [entry?.type, entry?.says(data, { number: 'SO-1042', currency: usd })];
};

describe('the history of an order, in words', () => {
  test.each<[OrderEvent, string, string]>([
    [opened(), 'order.opened', 'Order SO-1042 of 100.00 USD was opened'],
    [
      { type: 'OrderTotalChanged', data: { from: 10_000, to: 9000 } },
      'order.total_changed',
      'The total was changed from 100.00 USD to 90.00 USD',
    ],
    [invoiced(), 'invoice.issued', 'Invoice INV-000017 was issued'],
    [invoiced(2), 'invoice.issued', 'Revision 2 of invoice INV-000017 was issued'],
    [reserved('pay_1', 3000), 'payment.reserved', '30.00 USD was held for a card charge'],
    [reserved('pay_1', 3000, 'link'), 'payment.reserved', '30.00 USD was held for a payment page'],
    [released('pay_1', 3000), 'payment.released', '30.00 USD is no longer held'],
    [applied('pay_1', 3000), 'payment.applied', '30.00 USD counts towards the balance'],
    [
      applied('pay_1', 3000, 500),
      'payment.applied',
      '30.00 USD counts towards the balance, 5.00 USD is too much',
    ],
    [
      { type: 'PaymentStatusChanged', data: { from: 'unpaid', to: 'partially_paid', balance_due: 7000 } },
      'order.payment_status_changed',
      'The order is partially paid; 70.00 USD is due',
    ],
    [
      { type: 'PaymentStatusChanged', data: { from: 'unpaid', to: 'paid', balance_due: 0 } },
      'order.payment_status_changed',
      'The order is paid',
    ],
    [
      { type: 'OrderCancelled', data: { policy: 'none', written_off: 7000 } },
      'order.cancelled',
      'The order was cancelled and 70.00 USD written off',
    ],
    [
      { type: 'OrderCancelled', data: { policy: 'none', written_off: 0 } },
      'order.cancelled',
      'The order was cancelled; what was paid is kept',
    ],
    [
      cancelling,
      'order.cancellation_requested',
      'The order is being cancelled; all that was paid is refunded',
    ],
    [
      cancelled(0, 'keep_credit'),
      'order.cancelled',
      'The order was cancelled; what was paid is kept as credit',
    ],
    [
      refunded('refund_1', 3000),
      'refund.applied',
      'A refund of 30.00 USD counts, and 30.00 USD less is owed',
    ],
    [refunded('refund_1', 3000, 0, 'reopen'), 'refund.applied', 'A refund of 30.00 USD counts'],
    [unrefunded('refund_1', 3000), 'refund.reversed', 'The refund of 30.00 USD did not come about'],
    [disputed('inquiry'), 'dispute.recorded', 'The customer’s bank asks about a payment'],
    [disputed('open'), 'dispute.recorded', 'A payment is disputed'],
    [disputed('won'), 'dispute.recorded', 'The dispute was won'],
    [disputed('lost'), 'dispute.recorded', 'The dispute was lost'],
    [disputed('prevented'), 'dispute.recorded', 'The dispute was prevented'],
    [disputed('closed'), 'dispute.recorded', 'The bank’s inquiry was closed'],
    [withdrawn(3000), 'dispute.funds_withdrawn', '30.00 USD was taken by a dispute'],
    [reinstated(3000), 'dispute.funds_reinstated', '30.00 USD came back from a dispute'],
    [decided('collect_again'), 'dispute.decided', 'What the lost dispute took is collected again'],
    [
      decided('write_off', 3000),
      'dispute.decided',
      'What the lost dispute took is given up; 30.00 USD was written off',
    ],
    [
      { type: 'PaymentReversed', data: { payment: 'pay_1', amount: 3000, why: 'bounced' } },
      'payment.reversed',
      '30.00 USD did not come after all',
    ],
    [resolved('credit', 500), 'order.excess_resolved', '5.00 USD is kept as credit of the customer'],
    [resolved('raise_total', 500), 'order.excess_resolved', 'The order asks for 5.00 USD more, as was paid'],
    [writtenOff(500), 'order.balance_written_off', '5.00 USD was written off'],
  ])('%# %s', (event, type, sentence) => expect(says(event)).toEqual([type, sentence]));

  test('an event that nobody tells is not read', () => {
    const few = new HistorySummaries();
    few.register<{ type: 'Told' | 'Silent'; data: object }>({
      Told: { type: 'told', says: () => 'It was told' },
      Silent: null,
    });
    expect(few.types()).toEqual(['Told']);
  });
});
