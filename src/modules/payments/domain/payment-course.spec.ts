import { describe, test } from '@jest/globals';
import {
  askedByCard,
  askedInCash,
  captured,
  captureOf,
  inCash,
  initiated,
  refundRequested,
} from '../../../../test/support/a-payment.js';
import { specification, stopsAtTheUnheardOf } from '../../../../test/support/specification.js';
import type { PaymentEvent } from './payment.events.js';
import { paymentDecider } from './payment.js';

const { given } = specification(paymentDecider);

const linked: PaymentEvent = { type: 'PaymentIntentCreated', data: { intent: 'pi_1' } };
const action = { url: 'https://stripe.test/3ds/pi_1', deadline: '2026-11-24T10:30:00.000Z' };
const challenged: PaymentEvent = { type: 'ActionRequired', data: action };
const declined = { code: 'card_declined', decline_code: null, advice_code: null, message: '', charge: null };
const failed: PaymentEvent = { type: 'PaymentFailed', data: declined };
const voided: PaymentEvent = { type: 'PaymentVoided', data: { why: 'abandoned' } };
const reversed: PaymentEvent = { type: 'OfflinePaymentReversed', data: { why: 'the cheque bounced' } };
const canceled: PaymentEvent = { type: 'PaymentIntentCanceled', data: { intent: 'pi_1' } };
const paidOut = (payout: string): PaymentEvent => ({ type: 'PayoutRecorded', data: { payout } });
const fee = { balance_transaction: 'txn_1', fee: 320, net: 9680, currency: 'usd' };

describe('what is known of a payment', () => {
  test('is at first what was asked', () =>
    given(initiated).thenState({
      status: 'processing',
      asked: askedByCard,
      intent: null,
      intentCanceled: false,
      action: null,
      captured: null,
      refunds: new Map(),
      disputes: new Map(),
    }));
  test('is where its customer must go, and until when', () =>
    given(initiated, linked, challenged).thenState({ status: 'requires_action', intent: 'pi_1', action }));
  test('is that nobody knows what became of it', () =>
    given(initiated, linked, { type: 'OutcomeUnknown', data: { detail: 'no answer' } }).thenState({
      status: 'unknown',
      intent: 'pi_1',
    }));
  test('is the money that came, and that nothing is waited for any more', () =>
    given(initiated, challenged, ...captured.slice(1)).thenState({
      status: 'captured',
      intent: 'pi_1',
      capture: captureOf(10_000),
      captured: { amount: 10_000, currency: 'usd' },
      action: null,
    }));
  test('is the money that came, also where another amount was asked for', () =>
    given(...captured, {
      type: 'CaptureMismatchDetected',
      data: {
        expected: { amount: 9000, currency: 'usd' },
        actual: { amount: 10_000, currency: 'usd' },
      },
    }).thenState({ status: 'captured', captured: { amount: 10_000, currency: 'usd' } }));
  test('is why it failed', () =>
    given(initiated, linked, challenged, failed).thenState({
      status: 'failed',
      failure: declined,
      action: null,
    }));
  test('is why it was given up', () =>
    given(initiated, linked, challenged, voided).thenState({
      status: 'voided',
      voidedBecause: 'abandoned',
      action: null,
    }));
  test('is that its intent is over at Stripe', () =>
    given(initiated, linked, failed, canceled).thenState({ status: 'failed', intentCanceled: true }));
  test('is what it cost and where it went', () =>
    given(...captured, { type: 'FeeRecorded', data: fee }, paidOut('po_1')).thenState({
      fee,
      payout: 'po_1',
    }));
  test('is what was written down of money past Stripe', () =>
    given(inCash).thenState({
      status: 'captured',
      asked: askedInCash,
      captured: { amount: 10_000, currency: 'usd' },
    }));
  test('is nothing, whatever is said of one that nobody asked for', () =>
    given(linked, reversed).thenState({ status: 'none' }));
});

describe('a payment that captured', () => {
  const pay = (payout: string) => ({ type: 'RecordPayout', payout }) as const;

  test('is paid out once', () => {
    given(...captured)
      .when(pay('po_1'))
      .then(paidOut('po_1'));
    given(...captured, paidOut('po_1'))
      .when(pay('po_1'))
      .thenNothing();
  });
  test('is paid out again where the first payout failed', () =>
    given(...captured, paidOut('po_1'))
      .when(pay('po_2'))
      .then(paidOut('po_2')));
  test('alone is paid out', () => given(initiated, linked).when(pay('po_1')).thenNothing());
});

describe('a payment that has ended', () => {
  test('has no intent to cancel where it never had one', () =>
    given(initiated, failed).when({ type: 'RecordIntentCanceled' }).thenNothing());
  test('is not challenged any more', () => {
    const challenge = { type: 'RequireAction', ...action } as const;
    given(initiated, linked, failed).when(challenge).thenNothing();
    given(initiated, linked, voided).when(challenge).thenNothing();
  });
  test('is not given up any more', () => {
    const giveUp = { type: 'VoidPayment', why: 'late', intent: 'pi_1' } as const;
    given(initiated, linked, failed).when(giveUp).thenNothing();
    given(...captured)
      .when(giveUp)
      .thenNothing();
  });
  test('is not begun again by hand', () => {
    given(initiated, failed).when({ type: 'RecordOfflinePayment', asked: askedInCash }).thenNothing();
    given(inCash).when({ type: 'InitiatePayment', asked: askedByCard }).thenNothing();
  });
  test('past Stripe is given back or reversed, not both', () =>
    given(inCash, refundRequested('refund_1', 3000), {
      type: 'RefundFailed',
      data: { refund: 'refund_1', stripe_refund: null, failure_reason: 'no account' },
    })
      .when({ type: 'ReverseOfflinePayment', why: 'the cheque bounced' })
      .then(reversed));
});

test('a payment does nothing that nobody has heard of', () =>
  stopsAtTheUnheardOf(paymentDecider, ...captured));
