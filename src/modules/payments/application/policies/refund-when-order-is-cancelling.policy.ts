import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { type Context, following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { OrderId, PaymentId, RefundId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import {
  CompleteCancellation,
  type ExistingOrder,
  FindOrder,
  type OrderEvent,
} from '../../../orders/index.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { type ExistingPayment, paymentAggregate } from '../../domain/payment.js';
import { refundable } from '../../domain/refund.js';
import { RequestRefund } from '../commands/request-refund.command.js';
import { Settlement } from '../processes/settlement.process.js';

/**
 * An order that is cancelled with refund_all gives everything back, also money that comes later still; it is cancelled
 * once every refund has ended, or a bank has taken the money itself. One that fails leaves it waiting for a person.
 */
@Injectable()
export class RefundWhenOrderIsCancelling implements Policy<OrderEvent | PaymentEvent> {
  readonly name = 'refund-when-order-is-cancelling';
  readonly reads = [
    'CancellationRequested',
    'PaymentApplied',
    'RefundSucceeded',
    'FundsReinstated',
    'DisputeClosed',
  ] as const;

  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly settlement: Settlement,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<OrderEvent | PaymentEvent>): Promise<void> {
    const id = event.metadata['order'] as OrderId | undefined;
    if (!id) return;
    const { order } = await this.queries.execute(new FindOrder(id));
    if (order.status !== 'cancelling' && order.cancelled !== 'refund_all') return;
    const context = following(event);
    for (const payment of order.applied.keys()) {
      await this.#giveBack(id, order, payment, context).catch(unlessDisputed);
    }
    if (await this.#isAllBack(order, context)) {
      await this.commands.execute(new CompleteCancellation({ order: id }, context));
    }
  }

  async #giveBack(
    id: OrderId,
    { store }: ExistingOrder,
    payment: PaymentId,
    context: Context,
  ): Promise<void> {
    const state = await this.#load(payment);
    const refund: RefundId = `refund_${this.ids.derive(`${id}:${payment}:cancelled`)}`;
    // What was asked for once is not asked for again: a refund that failed is a person's to decide on.
    if (!state || state.refunds.has(refund) || refundable(state) === 0) return;
    const wish = { amount: null, reason: null, effect: 'credit', note: 'The order was cancelled.' } as const;
    await this.commands.execute(new RequestRefund(refund, { store, payment, ...wish }, context));
  }

  /** The order has to have heard of every refund before it can end. */
  async #isAllBack({ applied }: ExistingOrder, context: Context): Promise<boolean> {
    for (const payment of applied.keys()) {
      await this.settlement.settle(payment, context);
      const state = await this.#load(payment);
      const underWay = [...(state?.refunds.values() ?? [])].some(
        ({ status }) => status === 'requested' || status === 'pending',
      );
      if (underWay) return false;
    }
    return true;
  }

  async #load(payment: PaymentId): Promise<ExistingPayment | null> {
    const { state } = await this.streams.load(paymentAggregate, payment);
    return state.status === 'none' ? null : state;
  }
}

/** What a bank disputes nobody can give back: the end of the dispute is heard, and the other payments need not wait for it. */
function unlessDisputed(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'payment_disputed')) throw error;
}
