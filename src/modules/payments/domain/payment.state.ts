import { assertNever } from '../../../shared/domain/assert-never.js';
import type { DisputeId, RefundId } from '../../../shared/domain/ids.js';
import { type Dispute, evolveDisputes } from './dispute.js';
import type { Ask, Failure, Method, MoneyData, OfflineMethod, PaymentEvent } from './payment.events.js';
import { evolveRefunds, type Refund } from './refund.js';

type DataOf<Type extends PaymentEvent['type']> = Extract<PaymentEvent, { type: Type }>['data'];
export type Asked = Ask & Readonly<{ method: Method }>;
export type Capture = DataOf<'PaymentCaptured'>;
export type Fee = DataOf<'FeeRecorded'>;

/** One intended movement of money towards one order: the whole conversation with Stripe about it, and about its way back. */
export type Payment =
  | Readonly<{ status: 'none' }>
  | Readonly<{
      status: 'processing' | 'requires_action' | 'unknown' | 'captured' | 'failed' | 'voided';
      asked: Ask & Readonly<{ method: Method | OfflineMethod }>;
      intent: string | null;
      /** The failed payment's intent is cancelled at Stripe. */
      intentCanceled: boolean;
      action: Readonly<{ url: string; deadline: string }> | null;
      /** What Stripe said of the money; null for money that came past Stripe. */
      capture: Capture | null;
      /** The money that really came, however; null while none has. */
      captured: MoneyData | null;
      failure: Failure | null;
      voidedBecause: string | null;
      fee: Fee | null;
      payout: string | null;
      refunds: ReadonlyMap<RefundId, Refund>;
      disputes: ReadonlyMap<DisputeId, Dispute>;
    }>;
export type ExistingPayment = Exclude<Payment, { status: 'none' }>;

export const initialPayment: Payment = { status: 'none' };

/** Total: any recorded event folds, in any order. */
export function evolve(payment: Payment, event: PaymentEvent): Payment {
  if (event.type === 'PaymentInitiated') return { status: 'processing', asked: event.data, ...nothing };
  if (event.type === 'OfflinePaymentRecorded') {
    const { amount, currency } = event.data;
    return { status: 'captured', asked: event.data, ...nothing, captured: { amount, currency } };
  }
  return payment.status === 'none' ? payment : evolveExisting(payment, event);
}

const nothing = {
  intent: null,
  intentCanceled: false,
  action: null,
  capture: null,
  captured: null,
  failure: null,
  voidedBecause: null,
  fee: null,
  payout: null,
  refunds: new Map(),
  disputes: new Map(),
} as const;

function evolveExisting(
  payment: ExistingPayment,
  event: Exclude<PaymentEvent, { type: 'PaymentInitiated' | 'OfflinePaymentRecorded' }>,
): Payment {
  switch (event.type) {
    case 'PaymentIntentCreated':
      return { ...payment, intent: event.data.intent };
    case 'ActionRequired':
      return { ...payment, status: 'requires_action', action: event.data };
    case 'OutcomeUnknown':
      return { ...payment, status: 'unknown' };
    case 'PaymentCaptured': {
      const { intent, amount, currency } = event.data;
      const captured = { amount, currency };
      return { ...payment, status: 'captured', intent, capture: event.data, captured, action: null };
    }
    case 'CaptureMismatchDetected':
      return payment;
    case 'PaymentFailed':
      return { ...payment, status: 'failed', failure: event.data, action: null };
    case 'PaymentVoided':
      return { ...payment, status: 'voided', action: null, voidedBecause: event.data.why };
    case 'OfflinePaymentReversed':
      return { ...payment, status: 'voided', captured: null, voidedBecause: event.data.why };
    case 'PaymentIntentCanceled':
      return { ...payment, intentCanceled: true };
    case 'FeeRecorded':
      return { ...payment, fee: event.data };
    case 'PayoutRecorded':
      return { ...payment, payout: event.data.payout };
    case 'RefundRequested':
    case 'ExternalRefundDetected':
    case 'RefundPending':
    case 'RefundSucceeded':
    case 'RefundFailed':
    case 'RefundCanceled':
      return { ...payment, refunds: evolveRefunds(payment.refunds, event) };
    case 'DisputeOpened':
    case 'DisputeEscalated':
    case 'FundsWithdrawn':
    case 'FundsReinstated':
    case 'DisputeClosed':
      return { ...payment, disputes: evolveDisputes(payment.disputes, event) };
    default:
      return assertNever(event);
  }
}
