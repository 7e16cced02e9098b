import {
  StripeAccountGone,
  StripeBusy,
  StripeKeyRefused,
  StripePermissionMissing,
  StripeRefused,
  StripeUnknownOutcome,
} from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import { LinkRefused, LinkUnavailable } from '../../application/ports/account-linker.port.js';

/** What it means for this call when Stripe says that the request itself is wrong. */
export type RefusedAs = LinkRefused['kind'];

/** The port's words for a failed call. Anything that is no failure of Stripe's stays what it is. */
export function linkFailure(failure: unknown, refusedAs: RefusedAs): unknown {
  if (failure instanceof StripeUnknownOutcome || failure instanceof StripeBusy) {
    return new LinkUnavailable(failure.message, { cause: failure });
  }
  if (failure instanceof StripeRefused) return refused(refusedAs, failure.message, failure);
  return shutOut(failure, refusedAs) ?? failure;
}

/** The named problem behind a refused key, account or permission; `undefined` for any other failure. */
export function shutOut(failure: unknown, refusedAs: RefusedAs = 'key_revoked'): LinkRefused | undefined {
  if (failure instanceof StripeKeyRefused) {
    const kind = refusedAs === 'code_refused' ? refusedAs : 'key_revoked';
    return refused(kind, 'Stripe does not accept the key.', failure);
  }
  if (failure instanceof StripeAccountGone) {
    return refused('account_gone', 'The Stripe account is no longer connected to us.', failure);
  }
  if (failure instanceof StripePermissionMissing) {
    return refused('permission_missing', failure.message, failure);
  }
  return undefined;
}

function refused(kind: RefusedAs, detail: string, cause: Error): LinkRefused {
  return new LinkRefused(kind, detail, { cause });
}
