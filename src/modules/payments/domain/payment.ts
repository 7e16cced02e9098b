import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Decider } from '../../../shared/domain/decider.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { type DisputeCommand, decideDispute } from './dispute.js';
import type { Ask, Failure, OfflineMethod, PaymentEvent } from './payment.events.js';
import {
  type Asked,
  type Capture,
  type ExistingPayment,
  evolve,
  type Fee,
  initialPayment,
  type Payment,
} from './payment.state.js';
import { decideRefund, type RefundCommand, refundedOf } from './refund.js';

export type { Capture, ExistingPayment, Fee, Payment } from './payment.state.js';

/** How a payment begins. */
type Beginning =
  | { type: 'InitiatePayment'; asked: Asked }
  /** Over before it began, in one step, so that whoever was about to begin it meets its end; nothing where it has begun. */
  | { type: 'ForestallPayment'; asked: Asked; why: string }
  /** Money that came past Stripe: captured as it is written down. */
  | { type: 'RecordOfflinePayment'; asked: Ask & Readonly<{ method: OfflineMethod }> };

type Step =
  | { type: 'RecordIntent'; intent: string }
  | { type: 'RequireAction'; url: string; deadline: string }
  | { type: 'RecordUnknownOutcome'; detail: string }
  | { type: 'RecordCapture'; capture: Capture }
  /** `intent`, here and below: the one that the caller has seen end at Stripe; null: none was ever known. */
  | { type: 'RecordFailure'; failure: Failure; intent: string | null }
  | { type: 'VoidPayment'; why: string; intent: string | null }
  | { type: 'ReverseOfflinePayment'; why: string }
  | { type: 'RecordIntentCanceled' }
  | { type: 'RecordFee'; fee: Fee }
  | { type: 'RecordPayout'; payout: string };

export type PaymentCommand = Beginning | Step | RefundCommand | DisputeCommand;

export const ENDED: ReadonlySet<Payment['status']> = new Set(['captured', 'failed', 'voided']);

function decide(command: PaymentCommand, payment: Payment): readonly PaymentEvent[] {
  switch (command.type) {
    case 'InitiatePayment':
      return payment.status === 'none' ? [{ type: 'PaymentInitiated', data: command.asked }] : [];
    case 'RecordOfflinePayment':
      return payment.status === 'none' ? [{ type: 'OfflinePaymentRecorded', data: command.asked }] : [];
    case 'ForestallPayment':
      if (payment.status !== 'none') return [];
      return [
        { type: 'PaymentInitiated', data: command.asked },
        { type: 'PaymentVoided', data: { why: command.why } },
      ];
    default:
      if (payment.status === 'none') throw new Refusal('not_found', 'There is no such payment.');
      return decideExisting(command, payment);
  }
}

function decideExisting(
  command: Exclude<PaymentCommand, Beginning>,
  payment: ExistingPayment,
): readonly PaymentEvent[] {
  const ended = ENDED.has(payment.status);
  switch (command.type) {
    case 'RecordIntent':
      if (ended || payment.intent) return [];
      return [{ type: 'PaymentIntentCreated', data: { intent: command.intent } }];
    case 'RequireAction':
      if (ended || payment.status === 'requires_action') return [];
      return [{ type: 'ActionRequired', data: { url: command.url, deadline: command.deadline } }];
    case 'RecordUnknownOutcome':
      if (payment.status !== 'processing') return [];
      return [{ type: 'OutcomeUnknown', data: { detail: command.detail } }];
    case 'RecordCapture':
      return capture(command.capture, payment);
    // An intent that came meanwhile may be about to take money: whoever saw none must look again.
    case 'RecordFailure':
      if (ended || payment.intent !== command.intent) return [];
      return [{ type: 'PaymentFailed', data: command.failure }];
    case 'VoidPayment':
      if (ended || payment.intent !== command.intent) return [];
      return [{ type: 'PaymentVoided', data: { why: command.why } }];
    case 'ReverseOfflinePayment':
      return reverse(command.why, payment);
    case 'RecordIntentCanceled':
      if (payment.intentCanceled || !payment.intent) return [];
      return [{ type: 'PaymentIntentCanceled', data: { intent: payment.intent } }];
    case 'RecordFee':
      if (payment.status !== 'captured' || payment.fee) return [];
      return [{ type: 'FeeRecorded', data: command.fee }];
    case 'RecordPayout':
      if (payment.status !== 'captured' || payment.payout === command.payout) return [];
      return [{ type: 'PayoutRecorded', data: { payout: command.payout } }];
    case 'RequestRefund':
    case 'RecordRefund':
    case 'RecordRefundRefused':
      return decideRefund(command, payment);
    case 'RecordDispute':
      return decideDispute(command, payment);
    default:
      return assertNever(command);
  }
}

/** Money is a fact, also after a failure or a void. An intent captures at most once, so a second word of it is none. */
function capture(captured: Capture, payment: ExistingPayment): readonly PaymentEvent[] {
  if (payment.status === 'captured') return [];
  const { amount, currency } = payment.asked;
  const events: PaymentEvent[] = [{ type: 'PaymentCaptured', data: captured }];
  if (captured.amount !== amount || captured.currency !== currency) {
    const actual = { amount: captured.amount, currency: captured.currency };
    events.push({ type: 'CaptureMismatchDetected', data: { expected: { amount, currency }, actual } });
  }
  return events;
}

/** @throws Refusal where there is nothing to reverse: money at Stripe is refunded, not unsaid. */
function reverse(why: string, payment: ExistingPayment): readonly PaymentEvent[] {
  if (payment.asked.method.channel !== 'offline') {
    const detail = 'Only a payment that was recorded by hand can be reversed. Refund this one.';
    throw new Refusal('validation_failed', detail, { channel: payment.asked.method.channel });
  }
  if (payment.status === 'voided') return [];
  const refunded = refundedOf(payment);
  if (refunded > 0) {
    throw new Refusal('refund_exceeds_captured', 'Money of this payment was given back already.', {
      amount_refunded: refunded,
      currency: payment.asked.currency,
    });
  }
  return [{ type: 'OfflinePaymentReversed', data: { why } }];
}

export const paymentDecider: Decider<PaymentCommand, Payment, PaymentEvent> = {
  initial: initialPayment,
  decide,
  evolve,
};
export const paymentAggregate = { category: 'payment', decider: paymentDecider } as const;
