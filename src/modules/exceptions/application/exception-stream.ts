import type { Metadata } from '../../../shared/application/ports/event-store.port.js';
import type { Ids } from '../../../shared/application/ports/ids.port.js';
import type { ExceptionId, PaymentId, RefundId } from '../../../shared/domain/ids.js';
import type { ExceptionKind } from '../domain/exception.events.js';

/** The same for the same matter, for ever: so it is opened once, however often it is noticed. */
export function exceptionIdFor(ids: Ids, kind: ExceptionKind, matter: string): ExceptionId {
  return `exc_${ids.derive(`exception:${kind}:${matter}`)}`;
}

export function exceptionIdOf(stream: string): ExceptionId {
  return `exc_${stream.slice(stream.indexOf('-') + 1)}`;
}

/** The refund that a wish to resolve an exception makes of one payment: the same again, also after a crash. */
export function refundIdFor(ids: Ids, exception: ExceptionId, wish: string, payment: PaymentId): RefundId {
  return `refund_${ids.derive(`${exception}:${wish}:${payment}`)}`;
}

/** Names the matter of a refund that failed. One that Stripe refused may be made all the same, and then fail: another matter. */
export function failedRefund(refund: RefundId, atStripe: string | null): string {
  return `${refund}:${atStripe ?? 'never_made'}`;
}

/** The exception that asked for something, where one did: it stands as the cause in the envelope. */
export function askedBy({ metadata }: Readonly<{ metadata: Metadata }>): ExceptionId | null {
  const cause = metadata['$causationId'];
  return cause?.startsWith('exc_') ? (cause as ExceptionId) : null;
}
