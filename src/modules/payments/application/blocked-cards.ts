import { Injectable } from '@nestjs/common';
import { Claims } from '../../../shared/application/claims.js';
import type { PaymentId, StoreId } from '../../../shared/domain/ids.js';
import type { Payment } from '../domain/payment.js';

/** Stripe's word for a card that is not to be asked again: the bank has said no for good. */
const FOR_GOOD = 'do_not_try_again';

/** Cards that are not tried again, since every further try costs the merchant standing with the card networks. */
@Injectable()
export class BlockedCards {
  constructor(private readonly claims: Claims) {}

  /** Remembers the card of a payment that its bank has refused for good; does nothing for any other. */
  async remember(id: PaymentId, payment: Payment): Promise<void> {
    if (payment.status !== 'failed' || payment.failure?.advice_code !== FOR_GOOD) return;
    const { store, method } = payment.asked;
    if (method.channel !== 'card') return;
    await this.claims.claim('blocked_card', keyOf(store, method.payment_method), { payment: id });
  }

  /** The payment whose refusal blocked this card; null where nothing stands against trying it. */
  async blockedBy(store: StoreId, paymentMethod: string): Promise<PaymentId | null> {
    const owner = await this.claims.find('blocked_card', keyOf(store, paymentMethod));
    return (owner?.['payment'] as PaymentId | undefined) ?? null;
  }
}

function keyOf(store: StoreId, paymentMethod: string): string {
  return `${store}|${paymentMethod}`;
}
