import { Command, CommandBus, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { FindOrder, type FoundOrder, ReservePayment, SessionFence } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import { needsAuthentication } from '../../domain/decline-messages.js';
import { type ExistingPayment, paymentAggregate } from '../../domain/payment.js';
import { BlockedCards } from '../blocked-cards.js';
import { connectedStore } from '../connected-store.js';
import { inTime, orRefuse } from '../gateway-answers.js';
import { CardCharge } from '../processes/card-charge.process.js';
import { CardPayments } from '../processes/card-payments.js';
import { SendPaymentLink } from './send-payment-link.command.js';

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
      /** Whether a payment link is mailed at once where the bank wants to hear from an absent customer. */
      onAuthenticationRequired: 'offer' | 'send_link';
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
    private readonly blocked: BlockedCards,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal before Stripe is asked for anything, where a rule says no. */
  async execute({ payment, ask, context: asked }: ChargeCard): Promise<ExistingPayment> {
    const found = await this.queries.execute(new FindOrder({ store: ask.store, reference: ask.order }));
    const context: Context = { ...asked, store: ask.store, order: found.id };
    if (!(await this.#isBegun(payment))) await this.#begin(payment, ask, found, context);
    const until = new Date(this.clock.now().getTime() + PATIENCE_MS);
    const driven = await orRefuse(this.#drive(payment, context, until));
    await this.blocked.remember(payment, driven);
    if (ask.onAuthenticationRequired === 'send_link') await this.#sendLink(payment, driven, context);
    return driven;
  }

  /** The customer confirms on the hosted page what their bank would not let pass without them. */
  async #sendLink(id: PaymentId, { asked, failure }: ExistingPayment, context: Context): Promise<void> {
    if (!failure || !needsAuthentication(failure)) return;
    const { store, order, amount } = asked;
    const wish = { email: null, message: null, expiresAt: null, send: true, metadata: {} };
    const ask = { store, order, amount, ...wish };
    await this.commands.execute(new SendPaymentLink(linkInsteadOf(id, this.ids), ask, context));
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
    await this.#mustNotBeBlocked(ask);
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

  /** Asking a bank again that has said no for good costs the merchant standing with the card networks. */
  async #mustNotBeBlocked({ store, paymentMethod }: ChargeCard['ask']): Promise<void> {
    const payment = await this.blocked.blockedBy(store, paymentMethod);
    if (!payment) return;
    throw new Refusal('card_blocked', 'The bank of this card has said not to try it again.', {
      payment,
      customer_message: 'The card was declined. Please use another card or contact your bank.',
    });
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

/** The link that takes the place of a charge which the bank would not let pass: one, however often it is asked for. */
export function linkInsteadOf(payment: PaymentId, ids: Ids): LinkId {
  return `link_${ids.derive(`${payment}:authentication`)}`;
}
