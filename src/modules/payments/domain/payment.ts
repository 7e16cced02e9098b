import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Decider } from '../../../shared/domain/decider.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { Failure, PaymentEvent } from './payment.events.js';

type DataOf<Type extends PaymentEvent['type']> = Extract<PaymentEvent, { type: Type }>['data'];
type Asked = DataOf<'PaymentInitiated'>;
export type Capture = DataOf<'PaymentCaptured'>;
export type Fee = DataOf<'FeeRecorded'>;

/** One intended movement of money towards one order: the whole conversation with Stripe about it. */
export type Payment =
  | Readonly<{ status: 'none' }>
  | Readonly<{
      status: 'processing' | 'requires_action' | 'unknown' | 'captured' | 'failed' | 'voided';
      asked: Asked;
      intent: string | null;
      /** The failed payment's intent is cancelled at Stripe. */
      intentCanceled: boolean;
      action: Readonly<{ url: string; deadline: string }> | null;
      capture: Capture | null;
      failure: Failure | null;
      voidedBecause: string | null;
      fee: Fee | null;
    }>;
export type ExistingPayment = Exclude<Payment, { status: 'none' }>;

export type PaymentCommand =
  | { type: 'InitiatePayment'; asked: Asked }
  /** Over before it began, in one step, so that whoever was about to begin it meets its end; nothing where it has begun. */
  | { type: 'ForestallPayment'; asked: Asked; why: string }
  | { type: 'RecordIntent'; intent: string }
  | { type: 'RequireAction'; url: string; deadline: string }
  | { type: 'RecordUnknownOutcome'; detail: string }
  | { type: 'RecordCapture'; capture: Capture }
  | { type: 'RecordFailure'; failure: Failure }
  /** `intent`: the one that the caller has seen end at Stripe; null: none was ever known. */
  | { type: 'VoidPayment'; why: string; intent: string | null }
  | { type: 'RecordIntentCanceled' }
  | { type: 'RecordFee'; fee: Fee };

export const ENDED: ReadonlySet<Payment['status']> = new Set(['captured', 'failed', 'voided']);

function decide(command: PaymentCommand, payment: Payment): readonly PaymentEvent[] {
  if (command.type === 'InitiatePayment') {
    return payment.status === 'none' ? [{ type: 'PaymentInitiated', data: command.asked }] : [];
  }
  if (command.type === 'ForestallPayment') {
    if (payment.status !== 'none') return [];
    return [
      { type: 'PaymentInitiated', data: command.asked },
      { type: 'PaymentVoided', data: { why: command.why } },
    ];
  }
  if (payment.status === 'none') throw new Refusal('not_found', 'There is no such payment.');
  return decideExisting(command, payment);
}

function decideExisting(
  command: Exclude<PaymentCommand, { type: 'InitiatePayment' | 'ForestallPayment' }>,
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
    case 'RecordFailure':
      return ended ? [] : [{ type: 'PaymentFailed', data: command.failure }];
    case 'VoidPayment':
      // An intent that came meanwhile may be about to take money: whoever saw none must look again.
      if (ended || payment.intent !== command.intent) return [];
      return [{ type: 'PaymentVoided', data: { why: command.why } }];
    case 'RecordIntentCanceled':
      if (payment.intentCanceled || !payment.intent) return [];
      return [{ type: 'PaymentIntentCanceled', data: { intent: payment.intent } }];
    case 'RecordFee':
      if (payment.status !== 'captured' || payment.fee) return [];
      return [{ type: 'FeeRecorded', data: command.fee }];
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

function evolve(payment: Payment, event: PaymentEvent): Payment {
  if (event.type === 'PaymentInitiated') {
    const nothing = {
      intent: null,
      intentCanceled: false,
      action: null,
      capture: null,
      failure: null,
      voidedBecause: null,
      fee: null,
    };
    return { status: 'processing', asked: event.data, ...nothing };
  }
  return payment.status === 'none' ? payment : evolveExisting(payment, event);
}

function evolveExisting(
  payment: ExistingPayment,
  event: Exclude<PaymentEvent, { type: 'PaymentInitiated' }>,
): Payment {
  switch (event.type) {
    case 'PaymentIntentCreated':
      return { ...payment, intent: event.data.intent };
    case 'ActionRequired':
      return { ...payment, status: 'requires_action', action: event.data };
    case 'OutcomeUnknown':
      return { ...payment, status: 'unknown' };
    case 'PaymentCaptured':
      return { ...payment, status: 'captured', intent: event.data.intent, capture: event.data, action: null };
    case 'CaptureMismatchDetected':
      return payment;
    case 'PaymentFailed':
      return { ...payment, status: 'failed', failure: event.data, action: null };
    case 'PaymentVoided':
      return { ...payment, status: 'voided', action: null, voidedBecause: event.data.why };
    case 'PaymentIntentCanceled':
      return { ...payment, intentCanceled: true };
    case 'FeeRecorded':
      return { ...payment, fee: event.data };
    default:
      return assertNever(event);
  }
}

export const paymentDecider: Decider<PaymentCommand, Payment, PaymentEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
export const paymentAggregate = { category: 'payment', decider: paymentDecider } as const;
