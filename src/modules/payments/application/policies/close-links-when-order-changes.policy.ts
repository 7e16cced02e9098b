import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { FindOrder, type OrderEvent, orderIdOf } from '../../../orders/index.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';
import { transactions } from '../projections/transactions.projection.js';
import { standing } from '../queries/link-standing.js';

/** A link whose order is settled another way, cancelled, or no longer owes that much is closed. */
@Injectable()
export class CloseLinksWhenOrderChanges implements Policy<OrderEvent> {
  readonly name = 'close-links-when-order-changes';
  readonly reads = ['PaymentApplied', 'OrderTotalChanged', 'OrderCancelled'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  async on(event: Told<OrderEvent>): Promise<void> {
    const order = orderIdOf(event.stream);
    const found = await this.queries.execute(new FindOrder(order));
    const where = { order, object: 'payment_link', status: 'active' };
    for await (const row of this.readModel.all(transactions, { where, limit: 100 })) {
      const { state: link } = await this.streams.load(paymentLinkAggregate, row.id as LinkId);
      if (link.status !== 'active') continue;
      const why = reason(standing(link, found.order, this.clock.now()).kind);
      if (!why) continue;
      await this.streams.handle(
        paymentLinkAggregate,
        row.id,
        { type: 'SupersedeLink', why },
        following(event),
      );
    }
  }
}

function reason(kind: ReturnType<typeof standing>['kind']) {
  if (kind === 'already_paid') return 'order_settled';
  if (kind === 'cancelled') return 'order_cancelled';
  return kind === 'superseded' ? 'amount_above_balance' : null;
}
