import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Money } from '../../../../shared/domain/money.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { FindOrder, SessionFence } from '../../../orders/index.js';
import type { OfflineMethod } from '../../domain/payment.events.js';
import { paymentAggregate } from '../../domain/payment.js';
import { inTime } from '../gateway-answers.js';
import { Settlement } from '../processes/settlement.process.js';

/** For closing what customers have open: each page may take several calls that Stripe is slow to answer. */
const FENCE_PATIENCE_MS = 8_000;

/** Money that came past Stripe counts like any other. The payment's id comes from the caller's Idempotency-Key. */
export class RecordOfflinePayment extends Command<void> {
  constructor(
    readonly payment: PaymentId,
    readonly ask: Readonly<{
      store: StoreId;
      /** Our id of the order, or the caller's own. */
      order: string;
      /** Minor units of the order's currency. */
      amount: number;
      method: Omit<OfflineMethod, 'channel'>;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(RecordOfflinePayment)
export class RecordOfflinePaymentHandler implements ICommandHandler<RecordOfflinePayment> {
  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly fence: SessionFence,
    private readonly settlement: Settlement,
    private readonly clock: Clock,
  ) {}

  /** Recording it again changes nothing. @throws Refusal `order_cancelled`; an amount above the balance is excess, as ever. */
  async execute({ payment, ask, context: asked }: RecordOfflinePayment): Promise<void> {
    const { id, order } = await this.queries.execute(
      new FindOrder({ store: ask.store, reference: ask.order }),
    );
    const context: Context = { ...asked, store: ask.store, order: id };
    const { state } = await this.streams.load(paymentAggregate, payment);
    if (state.status === 'none') {
      if (order.status !== 'open') throw new Refusal('order_cancelled', 'The order is cancelled.');
      const { minor: amount, currency } = Money.of(ask.amount, order.currency);
      await this.#closeOpenPages(id, context);
      const { store, livemode, terms } = order;
      const whose = { order: id, store, livemode, order_number: terms.number };
      const recorded = { ...whose, amount, currency, method: { channel: 'offline', ...ask.method } } as const;
      const command = { type: 'RecordOfflinePayment', asked: recorded } as const;
      await this.streams.handle(paymentAggregate, payment, command, context);
    }
    await this.settlement.settle(payment, context);
  }

  /** So that the customer does not pay a second time. The money has come whether or not Stripe answers. */
  async #closeOpenPages(order: OrderId, context: Context): Promise<void> {
    try {
      await inTime(this.clock, FENCE_PATIENCE_MS, this.fence.close(order, context));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
}
