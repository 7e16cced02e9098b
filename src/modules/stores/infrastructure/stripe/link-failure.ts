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
  const cause = { cause: failure };
  if (failure instanceof StripeUnknownOutcome || failure instanceof StripeBusy) {
    return new LinkUnavailable(failure.message, cause);
  }
  if (failure instanceof StripeKeyRefused) {
    return new LinkRefused(
      refusedAs === 'code_refused' ? refusedAs : 'key_revoked',
      'Stripe does not accept the key.',
      cause,
    );
  }
  if (failure instanceof StripeAccountGone) {
    return new LinkRefused('account_gone', 'The Stripe account is no longer connected to us.', cause);
  }
  if (failure instanceof StripePermissionMissing) {
    return new LinkRefused('permission_missing', withoutKeys(failure.message), cause);
  }
  if (failure instanceof StripeRefused)
    return new LinkRefused(refusedAs, withoutKeys(failure.message), cause);
  return failure;
}

/** Stripe quotes the key it was sent, mostly masked. Not even a masked one is shown or mailed. */
function withoutKeys(message: string): string {
  return message.replace(/['"]?\b[sr]k_(test|live)_[\w*]+['"]?/g, 'in use');
}
