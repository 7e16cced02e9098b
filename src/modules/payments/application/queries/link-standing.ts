import { amountsOf, type ExistingOrder } from '../../../orders/index.js';
import type { ExistingLink } from '../../domain/payment-link.js';

/** What a link is good for at this moment. One truth for the page, the pay button and the API. */
export type LinkStanding =
  | Readonly<{ kind: 'payable'; amount: number }>
  /** Paid by this very link. */
  | Readonly<{ kind: 'paid' }>
  /** Nothing is due any more, however it was paid. */
  | Readonly<{ kind: 'already_paid' }>
  /** It is due again since a bank disputes an earlier payment, and is not asked for while that runs. */
  | Readonly<{ kind: 'contested' }>
  | Readonly<{ kind: 'cancelled' | 'expired' | 'revoked' | 'superseded' }>;

export function standing(link: ExistingLink, order: ExistingOrder, now: Date): LinkStanding {
  const { balanceDue, collectable } = amountsOf(order);
  if (link.status === 'paid') return { kind: 'paid' };
  if (link.status === 'revoked') return { kind: 'revoked' };
  if (order.status !== 'open') return { kind: 'cancelled' };
  if (balanceDue === 0) return { kind: 'already_paid' };
  if (link.status === 'superseded') return { kind: 'superseded' };
  if (link.status === 'expired' || Date.parse(link.expiresAt) <= now.getTime()) return { kind: 'expired' };
  const amount = link.amountRule.rule === 'balance' ? Math.max(1, collectable) : link.amountRule.amount;
  if (amount > balanceDue) return { kind: 'superseded' };
  return amount > collectable ? { kind: 'contested' } : { kind: 'payable', amount };
}
