import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { LinkId, OrderId } from '../../../../shared/domain/ids.js';
import { FindOrder, SessionFence } from '../../../orders/index.js';
import { onceClosed } from '../gateway-answers.js';
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
      held.map(([payment, { instruction }]) =>
        onceClosed(this.checkout.end(payment, instruction['link'] as LinkId, context)),
      ),
    );
  }
}
