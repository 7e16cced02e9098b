import type { SessionRequest } from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';

/** How a card behaves. It is also the name of the payment method that carries it. */
export const CARDS = ['pm_good', 'pm_declined', 'pm_3ds', 'pm_slow', 'pm_slow_declined'] as const;
export type CardKind = (typeof CARDS)[number];

export function isCard(name: string): name is CardKind {
  return (CARDS as readonly string[]).includes(name);
}

export type Intent = {
  readonly id: string;
  readonly store: StoreId;
  /** What our metadata on it says; null for one that the merchant made elsewhere. */
  readonly payment: string | null;
  readonly amount: number;
  readonly currency: string;
  /** The page it belongs to. */
  readonly page: string | null;
  card: CardKind;
  status: 'unconfirmed' | 'action' | 'processing' | 'declined' | 'captured' | 'canceled';
  /** Whether the customer was there to be asked by their bank. */
  isPresent: boolean;
  feeFrom: number;
};

export type Page = {
  readonly id: string;
  readonly request: SessionRequest;
  readonly expiresAt: number;
  status: 'open' | 'complete' | 'expired';
  intent: Intent | null;
};
