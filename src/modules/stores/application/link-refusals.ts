import { Refusal } from '../../../shared/domain/refusal.js';
import { LinkRefused, LinkUnavailable } from './ports/account-linker.port.js';

/** Turns a failed call to Stripe into what the caller is told: a fault in this field, or "not now". */
export function refusedAt(param: string): (failure: unknown) => never {
  return (failure) => {
    if (failure instanceof LinkRefused) {
      const errors = [{ pointer: param, code: failure.kind, detail: failure.detail }];
      throw new Refusal('validation_failed', failure.detail, { param, errors });
    }
    throw notNow(failure);
  };
}

/** "Stripe cannot be reached" where that is what happened; any other failure as it is. */
export function notNow(failure: unknown): unknown {
  if (!(failure instanceof LinkUnavailable)) return failure;
  return new Refusal(
    'stripe_unreachable',
    'Stripe did not answer. Nothing was changed; try again in a moment.',
    {
      retry_after: 5,
    },
  );
}
