import type { Context } from '../../../../shared/application/context.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import type { Capture, ExistingPayment, PaymentCommand } from '../../domain/payment.js';
import type { IntentState } from '../ports/payment-gateway.port.js';

/** How long a customer has to authenticate with their bank before the charge is given up. */
export const AUTHENTICATION_MS = 15 * 60_000;

/** What an intent's state at Stripe means for the payment; null: nothing new. */
export function toPaymentCommand(
  state: IntentState,
  payment: ExistingPayment,
  context: Context,
  now: Date,
): PaymentCommand | null {
  switch (state.kind) {
    case 'captured': {
      const { kind: _, ...captured } = state;
      const stripeEvent = context.origin === 'webhook' ? (context.causationId ?? null) : null;
      return {
        type: 'RecordCapture',
        capture: { ...captured, source: sourceOf(context), stripe_event: stripeEvent },
      };
    }
    case 'declined':
      // On a hosted page a refused try ends nothing: the customer may try another card until the page expires.
      if (payment.asked.method.channel === 'link') return null;
      return { type: 'RecordFailure', failure: state.failure, intent: payment.intent };
    case 'action_required': {
      if (payment.asked.method.channel === 'link') return null;
      const deadline = new Date(now.getTime() + AUTHENTICATION_MS).toISOString();
      return { type: 'RequireAction', url: state.url, deadline };
    }
    case 'canceled':
      return { type: 'VoidPayment', why: 'intent_canceled', intent: payment.intent };
    case 'unconfirmed':
    case 'processing':
      return null;
    default:
      return assertNever(state);
  }
}

function sourceOf(context: Context): Capture['source'] {
  if (context.origin === 'webhook') return 'webhook';
  return context.origin === 'api' ? 'response' : 'poll';
}
