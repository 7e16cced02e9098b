import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { FindOrder, type FoundOrder, ReservePayment, SessionFence } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import { type ExistingPayment, paymentAggregate } from '../../domain/payment.js';
import { connectedStore } from '../connected-store.js';
import { inTime, orRefuse } from '../gateway-answers.js';
import { CardCharge } from '../processes/card-charge.process.js';
import { CardPayments } from '../processes/card-payments.js';

/** How long a caller waits for Stripe before the answer is "not known yet". No answer takes longer than 25 s. */
const PATIENCE_MS = 14_000;
/** For closing what customers have open, before anything is charged. */
const FENCE_PATIENCE_MS = 8_000;
/** A charge that could not be begun in this time is given up: the operator has gone home. */
const CONFIRM_WITHIN_MS = 15 * 60_000;

/** Charges a card for a part or all of an order's balance. The payment's id comes from the caller's Idempotency-Key. */
export class ChargeCard extends Command<ExistingPayment> {
  constructor(
    readonly payment: PaymentId,
    readonly ask: Readonly<{
      store: StoreId;
      /** Our id of the order, or the caller's own. */
      order: string;
      /** Minor units of the order's currency; null: all that is available. */
      amount: number | null;
      paymentMethod: string;
      saveCard: boolean;
      moto: boolean;
      /** What to do about a customer who has the payment page open. */
      onOpenSession: 'fence' | 'reject';
      /** Where the customer's bank sends them back to; null: the customer is not present. */
      returnUrl: string | null;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ChargeCard)
export class ChargeCardHandler implements ICommandHandler<ChargeCard> {
  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly stores: StoreDirectory,
    private readonly fence: SessionFence,
    private readonly cardPayments: CardPayments,
    private readonly charges: CardCharge,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal before Stripe is asked for anything, where a rule says no. */
  async execute({ payment, ask, context: asked }: ChargeCard): Promise<ExistingPayment> {
    const found = await this.queries.execute(new FindOrder({ store: ask.store, reference: ask.order }));
    const context: Context = { ...asked, store: ask.store, order: found.id };
    if (!(await this.#isBegun(payment))) await this.#begin(payment, ask, found, context);
    const until = new Date(this.clock.now().getTime() + PATIENCE_MS);
    return orRefuse(this.#drive(payment, context, until));
  }

  /** However slowly Stripe answers, the caller hears how the payment stands; the charge goes on without them. */
  async #drive(payment: PaymentId, context: Context, until: Date): Promise<ExistingPayment> {
    const patience = new AbortController();
    const over = this.clock.sleep(until.getTime() - this.clock.now().getTime(), patience.signal);
    try {
      await Promise.race([this.charges.drive(payment, context, until), over]);
    } finally {
      patience.abort();
    }
    const { state } = await this.streams.load(paymentAggregate, payment);
    if (state.status === 'none') throw new Error(`${payment} was driven but never begun`);
    return state;
  }

  async #isBegun(payment: PaymentId): Promise<boolean> {
    const { state } = await this.streams.load(paymentAggregate, payment);
    return state.status !== 'none';
  }

  async #begin(id: PaymentId, ask: ChargeCard['ask'], found: FoundOrder, context: Context): Promise<void> {
    await connectedStore(this.stores, ask.store);
    await this.#closeOpenPages(ask, found, context);
    const { currency, terms } = found.order;
    const instruction = {
      order_number: terms.number,
      payment_method: ask.paymentMethod,
      save_card: String(ask.saveCard),
      moto: String(ask.moto),
      ...(ask.returnUrl && { return_url: ask.returnUrl }),
      confirm_by: new Date(this.clock.now().getTime() + CONFIRM_WITHIN_MS).toISOString(),
    };
    const amount = ask.amount === null ? null : { minor: ask.amount, currency };
    const reserve = new ReservePayment(
      { order: found.id, payment: id, amount, channel: 'card', instruction },
      context,
    );
    const { order } = await this.commands.execute(reserve);
    const held = order.reservations.get(id);
    // Intent before money: from here on a crash loses nothing, since the hold says what was asked.
    if (held) await this.cardPayments.initiate(id, found.id, order, held, context);
  }

  async #closeOpenPages(ask: ChargeCard['ask'], found: FoundOrder, context: Context): Promise<void> {
    const isOpen = [...found.order.reservations.values()].some(({ channel }) => channel === 'link');
    if (!isOpen) return;
    if (ask.onOpenSession === 'reject') {
      throw new Refusal('payment_in_flight', 'The customer has the payment page open.', { retryable: true });
    }
    await inTime(this.clock, FENCE_PATIENCE_MS, this.fence.close(found.id, context));
  }
}
