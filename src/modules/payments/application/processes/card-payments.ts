import { Injectable } from '@nestjs/common';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import type { ExistingOrder, Reservation } from '../../../orders/index.js';
import { paymentAggregate } from '../../domain/payment.js';

/** Makes a card payment out of the hold on the order's balance: for the live request, and after a crash between the two. */
@Injectable()
export class CardPayments {
  constructor(private readonly streams: Streams) {}

  async initiate(
    id: PaymentId,
    orderId: OrderId,
    order: ExistingOrder,
    { amount, instruction }: Reservation,
    context: Context,
  ): Promise<void> {
    const asked = {
      order: orderId,
      order_number: instruction['order_number'] ?? order.terms.number,
      store: order.store,
      livemode: order.livemode,
      amount,
      currency: order.currency,
      method: {
        channel: 'card',
        payment_method: instruction['payment_method'] ?? '',
        save_card: instruction['save_card'] === 'true',
        moto: instruction['moto'] === 'true',
        return_url: instruction['return_url'] ?? null,
        confirm_by: instruction['confirm_by'] ?? '',
      },
    } as const;
    await this.streams.handle(paymentAggregate, id, { type: 'InitiatePayment', asked }, context);
  }
}
