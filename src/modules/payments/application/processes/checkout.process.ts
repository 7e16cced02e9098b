import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId, PaymentId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { ReservePayment } from '../../../orders/index.js';
import { ENDED, type ExistingPayment, type PaymentCommand, paymentAggregate } from '../../domain/payment.js';
import type { SessionEnd } from '../../domain/payment-link.events.js';
import { type ExistingLink, paymentLinkAggregate, type Session } from '../../domain/payment-link.js';
import { LinkTokens } from '../ports/link-tokens.port.js';
import {
  GatewayRefused,
  type IntentState,
  PaymentGateway,
  type SessionState,
} from '../ports/payment-gateway.port.js';
import { toPaymentCommand } from './intent-outcome.js';
import { Settlement } from './settlement.process.js';

type OpenPage = Session & Readonly<{ checkoutSession: string; url: string }>;

/** The life of one hosted page of Stripe's under a link: reserved, opened, watched, closed. */
@Injectable()
export class Checkout {
  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
    private readonly gateway: PaymentGateway,
    private readonly settlement: Settlement,
    private readonly tokens: LinkTokens,
    private readonly clock: Clock,
  ) {}

  /** Reserves the amount and opens the page that the link has requested; again after a crash, it finds the same page. */
  async open(id: LinkId, context: Context): Promise<Session> {
    const link = await this.load(id);
    const open = link.open;
    if (!open) throw new Error(`link ${id} has requested no session`);
    if (open.checkoutSession) return open;
    const { state: payment } = await this.streams.load(paymentAggregate, open.payment);
    if (ENDED.has(payment.status)) {
      await this.settlement.settle(open.payment, context);
      return open;
    }
    const number = await this.#reserve(id, link, open, context);
    const asked = await this.#initiate(id, link, open, number, context);
    try {
      const { checkoutSession, url } = await this.gateway.openSession({
        store: link.store,
        order: link.order,
        orderNumber: asked.order_number,
        payment: open.payment,
        link: id,
        session: open.session,
        amount: open.amount,
        currency: link.currency,
        description: `Order ${asked.order_number}`,
        customerEmail: link.recipient.email,
        expiresAt: open.expiresAt,
        successUrl: `${await this.tokens.urlOf(id)}/return`,
        cancelUrl: await this.tokens.urlOf(id),
      });
      return await this.#remember(id, link, { ...open, checkoutSession, url }, context);
    } catch (error) {
      // Refused as a request (too late for a page of this expiry, say): Stripe never opened it.
      if (error instanceof GatewayRefused) await this.#end(id, open, 'not_opened', context);
      throw error;
    }
  }

  /** The page as the link knows it. Where the link closed it meanwhile, it is closed at Stripe too. */
  async #remember(id: LinkId, { store }: ExistingLink, page: OpenPage, context: Context): Promise<Session> {
    const { session, checkoutSession, url } = page;
    const command = { type: 'RecordSession', session, checkoutSession, url } as const;
    const { state } = await this.streams.handle(paymentLinkAggregate, id, command, context);
    if (state.status !== 'none' && state.open?.checkoutSession === checkoutSession) return page;
    await this.#record(id, page, await this.gateway.expireSession(store, checkoutSession), context);
    throw new Refusal('payment_in_flight', 'The page was closed while it was being opened.', {
      retryable: true,
    });
  }

  /** Looks at the open page at Stripe and records what became of it. Answers with the link as it is then. */
  async sync(id: LinkId, context: Context): Promise<ExistingLink> {
    const link = await this.load(id);
    if (!link.open) return link;
    const session = await this.open(id, context);
    if (!session.checkoutSession) return link;
    await this.#record(
      id,
      session,
      await this.gateway.findSession(link.store, session.checkoutSession),
      context,
    );
    return this.load(id);
  }

  /** Expires the open page at Stripe; where the customer was faster, their payment is recorded instead. */
  async close(id: LinkId, context: Context): Promise<ExistingLink> {
    const link = await this.load(id);
    if (!link.open) return link;
    const { state: payment } = await this.streams.load(paymentAggregate, link.open.payment);
    if (payment.status === 'none') {
      await this.#end(id, link.open, 'not_opened', context);
      return this.load(id);
    }
    try {
      const session = await this.open(id, context);
      if (session.checkoutSession) {
        const state = await this.gateway.expireSession(link.store, session.checkoutSession);
        await this.#record(id, session, state, context);
      }
    } catch (error) {
      // Stripe never opened it, and `open` has ended it.
      if (!(error instanceof GatewayRefused)) throw error;
    }
    return this.load(id);
  }

  async load(id: LinkId): Promise<ExistingLink> {
    const { state } = await this.streams.load(paymentLinkAggregate, id);
    if (state.status === 'none') throw new Refusal('not_found', 'There is no such payment link.');
    return state;
  }

  async #record(id: LinkId, session: Session, state: SessionState, context: Context): Promise<void> {
    if (state.kind === 'expired') return this.#end(id, session, 'expired', context);
    if (state.kind !== 'complete') return;
    await this.recordIntent(session.payment, state.intent, context);
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

  async #end(id: LinkId, { session, payment }: Session, why: SessionEnd, context: Context): Promise<void> {
    const { state } = await this.streams.load(paymentAggregate, payment);
    if (state.status !== 'none') {
      const ended: PaymentCommand = { type: 'VoidPayment', why: `session_${why}` };
      await this.streams.handle(paymentAggregate, payment, ended, context);
      await this.settlement.settle(payment, context);
    }
    await this.streams.handle(paymentLinkAggregate, id, { type: 'EndSession', session, why }, context);
  }

  async #reserve(id: LinkId, link: ExistingLink, open: Session, context: Context): Promise<string> {
    const instruction = { link: id, session: String(open.session) };
    const amount = { minor: open.amount, currency: link.currency };
    try {
      const { order } = await this.commands.execute(
        new ReservePayment(
          { order: link.order, payment: open.payment, amount, channel: 'link', instruction },
          context,
        ),
      );
      return order.terms.number;
    } catch (error) {
      if (error instanceof Refusal) {
        const never = { type: 'EndSession', session: open.session, why: 'not_opened' } as const;
        await this.streams.handle(paymentLinkAggregate, id, never, context);
      }
      throw error;
    }
  }

  async #initiate(
    id: LinkId,
    link: ExistingLink,
    open: Session,
    number: string,
    context: Context,
  ): Promise<ExistingPayment['asked']> {
    const asked = {
      order: link.order,
      order_number: number,
      store: link.store,
      livemode: link.livemode,
      amount: open.amount,
      currency: link.currency,
      method: { channel: 'link', link: id, session: open.session },
    } as const;
    const command = { type: 'InitiatePayment', asked } as const;
    const { state } = await this.streams.handle(paymentAggregate, open.payment, command, context);
    // What was asked first counts: a replay must send Stripe the same bytes.
    return state.status === 'none' ? asked : state.asked;
  }
}
