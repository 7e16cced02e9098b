import type { Clock } from '../../../shared/application/ports/clock.port.js';
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

/** For a caller who may go on only once a page is closed. @throws Refusal */
export function onceClosed<T>(closing: Promise<T>): Promise<T> {
  const closed = closing.catch((error: unknown) => {
    if (!(error instanceof GatewayUnreachable)) throw error;
    const detail =
      'A customer may have the payment page open, and Stripe does not answer whether it is closed.';
    throw new Refusal('session_fence_pending', detail, { retryable: true });
  });
  return orRefuse(closed);
}

/**
 * Whether asking again would hear the same. A key can be replaced, a right be given, a store be connected again, so what
 * only they stand against waits for them: nobody else would do it.
 */
export function isForGood(error: unknown): boolean {
  return error instanceof GatewayRefused && error.code !== 'permission_missing';
}

/** Stripe does not let us in: nothing was asked of it, or what was asked before may have had its effect unheard. */
export function isShut(error: unknown): error is Refusal {
  return error instanceof Refusal && error.code === 'store_disconnected';
}

/** No answer to a call that may have moved money; a key refused after it was sent tells nothing either. */
export function isSilence(error: unknown): error is Error {
  return isShut(error) || error instanceof GatewayUnreachable;
}

/** null in place of what Stripe refuses. @throws whatever is no refusal of Stripe's */
export function unlessRefused(error: unknown): null {
  if (error instanceof GatewayRefused) return null;
  throw error;
}

/** null in place of Stripe's last word. @throws whatever else stands in the way, and may not tomorrow */
export function unlessForGood(error: unknown): null {
  if (isForGood(error)) return null;
  throw error;
}

/** For work that chains several calls to Stripe, each of which may be slow. It goes on; whoever asked hears to ask again. @throws Refusal */
export async function inTime<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = clock.sleep(ms, done.signal).then(() => {
    throw new Refusal('session_fence_pending', 'Stripe is slow to answer. Try again in a moment.', {
      retryable: true,
    });
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}
