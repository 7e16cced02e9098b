import { describe, test } from '@jest/globals';
import { specification } from '../../../../test/support/specification.js';
import { Money } from '../../../shared/domain/money.js';
import type { Failure, PaymentEvent } from './payment.events.js';
import type { Capture } from './payment.js';
import { paymentDecider } from './payment.js';

const { given } = specification(paymentDecider);

const usd = Money.of(3000, 'usd').currency;
const asked = {
  order: 'order_1',
  order_number: 'SO-1042',
  store: 'store_1',
  livemode: false,
  amount: 3000,
  currency: usd,
  method: {
    channel: 'card',
    payment_method: 'pm_card_visa',
    save_card: false,
    moto: false,
    confirm_by: '2026-11-24T10:15:00.000Z',
    return_url: null,
  },
} as const;
const card = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2030, funding: 'credit' };
const capture: Capture = {
  intent: 'pi_1',
  charge: 'ch_1',
  amount: 3000,
  currency: 'usd',
  card,
  source: 'response',
  stripe_event: null,
};
const declined: Failure = {
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  advice_code: 'try_again_later',
  message: 'Your card has insufficient funds.',
  charge: 'ch_1',
};
const action = { url: 'https://stripe.test/3ds/pi_1', deadline: '2026-11-24T10:30:00.000Z' };
const fee = { balance_transaction: 'txn_1', fee: 117, net: 2883, currency: 'usd' };

const initiated: PaymentEvent = { type: 'PaymentInitiated', data: asked };
const linked: PaymentEvent = { type: 'PaymentIntentCreated', data: { intent: 'pi_1' } };
const captured: PaymentEvent = { type: 'PaymentCaptured', data: capture };
const failed: PaymentEvent = { type: 'PaymentFailed', data: declined };
const voided: PaymentEvent = { type: 'PaymentVoided', data: { why: 'intent_canceled' } };
const unknown: PaymentEvent = { type: 'OutcomeUnknown', data: { detail: 'no answer' } };
const challenged: PaymentEvent = { type: 'ActionRequired', data: action };

describe('a payment', () => {
  test('is recorded before Stripe is asked for anything', () =>
    given().when({ type: 'InitiatePayment', asked }).then(initiated));
  test('is initiated once', () => given(initiated).when({ type: 'InitiatePayment', asked }).thenNothing());
  test('that was forestalled is over in the step in which it begins, and cannot be begun any more', () => {
    const forestall = { type: 'ForestallPayment', asked, why: 'session_not_opened' } as const;
    const over: PaymentEvent = { type: 'PaymentVoided', data: { why: 'session_not_opened' } };
    given().when(forestall).then(initiated, over);
    given(initiated, over).when({ type: 'InitiatePayment', asked }).thenNothing();
    given(initiated, over).when(forestall).thenNothing();
  });
  test('that has begun cannot be forestalled', () =>
    given(initiated).when({ type: 'ForestallPayment', asked, why: 'session_not_opened' }).thenNothing());
  test('that nobody initiated cannot be spoken of', () =>
    given().when({ type: 'RecordIntent', intent: 'pi_1' }).refused('not_found'));
});

describe('the intent of a payment', () => {
  test('is known before money can move', () =>
    given(initiated).when({ type: 'RecordIntent', intent: 'pi_1' }).then(linked));
  test('is the first one, whoever comes second', () =>
    given(initiated, linked).when({ type: 'RecordIntent', intent: 'pi_2' }).thenNothing());
  test('is not taken by a payment that has ended', () =>
    given(initiated, failed).when({ type: 'RecordIntent', intent: 'pi_1' }).thenNothing());
  test('is cancelled once after a failure', () =>
    given(initiated, linked, failed)
      .when({ type: 'RecordIntentCanceled' })
      .then({ type: 'PaymentIntentCanceled', data: { intent: 'pi_1' } }));
  test('is not cancelled twice', () =>
    given(initiated, linked, failed, { type: 'PaymentIntentCanceled', data: { intent: 'pi_1' } })
      .when({ type: 'RecordIntentCanceled' })
      .thenNothing());
});

describe('a capture', () => {
  const record = { type: 'RecordCapture', capture } as const;
  test('ends a payment', () => given(initiated, linked).when(record).then(captured));
  test('is recorded once, however often webhook, response and sweep say so', () =>
    given(initiated, linked, captured).when(record).thenNothing());
  test('resolves an unknown outcome', () => given(initiated, linked, unknown).when(record).then(captured));
  test('follows an authentication', () => given(initiated, linked, challenged).when(record).then(captured));
  test('is a fact even after a failure', () => given(initiated, linked, failed).when(record).then(captured));
  test('is a fact even after a void', () => given(initiated, linked, voided).when(record).then(captured));
  test('of another amount is recorded as it is, and said to differ', () => {
    const more = { ...capture, amount: 3001 };
    given(initiated, linked)
      .when({ type: 'RecordCapture', capture: more })
      .then(
        { type: 'PaymentCaptured', data: more },
        {
          type: 'CaptureMismatchDetected',
          data: { expected: { amount: 3000, currency: 'usd' }, actual: { amount: 3001, currency: 'usd' } },
        },
      );
  });
  test('in another currency is recorded as it is, and said to differ', () => {
    const other = { ...capture, currency: 'eur' };
    given(initiated, linked)
      .when({ type: 'RecordCapture', capture: other })
      .then(
        { type: 'PaymentCaptured', data: other },
        {
          type: 'CaptureMismatchDetected',
          data: { expected: { amount: 3000, currency: 'usd' }, actual: { amount: 3000, currency: 'eur' } },
        },
      );
  });
});

describe('a declined card', () => {
  const record = { type: 'RecordFailure', failure: declined, intent: linked.data.intent } as const;
  test('ends a payment with Stripe’s own codes', () => given(initiated, linked).when(record).then(failed));
  test('is recorded once', () => given(initiated, linked, failed).when(record).thenNothing());
  test('is old news after a capture', () => given(initiated, linked, captured).when(record).thenNothing());
  test('is old news after a void', () => given(initiated, linked, voided).when(record).thenNothing());
  test('says nothing of an intent that came meanwhile', () =>
    given(initiated, linked)
      .when({ ...record, intent: null })
      .thenNothing());
});

describe('an unknown outcome', () => {
  const record = { type: 'RecordUnknownOutcome', detail: 'no answer' } as const;
  test('is a state of its own', () => given(initiated, linked).when(record).then(unknown));
  test('is told once', () => given(initiated, linked, unknown).when(record).thenNothing());
  test('cannot undo a capture', () => given(initiated, linked, captured).when(record).thenNothing());
  test('does not hide that the customer must act', () =>
    given(initiated, linked, challenged).when(record).thenNothing());
});

describe('an authentication', () => {
  const require = { type: 'RequireAction', ...action } as const;
  test('waits for the customer until a deadline', () =>
    given(initiated, linked).when(require).then(challenged));
  test('keeps its first deadline', () => given(initiated, linked, challenged).when(require).thenNothing());
  test('is not asked for after the end', () =>
    given(initiated, linked, captured).when(require).thenNothing());
  test('that was abandoned frees the payment', () =>
    given(initiated, linked, challenged)
      .when({ type: 'VoidPayment', why: 'intent_canceled', intent: 'pi_1' })
      .then(voided));
});

describe('a void', () => {
  test('by somebody who knows of no intent waits until one is known to have ended', () =>
    given(initiated, linked).when({ type: 'VoidPayment', why: 'voided', intent: null }).thenNothing());
  test('cannot undo a capture', () =>
    given(initiated, linked, captured)
      .when({ type: 'VoidPayment', why: 'late', intent: null })
      .thenNothing());
  test('is told once', () =>
    given(initiated, voided).when({ type: 'VoidPayment', why: 'late', intent: null }).thenNothing());
});

describe('Stripe’s fee', () => {
  const record = { type: 'RecordFee', fee } as const;
  test('is kept with the payment', () =>
    given(initiated, linked, captured).when(record).then({ type: 'FeeRecorded', data: fee }));
  test('is recorded once', () =>
    given(initiated, linked, captured, { type: 'FeeRecorded', data: fee }).when(record).thenNothing());
  test('is of captured payments only', () => given(initiated, linked).when(record).thenNothing());
});
