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
  amountsOf,
  CompleteCancellation,
  type ExistingOrder,
  FindOrder,
  type OrderEvent,
} from '../../../orders/index.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { type ExistingPayment, paymentAggregate } from '../../domain/payment.js';
import { type Refund, refundable } from '../../domain/refund.js';
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
    const { order: before } = await this.queries.execute(new FindOrder(id));
    if (before.status !== 'cancelling' && before.cancelled !== 'refund_all') return;
    const context = following(event);
    // What came back from a bank may not have reached the order yet, and nothing tells of it a second time.
    for (const payment of before.applied.keys()) await this.settlement.settle(payment, context);
    const { order } = await this.queries.execute(new FindOrder(id));
    // Never more than the order has: part of a payment may be the customer's credit by now.
    let left = amountsOf(order).netPaid;
    for (const payment of order.applied.keys()) {
      left -= await this.#giveBack(id, order, payment, left, context).catch(unlessDisputed);
    }
    if (await this.#isAllBack(order, context)) {
      await this.commands.execute(new CompleteCancellation({ order: id }, context));
    }
  }

  /** What of `left` is spoken for by it, though the order may not have heard of that yet. */
  async #giveBack(
    id: OrderId,
    order: ExistingOrder,
    payment: PaymentId,
    left: number,
    context: Context,
  ): Promise<number> {
    const state = await this.#load(payment);
    if (!state) return 0;
    const refund: RefundId = `refund_${this.ids.derive(`${id}:${payment}:cancelled`)}`;
    // What was asked for once is not asked for again: a refund that failed is a person's to decide on.
    const known = state.refunds.get(refund);
    if (known) return order.refunds.has(refund) || hasFailed(known) ? 0 : known.amount;
    const amount = Math.min(refundable(state), left);
    if (amount <= 0) return 0;
    const wish = { amount, reason: null, effect: 'credit', note: 'The order was cancelled.' } as const;
    await this.commands.execute(new RequestRefund(refund, { store: order.store, payment, ...wish }, context));
    return amount;
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
function unlessDisputed(error: unknown): 0 {
  if (!(error instanceof Refusal && error.code === 'payment_disputed')) throw error;
  return 0;
}

function hasFailed({ status }: Refund): boolean {
  return status === 'failed' || status === 'canceled';
}
