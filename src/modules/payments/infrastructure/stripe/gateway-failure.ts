import { Refusal } from '../../../../shared/domain/refusal.js';
import {
  StripeAccountGone,
  StripeBusy,
  StripeKeyRefused,
  StripePermissionMissing,
  StripeRefused,
  StripeUnknownOutcome,
} from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import {
  GatewayForbidden,
  GatewayRefused,
  GatewayUnreachable,
} from '../../application/ports/payment-gateway.port.js';

/** What a failed call to Stripe means to the business. A decline is an answer, and passes through. */
export function toGatewayFailure(error: unknown): unknown {
  if (error instanceof StripeRefused)
    return new GatewayRefused(error.code, error.param ?? null, error.message);
  if (error instanceof StripeUnknownOutcome || error instanceof StripeBusy) {
    return new GatewayUnreachable(error.message, { cause: error });
  }
  if (error instanceof StripePermissionMissing) {
    return new GatewayForbidden(error.message, { cause: error });
  }
  if (error instanceof StripeKeyRefused || error instanceof StripeAccountGone) {
    return new Refusal('store_disconnected', 'Stripe no longer accepts the key of this store.');
  }
  return error;
}
