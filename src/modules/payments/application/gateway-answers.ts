import type { Clock } from '../../../shared/application/ports/clock.port.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { GatewayForbidden, GatewayRefused, GatewayUnreachable } from './ports/payment-gateway.port.js';

/** What a caller hears of in `stripe_code` where the key has no right to something. */
export const RIGHT_MISSING = 'permission_missing';

/** For a caller who asked something of Stripe that has no other way to end. @throws Refusal */
export async function orRefuse<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toRefusal(error);
  }
}

/** What a caller hears of a call to Stripe that failed; whatever is no failure of such a call stays what it is. */
export function toRefusal(error: unknown): unknown {
  if (error instanceof GatewayUnreachable) {
    const detail = 'Stripe does not answer. Try again in a moment.';
    return new Refusal('stripe_unreachable', detail, { retryable: true });
  }
  if (error instanceof GatewayForbidden)
    return new Refusal('stripe_error', error.message, { stripe_code: RIGHT_MISSING });
  if (error instanceof GatewayRefused)
    return new Refusal('stripe_error', error.message, { stripe_code: error.code });
  return error;
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

/** Stripe does not let us in: nothing was asked of it, or what was asked before may have had its effect unheard. */
export function isShut(error: unknown): error is Refusal {
  return error instanceof Refusal && error.code === 'store_disconnected';
}

/** No answer to a call that may have moved money; a key that is refused, or may not look, tells nothing either. */
export function isSilence(error: unknown): error is Error {
  return isShut(error) || error instanceof GatewayForbidden || error instanceof GatewayUnreachable;
}

/** Stripe will not do this: for good, or until it is given the right. */
export function isDenied(error: unknown): error is GatewayRefused | GatewayForbidden {
  return error instanceof GatewayRefused || error instanceof GatewayForbidden;
}

/** null in place of what Stripe refuses. @throws whatever is no refusal of Stripe's */
export function unlessRefused(error: unknown): null {
  if (error instanceof GatewayRefused) return null;
  throw error;
}

/** null in place of an answer that did not come. @throws whatever else went wrong */
export function unlessSilent(error: unknown): null {
  if (isSilence(error)) return null;
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
