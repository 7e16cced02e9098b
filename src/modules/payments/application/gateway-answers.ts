import { Refusal } from '../../../shared/domain/refusal.js';
import { GatewayRefused, GatewayUnreachable } from './ports/payment-gateway.port.js';

/** For a caller who asked something of Stripe that has no other way to end. @throws Refusal */
export async function orRefuse<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof GatewayUnreachable) {
      throw new Refusal('stripe_unreachable', 'Stripe does not answer. Try again in a moment.', {
        retryable: true,
      });
    }
    if (error instanceof GatewayRefused) {
      throw new Refusal('stripe_error', error.message, { stripe_code: error.code });
    }
    throw error;
  }
}
