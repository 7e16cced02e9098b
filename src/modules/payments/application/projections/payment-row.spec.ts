import { expect, test } from '@jest/globals';
import { captured, disputeOpened, refundRequested } from '../../../../../test/support/a-payment.js';
import type { Told } from '../../../../shared/application/projection.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { evolve, initialPayment } from '../../domain/payment.state.js';
import { refundedOf } from '../../domain/refund.js';
import { type PaymentRow, paymentRow } from './payment-row.js';

const requested = refundRequested('refund_1', 3000);
const failed = (stripe_refund: string | null): PaymentEvent => ({
  type: 'RefundFailed',
  data: { refund: 'refund_1', stripe_refund, failure_reason: 'unknown' },
});
const succeeded: PaymentEvent = {
  type: 'RefundSucceeded',
  data: { refund: 'refund_1', stripe_refund: 're_1' },
};
const taken: PaymentEvent = { type: 'FundsWithdrawn', data: { dispute: 'dispute_1', amount: 500 } };
const returned: PaymentEvent = { type: 'FundsReinstated', data: { dispute: 'dispute_1', amount: 500 } };

test.each<[string, PaymentEvent[], number, number]>([
  ['asked for', [requested], 3000, 0],
  ['made', [requested, succeeded], 3000, 0],
  ['refused', [requested, failed(null)], 0, 0],
  ['refused, and made all the same', [requested, failed(null), succeeded], 3000, 0],
  ['made, and sent back by the bank', [requested, succeeded, failed('re_1')], 0, 0],
  ['made, beside a dispute', [requested, succeeded, disputeOpened('dispute_1', 500), taken], 3000, 500],
  [
    'made, beside a dispute that was won',
    [requested, disputeOpened('dispute_1', 500), taken, returned],
    3000,
    0,
  ],
])('a payment shows what its history adds up to: a refund that was %s', (_, events, refunded, disputed) => {
  const history = [...captured, ...events];
  const row = history.reduce<PaymentRow | undefined>((before, event, revision) => {
    const told = {
      ...event,
      stream: 'payment-1',
      revision,
      position: revision,
      at: '',
      id: '',
      metadata: {},
    };
    return paymentRow(before, told as Told<PaymentEvent>) ?? undefined;
  }, undefined);
  expect(row).toMatchObject({ amount_refunded: refunded, amount_disputed: disputed });
  const payment = history.reduce(evolve, initialPayment);
  expect(payment.status !== 'none' && refundedOf(payment)).toBe(refunded);
});
