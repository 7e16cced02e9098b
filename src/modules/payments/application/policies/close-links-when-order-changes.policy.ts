import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type Context, following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import { Subscriptions } from '../../../../shared/application/subscriptions.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { FindOrder, type OrderEvent, orderIdOf } from '../../../orders/index.js';
import type { PaymentLinkEvent } from '../../domain/payment-link.events.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';
import { linkIdOf } from '../payment-stream.js';
import { transactions } from '../projections/transactions.projection.js';
import { standing } from '../queries/link-standing.js';

type Change = OrderEvent | PaymentLinkEvent;

/** How long the rows may take to come as far as the event. */
const CATCH_UP_MS = 2_000;

/**
 * A link whose order is settled another way, cancelled, or no longer owes that much is closed. A link that was made,
 * or whose page was open, in that very moment is looked at again by its own events.
 */
@Injectable()
export class CloseLinksWhenOrderChanges implements Policy<Change> {
  readonly name = 'close-links-when-order-changes';
  readonly reads = [
    'PaymentApplied',
    'OrderTotalChanged',
    'CancellationRequested',
    'OrderCancelled',
    'BalanceWrittenOff',
    'RefundApplied',
    'RefundReversed',
    'DisputeFundsReinstated',
    'LostDisputeDecided',
    'LinkCreated',
    'SessionEnded',
  ] as const;

  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly readModel: ReadModel,
    private readonly subscriptions: Subscriptions,
    private readonly clock: Clock,
  ) {}

  async on(event: Told<Change>): Promise<void> {
    const context = following(event);
    if (event.type === 'LinkCreated' || event.type === 'SessionEnded') {
      return this.#closeIfOver(linkIdOf(event.stream), context);
    }
    // A link that the rows do not have yet would be passed over for ever: its own events came before this one.
    if (!(await this.subscriptions.waitFor(event.position, CATCH_UP_MS)))
      throw new Error('the rows are behind');
    const status = ['active', 'session_open'];
    const where = { order: orderIdOf(event.stream), object: 'payment_link', status };
    for await (const { id } of this.readModel.all(transactions, { where, limit: 100 })) {
      await this.#closeIfOver(id as LinkId, context);
    }
  }

  async #closeIfOver(id: LinkId, context: Context): Promise<void> {
    const { state: link } = await this.streams.load(paymentLinkAggregate, id);
    if (link.status !== 'active') return;
    const { order } = await this.queries.execute(new FindOrder(link.order));
    const why = reason(standing(link, order, this.clock.now()).kind);
    if (!why) return;
    await this.streams.handle(paymentLinkAggregate, id, { type: 'SupersedeLink', why }, context);
  }
}

function reason(kind: ReturnType<typeof standing>['kind']) {
  if (kind === 'already_paid') return 'order_settled';
  if (kind === 'cancelled') return 'order_cancelled';
  return kind === 'superseded' ? 'amount_above_balance' : null;
}
