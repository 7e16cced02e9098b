import { describe, test } from '@jest/globals';
import {
  captured,
  captureOf,
  disputeOpened,
  inCash,
  initiated,
  refundDetected,
  refundRequested,
} from '../../../../test/support/a-payment.js';
import { specification } from '../../../../test/support/specification.js';
import { Money } from '../../../shared/domain/money.js';
import type { PaymentEvent } from './payment.events.js';
import { paymentDecider } from './payment.js';
import type { RefundFact } from './refund.js';

const { given } = specification(paymentDecider);

const ask = (minor: number, refund = 'refund_1', currency = 'usd') =>
  ({
    type: 'RequestRefund',
    refund: refund as `refund_${string}`,
    amount: Money.of(minor, currency),
    reason: null,
    effect: 'credit',
    note: null,
  }) as const;
const fact = (
  status: RefundFact['status'],
  amount = 3000,
  failureReason: string | null = null,
): RefundFact => ({
  stripeRefund: 're_1',
  status,
  amount,
  currency: 'usd',
  failureReason,
});
const record = (status: RefundFact['status'], failureReason: string | null = null) =>
  ({ type: 'RecordRefund', refund: 'refund_1', fact: fact(status, 3000, failureReason) }) as const;

const requested = refundRequested('refund_1', 3000);
const at = { refund: 'refund_1', stripe_refund: 're_1' } as const;
const pending: PaymentEvent = { type: 'RefundPending', data: at };
const succeeded: PaymentEvent = { type: 'RefundSucceeded', data: at };
const failed: PaymentEvent = { type: 'RefundFailed', data: { ...at, failure_reason: 'lost_or_stolen_card' } };
const canceled: PaymentEvent = { type: 'RefundCanceled', data: at };
const refused: PaymentEvent = {
  type: 'RefundFailed',
  data: { refund: 'refund_1', stripe_refund: null, failure_reason: 'insufficient_funds' },
};

describe('a refund', () => {
  test('is written down before Stripe is asked', () =>
    given(...captured)
      .when(ask(3000))
      .then(requested));
  test('may be all that was captured', () =>
    given(...captured)
      .when(ask(10_000))
      .then(refundRequested('refund_1', 10_000)));
  test('is asked for once, however often it is', () =>
    given(...captured, requested)
      .when(ask(3000))
      .thenNothing());
  test('is no more than what was captured', () =>
    given(...captured)
      .when(ask(10_001))
      .refused('refund_exceeds_captured', {
        param: '/amount',
        amount: 10_001,
        refundable: 10_000,
        amount_captured: 10_000,
        amount_refunded: 0,
      }));
  test('is no more than what is left, and one under way counts', () => {
    given(...captured, requested)
      .when(ask(7001, 'refund_2'))
      .refused('refund_exceeds_captured', {
        refundable: 7000,
        amount_refunded: 3000,
      });
    given(...captured, requested)
      .when(ask(7000, 'refund_2'))
      .then(refundRequested('refund_2', 7000));
  });
  test('of nothing is none', () =>
    given(...captured)
      .when(ask(0))
      .refused('refund_exceeds_captured'));
  test('that failed leaves its amount to be refunded again', () =>
    given(...captured, requested, failed)
      .when(ask(10_000, 'refund_2'))
      .then(refundRequested('refund_2', 10_000)));
  test('that was cancelled leaves its amount too', () =>
    given(...captured, requested, canceled)
      .when(ask(10_000, 'refund_2'))
      .then(refundRequested('refund_2', 10_000)));
  test('is in the currency that came', () =>
    given(...captured)
      .when(ask(3000, 'refund_1', 'eur'))
      .refused('currency_mismatch', { param: '/currency', currency: 'usd' }, 'The payment is in USD.'));
  test('needs money that came', () => {
    const declined = {
      code: 'card_declined',
      decline_code: null,
      advice_code: null,
      message: '',
      charge: null,
    };
    given(initiated)
      .when(ask(3000))
      .refused('refund_exceeds_captured', { amount_captured: 0, refundable: 0 });
    given(initiated, { type: 'PaymentFailed', data: declined })
      .when(ask(1))
      .refused('refund_exceeds_captured');
    given(inCash, { type: 'OfflinePaymentReversed', data: { why: 'the cheque bounced' } })
      .when(ask(1))
      .refused('refund_exceeds_captured', { amount_captured: 0, refundable: 0, currency: 'usd' });
    given().when(ask(1)).refused('not_found');
  });
  test('keeps to the steps of the currency', () =>
    given(initiated, { type: 'PaymentCaptured', data: captureOf(10_000, 'kwd') })
      .when({ ...ask(3000, 'refund_1', 'kwd'), amount: { ...Money.of(3000, 'kwd'), minor: 3001 } })
      .refused('validation_failed', { multiple_of: 10 }));

  test('is not made while the customer’s bank disputes the payment, nor once it has won', () => {
    const opened = disputeOpened('dispute_1', 4000);
    given(...captured, opened)
      .when(ask(3000))
      .refused('payment_disputed');
    const closed = (outcome: 'won' | 'lost' | 'prevented'): PaymentEvent => ({
      type: 'DisputeClosed',
      data: { dispute: 'dispute_1', outcome },
    });
    given(...captured, opened, closed('lost'))
      .when(ask(3000))
      .refused('payment_disputed');
    given(...captured, opened, closed('won'))
      .when(ask(3000))
      .then(requested);
    given(...captured, opened, closed('prevented'))
      .when(ask(3000))
      .then(requested);
  });
  test('may answer a bank’s question', () =>
    given(...captured, disputeOpened('dispute_1', 4000, true))
      .when(ask(3000))
      .then(requested));
  test('leaves alone what a dispute holds', () =>
    given(...captured, disputeOpened('dispute_1', 4000, true), {
      type: 'FundsWithdrawn',
      data: { dispute: 'dispute_1', amount: 4000 },
    })
      .when(ask(6001))
      .refused('refund_exceeds_captured', { refundable: 6000 }));
});

describe('what Stripe says of a refund', () => {
  test.each([
    ['pending', pending],
    ['succeeded', succeeded],
    ['canceled', canceled],
  ] as const)('is recorded: %s', (status, event) =>
    given(...captured, requested)
      .when(record(status))
      .then(event),
  );
  test('is recorded with its reason where it failed', () =>
    given(...captured, requested)
      .when(record('failed', 'lost_or_stolen_card'))
      .then(failed));
  test('has a reason even where Stripe gives none', () =>
    given(...captured, requested)
      .when(record('failed'))
      .then({ type: 'RefundFailed', data: { ...at, failure_reason: 'unknown' } }));

  const stages = {
    requested: [],
    pending: [pending],
    succeeded: [succeeded],
    failed: [failed],
    canceled: [canceled],
  };
  test.each([
    ['pending', 'pending'],
    ['succeeded', 'succeeded'],
    ['succeeded', 'pending'],
    ['failed', 'failed'],
    ['failed', 'succeeded'],
    ['failed', 'pending'],
    ['failed', 'canceled'],
    ['canceled', 'canceled'],
    ['canceled', 'failed'],
    ['canceled', 'succeeded'],
  ] as const)('never goes back: %s, then %s', (before, now) =>
    given(...captured, requested, ...stages[before])
      .when(record(now))
      .thenNothing(),
  );
  test.each(['pending', 'succeeded'] as const)('may be that it failed after it was %s', (before) =>
    given(...captured, requested, ...stages[before])
      .when(record('failed', 'lost_or_stolen_card'))
      .then(failed),
  );
  test('may be that it was cancelled on its way', () =>
    given(...captured, requested, pending)
      .when(record('canceled'))
      .then(canceled));

  test('may be no at once: then it failed, and never existed there', () => {
    const say = { type: 'RecordRefundRefused', refund: 'refund_1', why: 'insufficient_funds' } as const;
    given(...captured, requested)
      .when(say)
      .then(refused);
    given(...captured, requested, pending)
      .when(say)
      .thenNothing();
    given(...captured, requested, refused)
      .when(say)
      .thenNothing();
    given(...captured)
      .when(say)
      .thenNothing();
  });
  test('counts more than its refusal, should it exist after all', () => {
    given(...captured, requested, refused)
      .when(record('succeeded'))
      .then(succeeded);
    given(...captured, requested, refused)
      .when(record('pending'))
      .then(pending);
  });

  test('counts also where nobody here asked for it', () => {
    const detected = refundDetected('refund_1', 3000);
    given(...captured)
      .when(record('succeeded'))
      .then(detected, succeeded);
    given(...captured)
      .when(record('pending'))
      .then(detected, pending);
    given(...captured, detected, pending)
      .when(record('succeeded'))
      .then(succeeded);
    given(...captured, detected, succeeded)
      .when(record('succeeded'))
      .thenNothing();
  });
  test('means nothing for a payment that has not captured', () =>
    given(initiated).when(record('succeeded')).thenNothing());
});
