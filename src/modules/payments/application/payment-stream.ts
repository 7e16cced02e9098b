import type { LinkId, PaymentId } from '../../../shared/domain/ids.js';

/** A stream is its category, a dash, and the id without its prefix. */
function bare(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

export function paymentIdOf(stream: string): PaymentId {
  return `pay_${bare(stream)}`;
}

export function linkIdOf(stream: string): LinkId {
  return `link_${bare(stream)}`;
}
