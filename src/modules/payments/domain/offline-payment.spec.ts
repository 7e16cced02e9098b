import { describe, test } from '@jest/globals';
import { askedInCash, captured, inCash, refundRequested } from '../../../../test/support/a-payment.js';
import { specification } from '../../../../test/support/specification.js';
import { Money } from '../../../shared/domain/money.js';
import type { PaymentEvent } from './payment.events.js';
import { paymentDecider } from './payment.js';

const { given } = specification(paymentDecider);
const requested = refundRequested('refund_1', 3000);
const ask = (minor: number) =>
  ({
    type: 'RequestRefund',
    refund: 'refund_1',
    amount: Money.of(minor, 'usd'),
    reason: null,
    effect: 'credit',
    note: null,
  }) as const;

describe('money that came past Stripe', () => {
  const record = { type: 'RecordOfflinePayment', asked: askedInCash } as const;
  const reverse = { type: 'ReverseOfflinePayment', why: 'the cheque bounced' } as const;
  const reversed: PaymentEvent = { type: 'OfflinePaymentReversed', data: { why: 'the cheque bounced' } };

  test('is recorded once', () => {
    given().when(record).then(inCash);
    given(inCash).when(record).thenNothing();
  });
  test('has come as soon as it is recorded', () =>
    given(inCash).thenState({
      status: 'captured',
      captured: { amount: 10_000, currency: 'usd' },
      capture: null,
    }));
  test('is given back by hand: recording the refund is all there is to do', () =>
    given(inCash)
      .when(ask(3000))
      .then(requested, { type: 'RefundSucceeded', data: { refund: 'refund_1', stripe_refund: null } }));
  test('that was given back by hand is no matter of Stripe’s', () => {
    const fact = { stripeRefund: 're_1', amount: 3000, currency: 'usd', failureReason: null } as const;
    given(inCash, requested, { type: 'RefundSucceeded', data: { refund: 'refund_1', stripe_refund: null } })
      .when({ type: 'RecordRefund', refund: 'refund_1', fact: { ...fact, status: 'pending' } })
      .thenNothing();
  });
  test('is reversed once, and is no money then', () => {
    given(inCash).when(reverse).then(reversed);
    given(inCash, reversed).when(reverse).thenNothing();
    given(inCash, reversed).thenState({
      status: 'voided',
      captured: null,
      voidedBecause: 'the cheque bounced',
    });
    given(inCash, reversed).when(ask(1)).refused('refund_exceeds_captured');
  });
  test('is not reversed once some of it was given back', () =>
    given(inCash, requested, { type: 'RefundSucceeded', data: { refund: 'refund_1', stripe_refund: null } })
      .when(reverse)
      .refused('refund_exceeds_captured', { amount_refunded: 3000 }));
  test('is the only money that can be reversed', () =>
    given(...captured)
      .when(reverse)
      .refused('validation_failed', { channel: 'card' }));
});
