import type { Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import type { OrderEvent } from '../../../orders/index.js';
import { customerMessage } from '../../domain/decline-messages.js';
import type { Card, PaymentEvent } from '../../domain/payment.events.js';
import { paymentIdOf } from '../payment-stream.js';

type Amount = Readonly<{ amount: number; currency: string }>;

/** A payment as clients see it. */
export type PaymentRow = Readonly<{
  id: string;
  object: 'payment';
  order: string;
  store: string;
  livemode: boolean;
  channel: 'card' | 'link' | 'offline';
  status: 'processing' | 'requires_action' | 'unknown' | 'captured' | 'failed' | 'voided';
  amount: number;
  currency: string;
  amount_captured: number;
  /** Of the capture, where it is not the one that was asked for. */
  currency_captured: string | null;
  amount_applied: number;
  amount_excess: number;
  /** Refunds under way and made. */
  amount_refunded: number;
  /** What disputes have taken at this moment. */
  amount_disputed: number;
  card: Card | null;
  stripe: Readonly<{
    payment_intent: string | null;
    charge: string | null;
    balance_transaction: string | null;
  }>;
  fee: Amount | null;
  net: Amount | null;
  payout: string | null;
  /** How money came that did not pass Stripe. */
  offline: Readonly<{ method: string; reference: string | null; received_at: string }> | null;
  failure: Readonly<{
    code: string;
    decline_code: string | null;
    message: string;
    customer_message: string;
  }> | null;
  next_action: Readonly<{ type: 'redirect'; url: string }> | null;
  link: string | null;
  captured_at: string | null;
  created_at: string;
  revision: number;
  metadata: Readonly<Record<string, string>>;
  /** Whether the Transactions tab lists it: a hosted page that nobody paid on is no transaction. */
  listed: boolean;
  /** Captured, but Stripe has not named its fee yet. */
  fee_pending: boolean;
  /** What each refund and each dispute is about, and whether it takes that out of the payment now. */
  taken: Readonly<Record<string, Taken>>;
}>;

type Taken = Readonly<{ amount: number; isOut: boolean }>;

type Applied = Extract<OrderEvent, { type: 'PaymentApplied' }>;

/** The order's side: how much of the capture counted towards its balance. */
export function applied(row: PaymentRow, { data }: Applied): PaymentRow {
  return { ...row, amount_applied: data.applied, amount_excess: data.excess };
}

export function paymentRow(row: PaymentRow | undefined, event: Told<PaymentEvent>): PaymentRow | null {
  if (event.type === 'PaymentInitiated' || event.type === 'OfflinePaymentRecorded') return begun(event);
  return row ? { ...changed(row, event), revision: event.revision + 1 } : null;
}

type Begun = Extract<Told<PaymentEvent>, { type: 'PaymentInitiated' | 'OfflinePaymentRecorded' }>;

function begun(event: Begun): PaymentRow {
  const row = initiated(event);
  if (event.type === 'PaymentInitiated') return row;
  const { amount, method } = event.data;
  const { kind, reference, received_at } = method;
  return {
    ...row,
    status: 'captured',
    amount_captured: amount,
    offline: { method: kind, reference, received_at },
    captured_at: event.at,
  };
}

function initiated({ data, stream, at, revision }: Begun): PaymentRow {
  const { method } = data;
  return {
    id: paymentIdOf(stream),
    object: 'payment',
    order: data.order,
    store: data.store,
    livemode: data.livemode,
    channel: method.channel,
    status: 'processing',
    amount: data.amount,
    currency: data.currency,
    amount_captured: 0,
    currency_captured: null,
    amount_applied: 0,
    amount_excess: 0,
    amount_refunded: 0,
    amount_disputed: 0,
    card: null,
    stripe: { payment_intent: null, charge: null, balance_transaction: null },
    fee: null,
    net: null,
    payout: null,
    offline: null,
    failure: null,
    next_action: null,
    link: method.channel === 'link' ? method.link : null,
    captured_at: null,
    created_at: at,
    revision: revision + 1,
    metadata: {},
    listed: method.channel !== 'link',
    fee_pending: false,
    taken: {},
  };
}

function changed(row: PaymentRow, event: Exclude<Told<PaymentEvent>, Begun>): PaymentRow {
  const { stripe } = row;
  switch (event.type) {
    case 'PaymentIntentCreated':
      return { ...row, stripe: { ...stripe, payment_intent: event.data.intent } };
    case 'ActionRequired':
      return { ...row, status: 'requires_action', next_action: { type: 'redirect', url: event.data.url } };
    case 'OutcomeUnknown':
      return { ...row, status: 'unknown' };
    case 'PaymentCaptured':
      return {
        ...row,
        status: 'captured',
        amount_captured: event.data.amount,
        currency_captured: event.data.currency === row.currency ? null : event.data.currency,
        card: event.data.card,
        stripe: { ...stripe, payment_intent: event.data.intent, charge: event.data.charge },
        failure: null,
        next_action: null,
        captured_at: event.at,
        listed: true,
        fee_pending: true,
      };
    case 'PaymentFailed': {
      const { code, decline_code, message, charge } = event.data;
      const failure = { code, decline_code, message, customer_message: customerMessage(event.data) };
      return { ...row, status: 'failed', stripe: { ...stripe, charge }, failure, next_action: null };
    }
    case 'PaymentVoided':
      return { ...row, status: 'voided', next_action: null };
    case 'OfflinePaymentReversed':
      return { ...row, status: 'voided', amount_captured: 0, amount_applied: 0, amount_excess: 0 };
    case 'FeeRecorded': {
      const { balance_transaction, fee, net, currency } = event.data;
      return {
        ...row,
        stripe: { ...stripe, balance_transaction },
        fee: { amount: fee, currency },
        net: { amount: net, currency },
        fee_pending: false,
      };
    }
    case 'PayoutRecorded':
      return { ...row, payout: event.data.payout };
    case 'RefundRequested':
    case 'ExternalRefundDetected':
      return takes(row, event.data.refund, true, event.data.amount);
    case 'RefundPending':
    case 'RefundSucceeded':
      return takes(row, event.data.refund, true);
    case 'RefundFailed':
    case 'RefundCanceled':
      return takes(row, event.data.refund, false);
    case 'FundsWithdrawn':
      return takes(row, event.data.dispute, true, event.data.amount);
    case 'FundsReinstated':
      return takes(row, event.data.dispute, false);
    case 'PaymentIntentCanceled':
    case 'CaptureMismatchDetected':
    case 'DisputeOpened':
    case 'DisputeEscalated':
    case 'DisputeClosed':
      return row;
    default:
      return assertNever(event);
  }
}

/** `by`: a refund or a dispute; `amount` where it is new. One that was refused may have been made all the same. */
function takes(row: PaymentRow, by: string, isOut: boolean, amount = row.taken[by]?.amount ?? 0): PaymentRow {
  const taken = { ...row.taken, [by]: { amount, isOut } };
  const sum = (kind: string) =>
    Object.entries(taken).reduce(
      (all, [id, part]) => (id.startsWith(kind) && part.isOut ? all + part.amount : all),
      0,
    );
  return { ...row, taken, amount_refunded: sum('refund_'), amount_disputed: sum('dispute_') };
}
