import type { Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import type { RefundEffect, RefundEvent, RefundReason } from '../../domain/payment.events.js';
import { paymentIdOf } from '../payment-stream.js';

/** A refund as clients see it. One that Stripe has not answered yet is pending. */
export type RefundRow = Readonly<{
  id: string;
  object: 'refund';
  payment: string;
  order: string;
  store: string;
  livemode: boolean;
  amount: number;
  currency: string;
  status: 'pending' | 'succeeded' | 'failed' | 'canceled';
  failure_reason: string | null;
  reason: RefundReason | null;
  effect: RefundEffect;
  note: string | null;
  source: 'quittance' | 'stripe';
  stripe: Readonly<{ refund: string | null }>;
  created_at: string;
  revision: number;
  metadata: Readonly<Record<string, string>>;
  listed: boolean;
}>;

export function refundRow(row: RefundRow | undefined, event: Told<RefundEvent>): RefundRow | null {
  switch (event.type) {
    case 'RefundRequested':
    case 'ExternalRefundDetected':
      return begun(event);
    case 'RefundPending':
      return row ? seen(row, 'pending', event.data.stripe_refund) : null;
    case 'RefundSucceeded':
      return row ? seen(row, 'succeeded', event.data.stripe_refund) : null;
    case 'RefundCanceled':
      return row ? seen(row, 'canceled', event.data.stripe_refund) : null;
    case 'RefundFailed': {
      const { stripe_refund, failure_reason } = event.data;
      return row ? { ...seen(row, 'failed', stripe_refund ?? row.stripe.refund), failure_reason } : null;
    }
    default:
      return assertNever(event);
  }
}

function seen(row: RefundRow, status: RefundRow['status'], refund: string | null): RefundRow {
  return { ...row, status, failure_reason: null, stripe: { refund }, revision: row.revision + 1 };
}

type Begun = Extract<Told<RefundEvent>, { type: 'RefundRequested' | 'ExternalRefundDetected' }>;

function begun(event: Begun): RefundRow {
  const { refund, order, store, livemode, amount, currency } = event.data;
  return {
    id: refund,
    object: 'refund',
    payment: paymentIdOf(event.stream),
    ...{ order, store, livemode, amount, currency },
    status: 'pending',
    failure_reason: null,
    ...wish(event),
    created_at: event.at,
    revision: 1,
    metadata: {},
    listed: true,
  };
}

/** Nobody told us why a refund was made at Stripe; goods that came back are the ordinary reason. */
function wish(event: Begun): Pick<RefundRow, 'reason' | 'effect' | 'note' | 'source' | 'stripe'> {
  if (event.type === 'ExternalRefundDetected') {
    const stripe = { refund: event.data.stripe_refund };
    return { reason: null, effect: 'credit', note: null, source: 'stripe', stripe };
  }
  const { reason, effect, note } = event.data;
  return { reason, effect, note, source: 'quittance', stripe: { refund: null } };
}
