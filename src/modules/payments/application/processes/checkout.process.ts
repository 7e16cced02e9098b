import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId, PaymentId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { FindOrder, ReservePayment } from '../../../orders/index.js';
import { ENDED, type ExistingPayment, paymentAggregate } from '../../domain/payment.js';
import type { Asked } from '../../domain/payment.state.js';
import { type ExistingLink, paymentLinkAggregate, type Session } from '../../domain/payment-link.js';
import { isDenied, unlessRefused } from '../gateway-answers.js';
import {
  type IntentState,
  PaymentGateway,
  type SessionRequest,
  type SessionState,
} from '../ports/payment-gateway.port.js';
import { toPaymentCommand } from './intent-outcome.js';
import { PageRequests } from './page-requests.js';
import { Settlement } from './settlement.process.js';

type OpenPage = Session & Readonly<{ checkoutSession: string; url: string }>;

/** The life of one hosted page of Stripe's under a link: reserved, opened, watched, closed. */
@Injectable()
export class Checkout {
  readonly #opening = new Map<PaymentId, ReturnType<PaymentGateway['openSession']>>();

  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly gateway: PaymentGateway,
    private readonly settlement: Settlement,
    private readonly requests: PageRequests,
    private readonly clock: Clock,
  ) {}

  /** Reserves the amount and opens the page that the link has requested; again after a crash, it finds the same page. */
  async open(id: LinkId, context: Context): Promise<Session> {
    const link = await this.load(id);
    const open = link.open;
    if (!open) throw closed();
    if (open.checkoutSession) return open;
    if (!(await this.#hasEnded(open.payment))) await this.#reserve(id, link, open, context);
    const payment = await this.#initiate(id, link, open, context);
    // Somebody gave the payment up meanwhile: what was reserved for it is freed again.
    if (ENDED.has(payment.status)) {
      await this.settlement.settle(open.payment, context);
      throw closed();
    }
    try {
      const request = await this.requests.of(open.payment, payment, link);
      return await this.#remember(id, link, { ...open, ...(await this.#openAtStripe(request)) }, context);
    } catch (error) {
      if (!isDenied(error)) throw error;
      const shown = await this.#pageShown(open.payment, id, open.session, context);
      if (!shown) await this.#giveUp(open.payment, 'session_not_opened', context);
      throw error;
    }
  }

  /** Looks at the page of one payment, whether or not its link still knows it. */
  async look(id: PaymentId, linkId: LinkId, context: Context): Promise<void> {
    const link = await this.load(linkId);
    const { open, pages, store } = link.open?.payment === id ? await this.sync(linkId, context) : link;
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'none') return;
    const page = pages.get(id);
    if (payment.voidedBecause === 'given_up' && page) {
      // Ended here by a person while nobody could ask Stripe.
      const state = await this.gateway.findSession(store, page).catch(unlessRefused);
      if (state) await this.#record(id, state, context);
    } else if (open?.payment !== id) await this.abandon(id, context);
  }

  /** Looks at the open page at Stripe and records what became of it. Answers with the link as it is then. */
  async sync(id: LinkId, context: Context): Promise<ExistingLink> {
    const link = await this.load(id);
    if (!link.open) return link;
    if (await this.#hasEnded(link.open.payment)) await this.settlement.settle(link.open.payment, context);
    else {
      const { checkoutSession, payment } = await this.open(id, context);
      if (checkoutSession) {
        await this.#record(payment, await this.gateway.findSession(link.store, checkoutSession), context);
      }
    }
    return this.load(id);
  }

  /** Expires the open page at Stripe; where the customer was faster, their payment is recorded instead. */
  async close(id: LinkId, context: Context): Promise<ExistingLink> {
    const link = await this.load(id);
    if (!link.open) return link;
    const { payment, checkoutSession } = link.open;
    if (checkoutSession) {
      await this.#record(payment, await this.gateway.expireSession(link.store, checkoutSession), context);
      return this.load(id);
    }
    // Not begun: the payment's own history now says that it is over, to whoever was about to begin it.
    const asked = await this.#asked(id, link, link.open);
    const forestall = { type: 'ForestallPayment', asked, why: 'session_not_opened' } as const;
    await this.streams.handle(paymentAggregate, payment, forestall, context);
    await this.abandon(payment, context);
    return this.load(id);
  }

  /** Ends one payment's page, whether or not its link still knows it. */
  async end(id: PaymentId, link: LinkId, context: Context): Promise<void> {
    // Before its first event a payment is known to its link only.
    if ((await this.load(link)).open?.payment === id) await this.close(link, context);
    else await this.abandon(id, context);
  }

  /**
   * Ends a payment, whether or not its page is the one that its link has open: the page is expired, if there is one. One
   * that nobody has heard of is found by the same request.
   */
  async abandon(id: PaymentId, context: Context): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'none' || payment.asked.method.channel !== 'link') return;
    if (ENDED.has(payment.status)) return this.settlement.settle(id, context);
    const { link: linkId, session } = payment.asked.method;
    const link = await this.load(linkId);
    const page =
      link.pages.get(id) ??
      (await this.#findUnshown(id, payment, link)) ??
      (await this.#pageShown(id, linkId, session, context));
    if (!page) return this.#giveUp(id, 'session_not_opened', context);
    await this.#record(id, await this.gateway.expireSession(payment.asked.store, page), context);
  }

  /**
   * Stripe's id of the page of a payment that somebody may have been shown. null: nobody was, and nobody will be, since a
   * page is shown only once its link knows it, and the link no longer takes it in.
   */
  async #pageShown(id: PaymentId, link: LinkId, session: number, context: Context): Promise<string | null> {
    const command = { type: 'GiveUpSession', session } as const;
    const { state } = await this.streams.handle(paymentLinkAggregate, link, command, context);
    return (state.status !== 'none' && state.pages.get(id)) || null;
  }

  /** A page that Stripe may have opened unheard; null where it will not say. */
  async #findUnshown(id: PaymentId, payment: ExistingPayment, link: ExistingLink): Promise<string | null> {
    const request = await this.requests.of(id, payment, link);
    try {
      return (await this.#openAtStripe(request)).checkoutSession;
    } catch (error) {
      if (isDenied(error)) return null;
      throw error;
    }
  }

  async load(id: LinkId): Promise<ExistingLink> {
    const { state } = await this.streams.load(paymentLinkAggregate, id);
    if (state.status === 'none') throw new Refusal('not_found', 'There is no such payment link.');
    return state;
  }

  /** What an intent's state says of a payment on a hosted page, however we came to hear of it. */
  async recordIntent(id: PaymentId, state: IntentState, context: Context): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'none') return;
    const command = toPaymentCommand(state, payment, context, this.clock.now());
    if (!command) return;
    await this.streams.handle(paymentAggregate, id, command, context);
    await this.settlement.settle(id, context);
  }

  async #record(id: PaymentId, state: SessionState, context: Context): Promise<void> {
    if (state.kind === 'expired') await this.#giveUp(id, 'session_expired', context);
    if (state.kind === 'complete') await this.recordIntent(id, state.intent, context);
  }

  /** Stripe refuses a key that is in use: whoever wants the same page at the same time waits for the same answer. */
  #openAtStripe(request: SessionRequest): ReturnType<PaymentGateway['openSession']> {
    const { payment } = request;
    const opening =
      this.#opening.get(payment) ??
      this.gateway.openSession(request).finally(() => this.#opening.delete(payment));
    this.#opening.set(payment, opening);
    return opening;
  }

  /** The page as the link knows it. Where the link closed it meanwhile, it is closed at Stripe too. */
  async #remember(id: LinkId, { store }: ExistingLink, page: OpenPage, context: Context): Promise<Session> {
    const { session, checkoutSession, url } = page;
    const command = { type: 'RecordSession', session, checkoutSession, url } as const;
    const { state } = await this.streams.handle(paymentLinkAggregate, id, command, context);
    if (state.status !== 'none' && state.open?.checkoutSession === checkoutSession) return page;
    await this.#record(page.payment, await this.gateway.expireSession(store, checkoutSession), context);
    throw closed();
  }

  /** Voids the payment; its settlement frees the balance and ends the link's session. */
  async #giveUp(
    payment: PaymentId,
    why: 'session_expired' | 'session_not_opened',
    context: Context,
  ): Promise<void> {
    await this.streams.handle(paymentAggregate, payment, { type: 'VoidPayment', why, intent: null }, context);
    await this.settlement.settle(payment, context);
  }

  async #hasEnded(id: PaymentId): Promise<boolean> {
    return ENDED.has((await this.streams.load(paymentAggregate, id)).state.status);
  }

  /** @throws Refusal where the balance is not free; then the page is over before it was one. */
  async #reserve(id: LinkId, link: ExistingLink, open: Session, context: Context): Promise<void> {
    const instruction = { link: id, session: String(open.session) };
    const amount = { minor: open.amount, currency: link.currency };
    const ask = { order: link.order, payment: open.payment, amount, channel: 'link', instruction } as const;
    try {
      await this.commands.execute(new ReservePayment(ask, context));
    } catch (error) {
      if (error instanceof Refusal) {
        const never = { type: 'EndSession', session: open.session, why: 'not_opened' } as const;
        await this.streams.handle(paymentLinkAggregate, id, never, context);
      }
      throw error;
    }
  }

  async #initiate(id: LinkId, link: ExistingLink, open: Session, context: Context): Promise<ExistingPayment> {
    const command = { type: 'InitiatePayment', asked: await this.#asked(id, link, open) } as const;
    const { state } = await this.streams.handle(paymentAggregate, open.payment, command, context);
    if (state.status === 'none') throw new Error(`${open.payment} was not initiated`);
    return state;
  }

  /** What is asked for first; from then on the payment's own history counts, so that a replay sends the same bytes. */
  async #asked(id: LinkId, link: ExistingLink, open: Session): Promise<Asked> {
    const { order } = await this.queries.execute(new FindOrder(link.order));
    return {
      order: link.order,
      order_number: order.terms.number,
      store: link.store,
      livemode: link.livemode,
      amount: open.amount,
      currency: link.currency,
      method: { channel: 'link', link: id, session: open.session, expires_at: open.expiresAt },
    };
  }
}

function closed(): Refusal {
  return new Refusal('payment_in_flight', 'The page was closed while it was being opened.', {
    retryable: true,
  });
}
