import type Stripe from 'stripe';
import type { StripeDeclined } from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import type { IntentState } from '../../application/ports/payment-gateway.port.js';
import type { Card, Failure } from '../../domain/payment.events.js';

/** An intent as Stripe shows it. `latest_charge` is to be expanded. */
export function toIntentState(intent: Stripe.PaymentIntent): IntentState {
  switch (intent.status) {
    case 'succeeded': {
      const charge = intent.latest_charge;
      const id = typeof charge === 'string' ? charge : charge?.id;
      // Money without a charge to name it by: Stripe is asked again until it tells.
      if (!id) return { kind: 'processing' };
      return {
        kind: 'captured',
        intent: intent.id,
        charge: id,
        amount: intent.amount_received,
        currency: intent.currency,
        card: typeof charge === 'string' ? null : cardOf(charge),
      };
    }
    case 'requires_action':
      return { kind: 'action_required', url: intent.next_action?.redirect_to_url?.url ?? '' };
    case 'requires_confirmation':
      return { kind: 'unconfirmed' };
    case 'requires_payment_method':
      // Made with a payment method, so to need another one means that this one was refused.
      return intent.last_payment_error
        ? { kind: 'declined', failure: failureOf(intent.last_payment_error) }
        : { kind: 'unconfirmed' };
    case 'canceled':
      return { kind: 'canceled' };
    default:
      // `processing`, `requires_capture`, and whatever Stripe invents: money is never inferred from a new word.
      return { kind: 'processing' };
  }
}

export function toDecline(declined: StripeDeclined): IntentState {
  return {
    kind: 'declined',
    failure: {
      code: declined.code,
      decline_code: declined.declineCode ?? null,
      advice_code: declined.adviceCode ?? null,
      message: declined.message,
      charge: declined.charge ?? null,
    },
  };
}

function failureOf(error: Stripe.PaymentIntent.LastPaymentError): Failure {
  return {
    code: error.code ?? 'card_declined',
    decline_code: error.decline_code ?? null,
    advice_code: error.advice_code ?? null,
    message: error.message ?? 'The card was declined.',
    charge: error.charge ?? null,
  };
}

function cardOf(charge: Stripe.Charge | null): Card | null {
  const card = charge?.payment_method_details?.card;
  if (!card) return null;
  return {
    brand: card.brand ?? 'unknown',
    last4: card.last4 ?? '',
    exp_month: card.exp_month,
    exp_year: card.exp_year,
    funding: card.funding ?? 'unknown',
  };
}
