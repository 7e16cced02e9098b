import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Currency } from '../../../shared/domain/currency.js';
import type { RefundId } from '../../../shared/domain/ids.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { type Disputable, standsAgainstRefunds, withdrawnBy } from './dispute.js';
import type { RefundEffect, RefundEvent, RefundReason, Whose } from './payment.events.js';

/** Money on its way back, or back with the customer. */
export type Refund = Readonly<{
  /** `requested`: written down here, not yet known to Stripe. `failed` is legal after `succeeded`: the bank sent it back. */
  status: 'requested' | 'pending' | 'succeeded' | 'failed' | 'canceled';
  amount: number;
  currency: string;
  effect: RefundEffect;
  reason: RefundReason | null;
  /** `stripe`: somebody made it at Stripe, behind our back. */
  source: 'quittance' | 'stripe';
  stripeRefund: string | null;
  failureReason: string | null;
}>;

/** What of a payment its refunds depend on. */
export type Refundable = Disputable &
  Readonly<{
    status: string;
    asked: Whose & Readonly<{ currency: Currency; method: Readonly<{ channel: string }> }>;
    refunds: ReadonlyMap<RefundId, Refund>;
  }>;

/** A refund as Stripe shows it. */
export type RefundFact = Readonly<{
  stripeRefund: string;
  status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  amount: number;
  currency: string;
  failureReason: string | null;
}>;

export type RefundCommand =
  | {
      type: 'RequestRefund';
      refund: RefundId;
      amount: Money;
      reason: RefundReason | null;
      effect: RefundEffect;
      note: string | null;
    }
  /** What Stripe says of a refund, ours or one that was made there. */
  | { type: 'RecordRefund'; refund: RefundId; fact: RefundFact }
  /** Stripe would not make it, and surely has not. */
  | { type: 'RecordRefundRefused'; refund: RefundId; why: string };

/** Refunds that took money out of the payment, or may yet: failed and canceled ones gave it back. */
export function refundedOf({ refunds }: Pick<Refundable, 'refunds'>): number {
  let sum = 0;
  for (const { status, amount } of refunds.values())
    if (status !== 'failed' && status !== 'canceled') sum += amount;
  return sum;
}

/** What may still be given back: captured, less refunds under way and done, less what disputes took. Never negative. */
export function refundable(payment: Refundable): number {
  if (!payment.captured) return 0;
  return Math.max(0, payment.captured.amount - refundedOf(payment) - withdrawnBy(payment.disputes));
}

/** @throws Refusal before anything is asked of Stripe, with the numbers that explain it. */
export function decideRefund(command: RefundCommand, payment: Refundable): readonly RefundEvent[] {
  if (command.type === 'RequestRefund') return request(command, payment);
  const known = payment.refunds.get(command.refund);
  if (command.type === 'RecordRefundRefused') {
    if (known?.status !== 'requested') return [];
    const { refund, why } = command;
    return [{ type: 'RefundFailed', data: { refund, stripe_refund: null, failure_reason: why } }];
  }
  const { refund, fact } = command;
  if (known) return news(known, fact) ? [told(refund, fact)] : [];
  if (!payment.captured) return [];
  const { stripeRefund: stripe_refund, amount, currency } = fact;
  const { order, store, livemode } = payment.asked;
  const detected = { refund, order, store, livemode, stripe_refund, amount, currency };
  return [{ type: 'ExternalRefundDetected', data: detected }, told(refund, fact)];
}

function request(
  command: Extract<RefundCommand, { type: 'RequestRefund' }>,
  payment: Refundable,
): readonly RefundEvent[] {
  const { refund, amount, reason, effect, note } = command;
  if (payment.refunds.has(refund)) return [];
  checkRefund(amount, payment);
  const { minor, currency } = amount;
  const { order, store, livemode } = payment.asked;
  const requested = { refund, order, store, livemode, amount: minor, currency, reason, effect, note };
  const events: RefundEvent[] = [{ type: 'RefundRequested', data: requested }];
  // Money that never passed Stripe is given back by hand: recording it is all there is to do.
  if (payment.asked.method.channel === 'offline')
    events.push({ type: 'RefundSucceeded', data: { refund, stripe_refund: null } });
  return events;
}

function checkRefund({ minor, currency }: Money, payment: Refundable): void {
  const left = refundable(payment);
  const { captured } = payment;
  const numbers = {
    param: '/amount',
    amount: minor,
    amount_captured: captured?.amount ?? 0,
    amount_refunded: refundedOf(payment),
    refundable: left,
    currency: captured?.currency ?? payment.asked.currency,
  };
  if (!captured) {
    throw new Refusal('refund_exceeds_captured', 'No money has come by this payment.', numbers);
  }
  if (captured.currency !== currency) {
    const detail = `The payment is in ${captured.currency.toUpperCase()}.`;
    throw new Refusal('currency_mismatch', detail, { param: '/currency', currency: captured.currency });
  }
  if (standsAgainstRefunds(payment.disputes)) {
    throw new Refusal('payment_disputed', 'The customer’s bank disputes this payment.', numbers);
  }
  Money.of(minor, currency);
  if (minor > left || minor === 0) {
    const detail = `${Money.format({ minor, currency })} was asked for; ${Money.format({ minor: left, currency })} can be refunded.`;
    throw new Refusal('refund_exceeds_captured', detail, numbers);
  }
}

/** A refund only ever goes forward. One that Stripe refused may have been made all the same: then that counts. */
function news(known: Refund, { status }: RefundFact): boolean {
  const rank = { requested: 0, pending: 1, succeeded: 2, failed: 3, canceled: 3 } as const;
  const wasOnlyRefused = known.status === 'failed' && known.stripeRefund === null;
  return rank[status] > rank[known.status] || wasOnlyRefused;
}

function told(
  refund: RefundId,
  { status, stripeRefund: stripe_refund, failureReason }: RefundFact,
): RefundEvent {
  const data = { refund, stripe_refund };
  if (status === 'pending') return { type: 'RefundPending', data };
  if (status === 'succeeded') return { type: 'RefundSucceeded', data };
  if (status === 'canceled') return { type: 'RefundCanceled', data };
  return { type: 'RefundFailed', data: { ...data, failure_reason: failureReason ?? 'unknown' } };
}

type Refunds = Refundable['refunds'];

export function evolveRefunds(refunds: Refunds, event: RefundEvent): Refunds {
  const { data } = event;
  const known = refunds.get(data.refund);
  const next = evolveRefund(known, event);
  return next ? new Map(refunds).set(data.refund, next) : refunds;
}

function evolveRefund(known: Refund | undefined, event: RefundEvent): Refund | undefined {
  switch (event.type) {
    case 'RefundRequested': {
      const { amount, currency, effect, reason } = event.data;
      const fresh = {
        status: 'requested',
        source: 'quittance',
        stripeRefund: null,
        failureReason: null,
      } as const;
      return { ...fresh, amount, currency, effect, reason };
    }
    case 'ExternalRefundDetected': {
      const { amount, currency, stripe_refund: stripeRefund } = event.data;
      const fresh = { status: 'pending', source: 'stripe', effect: 'credit', reason: null } as const;
      return { ...fresh, amount, currency, stripeRefund, failureReason: null };
    }
    case 'RefundPending':
      return (
        known && { ...known, status: 'pending', stripeRefund: event.data.stripe_refund, failureReason: null }
      );
    case 'RefundSucceeded':
      return (
        known && {
          ...known,
          status: 'succeeded',
          stripeRefund: event.data.stripe_refund,
          failureReason: null,
        }
      );
    case 'RefundCanceled':
      return known && { ...known, status: 'canceled', stripeRefund: event.data.stripe_refund };
    case 'RefundFailed': {
      const stripeRefund = event.data.stripe_refund ?? known?.stripeRefund ?? null;
      return known && { ...known, status: 'failed', stripeRefund, failureReason: event.data.failure_reason };
    }
    default:
      return assertNever(event);
  }
}
