import { Refusal } from '../../../../shared/domain/refusal.js';
import type { PaymentRow } from '../../application/projections/payment-row.js';
import { needsAuthentication } from '../../domain/decline-messages.js';
import { PaymentAnswer } from './payments.wire.js';

/**
 * A charge as an answer: 201 captured, 202 not known yet or the customer must act.
 * @throws Refusal where the charge has failed: 402 for the card, or what Stripe had against the request
 */
export function chargeOutcome(payment: PaymentRow): { status: 201 | 202; payment: PaymentRow } {
  if (payment.status === 'captured') return { status: 201, payment };
  if (payment.failure) throw failed(payment, payment.failure);
  if (payment.status === 'voided') {
    throw new Refusal('card_declined', 'The payment was given up before the card was charged.', {
      payment: PaymentAnswer.parse(payment),
      decline_code: null,
      customer_message: 'The payment was not completed.',
    });
  }
  return { status: 202, payment };
}

/** Codes of Stripe's that say: this payment method, not this request. */
const UNUSABLE = new Set([
  'resource_missing',
  'payment_method_unactivated',
  'payment_method_invalid_parameter',
]);

function failed(payment: PaymentRow, failure: NonNullable<PaymentRow['failure']>): Refusal {
  const { code, decline_code, message, customer_message } = failure;
  const shown = { payment: PaymentAnswer.parse(payment) };
  if (payment.stripe.payment_intent === null || UNUSABLE.has(code))
    return refusedAsRequest(code, message, shown);
  const facts = { ...shown, decline_code, customer_message };
  if (needsAuthentication(failure)) {
    const offer = { type: 'payment_link', amount: payment.amount };
    return new Refusal('authentication_required', customer_message, { ...facts, offer });
  }
  return new Refusal('card_declined', message, facts);
}

function refusedAsRequest(code: string, message: string, facts: { payment: object }): Refusal {
  if (code === 'store_disconnected') return new Refusal('store_disconnected', message, facts);
  if (code === 'amount_too_small')
    return new Refusal('amount_below_minimum', message, { ...facts, param: '/amount' });
  if (code === 'not_started') return new Refusal('stripe_error', message, { ...facts, stripe_code: code });
  if (UNUSABLE.has(code) || code.startsWith('payment_method')) {
    return new Refusal('payment_method_unusable', message, {
      ...facts,
      param: '/payment_method',
      stripe_code: code,
    });
  }
  return new Refusal('stripe_error', message, { ...facts, stripe_code: code });
}
