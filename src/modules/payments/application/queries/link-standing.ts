import { amountsOf, type ExistingOrder } from '../../../orders/index.js';
import type { ExistingLink } from '../../domain/payment-link.js';

/** What a link is good for at this moment. One truth for the page, the pay button and the API. */
export type LinkStanding =
  | Readonly<{ kind: 'payable'; amount: number }>
  /** Paid by this very link. */
  | Readonly<{ kind: 'paid' }>
  /** Nothing is due any more, however it was paid. */
  | Readonly<{ kind: 'already_paid' }>
  | Readonly<{ kind: 'cancelled' | 'expired' | 'revoked' | 'superseded' }>;

export function standing(link: ExistingLink, order: ExistingOrder, now: Date): LinkStanding {
  const { balanceDue } = amountsOf(order);
  if (link.status === 'paid') return { kind: 'paid' };
  if (link.status === 'revoked') return { kind: 'revoked' };
  if (order.status === 'cancelled') return { kind: 'cancelled' };
  if (balanceDue === 0) return { kind: 'already_paid' };
  if (link.status === 'superseded') return { kind: 'superseded' };
  if (link.status === 'expired' || Date.parse(link.expiresAt) <= now.getTime()) return { kind: 'expired' };
  if (link.amountRule.rule === 'balance') return { kind: 'payable', amount: balanceDue };
  const { amount } = link.amountRule;
  return amount > balanceDue ? { kind: 'superseded' } : { kind: 'payable', amount };
}
