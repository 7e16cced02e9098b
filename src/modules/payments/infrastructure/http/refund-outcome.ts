import { Refusal } from '../../../../shared/domain/refusal.js';
import type { RefundRow } from '../../application/projections/refund-row.js';
import { RefundAnswer } from './refunds.wire.js';

/**
 * A refund as an answer. One that failed later is an answer too; one that Stripe would not make at all is a problem.
 * @throws Refusal with what Stripe had against it
 */
export function refundOutcome(refund: RefundRow): RefundRow {
  const { status, source, stripe, failure_reason } = refund;
  if (status !== 'failed' || source === 'stripe' || stripe.refund !== null) return refund;
  const facts = { refund: RefundAnswer.parse(refund), stripe_code: failure_reason };
  if (failure_reason === 'charge_disputed') {
    throw new Refusal('payment_disputed', 'The customer’s bank disputes this payment.', facts);
  }
  if (failure_reason === 'charge_already_refunded') {
    throw new Refusal('refund_exceeds_captured', 'The payment was refunded at Stripe already.', facts);
  }
  const why = failure_reason?.replaceAll('_', ' ') ?? 'no reason was given';
  throw new Refusal('stripe_error', `Stripe did not make the refund: ${why}.`, facts);
}
