import { Injectable } from '@nestjs/common';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import type { ExistingPayment } from '../../domain/payment.js';
import type { ExistingLink } from '../../domain/payment-link.js';
import { LinkTokens } from '../ports/link-tokens.port.js';
import type { SessionRequest } from '../ports/payment-gateway.port.js';

/** What Stripe is asked for a hosted page: out of what is stored, so that asking again sends the same bytes. */
@Injectable()
export class PageRequests {
  constructor(private readonly tokens: LinkTokens) {}

  async of(
    payment: PaymentId,
    { asked }: ExistingPayment,
    { link, recipient }: ExistingLink,
  ): Promise<SessionRequest> {
    if (asked.method.channel !== 'link') throw new Error(`${payment} has no page`);
    const url = await this.tokens.urlOf(link);
    return {
      store: asked.store,
      order: asked.order,
      orderNumber: asked.order_number,
      payment,
      link,
      session: asked.method.session,
      amount: asked.amount,
      currency: asked.currency,
      description: `Order ${asked.order_number}`,
      customerEmail: recipient.email,
      expiresAt: asked.method.expires_at,
      successUrl: `${url}/return`,
      cancelUrl: url,
    };
  }
}
