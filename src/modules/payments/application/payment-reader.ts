import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Streams } from '../../../shared/application/streams.js';
import { FindOrder } from '../../orders/index.js';
import type { ExistingPayment } from '../domain/payment.js';
import { paymentLinkAggregate } from '../domain/payment-link.js';

type Reader = Readonly<{ name: string; address: string }>;

/** Who is written to about a payment: to whom its link was sent, else the order's customer. */
@Injectable()
export class PaymentReader {
  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
  ) {}

  /** null where there is no address. */
  async of({ asked: { order: orderId, method } }: ExistingPayment): Promise<Reader | null> {
    if (method.channel === 'link') {
      const { state } = await this.streams.load(paymentLinkAggregate, method.link);
      const { name, email } = state.status === 'none' ? { name: '', email: null } : state.recipient;
      if (email) return { name, address: email };
    }
    const { order } = await this.queries.execute(new FindOrder(orderId));
    const { name, email } = order.terms.customer;
    return email ? { name, address: email } : null;
  }
}
