import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { LinkId, OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { FindOrder, SessionFence } from '../../../orders/index.js';
import { GatewayRefused, GatewayUnreachable } from '../ports/payment-gateway.port.js';
import { Checkout } from './checkout.process.js';

/** Closes the hosted pages that hold part of an order, at Stripe, and awaits its word on each. */
@Injectable()
export class CheckoutFence extends SessionFence {
  constructor(
    private readonly queries: QueryBus,
    private readonly checkout: Checkout,
  ) {
    super();
  }

  override async close(order: OrderId, context: Context): Promise<void> {
    const { order: state } = await this.queries.execute(new FindOrder(order));
    const held = [...state.reservations].filter(([, { channel }]) => channel === 'link');
    await Promise.all(
      held.map(([payment, { instruction }]) => this.#close(payment, instruction['link'] as LinkId, context)),
    );
  }

  async #close(payment: PaymentId, link: LinkId, context: Context): Promise<void> {
    try {
      await this.checkout.end(payment, link, context);
    } catch (error) {
      if (error instanceof GatewayRefused) {
        throw new Refusal('stripe_error', error.message, { stripe_code: error.code });
      }
      if (!(error instanceof GatewayUnreachable)) throw error;
      const detail = 'A customer has the payment page open, and Stripe does not answer whether it is closed.';
      throw new Refusal('session_fence_pending', detail, { retryable: true });
    }
  }
}
