import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { LinkId, OrderId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { FindOrder, SessionFence } from '../../../orders/index.js';
import { GatewayUnreachable } from '../ports/payment-gateway.port.js';
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
    for (const { channel, instruction } of state.reservations.values()) {
      if (channel !== 'link') continue;
      try {
        await this.checkout.close(instruction['link'] as LinkId, context);
      } catch (error) {
        if (!(error instanceof GatewayUnreachable)) throw error;
        throw new Refusal(
          'session_fence_pending',
          'A customer has this order open on the payment page, and Stripe does not answer whether it is closed.',
          { retryable: true },
        );
      }
    }
  }
}
