import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { StripeDeclined } from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import { StripeAccounts } from '../../../stores/index.js';
import {
  type ConfirmRequest,
  type IntentRequest,
  type IntentState,
  PaymentGateway,
  type SessionRequest,
  type SessionState,
} from '../../application/ports/payment-gateway.port.js';
import type { Fee } from '../../domain/payment.js';
import type { StripeNotice } from '../../domain/stripe-event.js';
import { toDecline, toIntentState } from './intent-state.js';
import { observedEvents } from './observed-events.js';
import { isRefusal, metadataOf, StripeCalls } from './stripe-calls.js';
import { toNotice } from './stripe-event.translator.js';

/** Stripe through its own SDK. Every call that makes or moves anything carries keys of ours, the same on every try. */
@Injectable()
export class StripePaymentGateway extends PaymentGateway {
  readonly #calls: StripeCalls;

  constructor(private readonly accounts: StripeAccounts) {
    super();
    this.#calls = new StripeCalls(accounts);
  }

  override async createIntent(request: IntentRequest): Promise<string> {
    const intent = await this.#calls.askUnder(`${request.payment}:create`, request.store, (stripe, options) =>
      stripe.paymentIntents.create(
        {
          amount: request.amount,
          currency: request.currency,
          payment_method: request.paymentMethod,
          allowed_payment_method_types: ['card'],
          description: `Order ${request.orderNumber}`,
          metadata: metadataOf(request),
          ...(request.saveCard && { setup_future_usage: 'off_session' as const }),
          ...(request.moto && { payment_method_options: { card: { moto: true } } }),
        },
        options,
      ),
    );
    return intent.id;
  }

  override async confirmIntent({ store, payment, intent, returnUrl }: ConfirmRequest): Promise<IntentState> {
    const presence = returnUrl ? { return_url: returnUrl } : { error_on_requires_action: true };
    try {
      return toIntentState(
        await this.#calls.askUnder(`${payment}:confirm:1`, store, (stripe, options) =>
          stripe.paymentIntents.confirm(intent, { ...presence, expand: ['latest_charge'] }, options),
        ),
      );
    } catch (error) {
      if (error instanceof StripeDeclined) return toDecline(error);
      // Too late to confirm: what it has become is what counts.
      if (isRefusal(error, 'payment_intent_unexpected_state')) return this.findIntent(store, intent);
      throw error;
    }
  }

  override async findIntent(store: StoreId, intent: string): Promise<IntentState> {
    const found = await this.#calls.ask(store, (stripe) =>
      stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge'] }),
    );
    return toIntentState(found);
  }

  override async cancelIntent(store: StoreId, intent: string): Promise<IntentState> {
    try {
      return toIntentState(
        await this.#calls.ask(store, (stripe) =>
          stripe.paymentIntents.cancel(intent, { expand: ['latest_charge'] }),
        ),
      );
    } catch (error) {
      // Too late to cancel: what it has become is what counts.
      if (isRefusal(error, 'payment_intent_unexpected_state')) return this.findIntent(store, intent);
      throw error;
    }
  }

  override async openSession(request: SessionRequest): Promise<{ checkoutSession: string; url: string }> {
    const metadata = { ...metadataOf(request), link: request.link };
    const key = `${request.link}:session:${request.session}`;
    const session = await this.#calls.askUnder(key, request.store, (stripe, options) =>
      stripe.checkout.sessions.create(
        {
          mode: 'payment',
          ui_mode: 'hosted_page',
          allowed_payment_method_types: ['card'],
          adaptive_pricing: { enabled: false },
          line_items: [
            {
              quantity: 1,
              price_data: {
                currency: request.currency,
                unit_amount: request.amount,
                product_data: { name: request.description },
              },
            },
          ],
          ...(request.customerEmail && { customer_email: request.customerEmail }),
          client_reference_id: request.payment,
          metadata,
          payment_intent_data: { metadata, description: request.description },
          expires_at: Math.floor(Date.parse(request.expiresAt) / 1000),
          success_url: request.successUrl,
          cancel_url: request.cancelUrl,
        },
        options,
      ),
    );
    return { checkoutSession: session.id, url: session.url ?? '' };
  }

  override async findSession(store: StoreId, checkoutSession: string): Promise<SessionState> {
    return this.#sessionState(
      store,
      await this.#calls.ask(store, (stripe) => stripe.checkout.sessions.retrieve(checkoutSession)),
    );
  }

  override async expireSession(store: StoreId, checkoutSession: string): Promise<SessionState> {
    try {
      return await this.#sessionState(
        store,
        await this.#calls.ask(store, (stripe) => stripe.checkout.sessions.expire(checkoutSession)),
      );
    } catch (error) {
      // Only an open page can be expired: ask what it has become instead.
      if (isRefusal(error)) return this.findSession(store, checkoutSession);
      throw error;
    }
  }

  override async findPageIntent(
    store: StoreId,
    payment: PaymentId,
    intent: string,
  ): Promise<IntentState | null> {
    // Metadata can be copied by anybody on the account; the page of an intent is Stripe's own word.
    const { data } = await this.#calls.ask(store, (stripe) =>
      stripe.checkout.sessions.list({ payment_intent: intent, limit: 1 }),
    );
    return data[0]?.client_reference_id === payment ? this.findIntent(store, intent) : null;
  }

  override async findFee(store: StoreId, charge: string): Promise<Fee | null> {
    const found = await this.#calls.ask(store, (stripe) =>
      stripe.charges.retrieve(charge, { expand: ['balance_transaction'] }),
    );
    const transaction = found.balance_transaction;
    if (!transaction || typeof transaction === 'string') return null;
    const { id, fee, net, currency } = transaction;
    return { balance_transaction: id, fee, net, currency };
  }

  override async eventsSince(
    store: StoreId,
    created: number,
    before?: number,
  ): Promise<readonly StripeNotice[]> {
    const { account } = await this.accounts.client(store);
    const notices: StripeNotice[] = [];
    let startingAfter: string | undefined;
    do {
      const page = await this.#calls.ask(store, (stripe) =>
        stripe.events.list({
          created: { gte: created, ...(before !== undefined && { lt: before }) },
          types: [...observedEvents],
          limit: 100,
          ...(startingAfter && { starting_after: startingAfter }),
        }),
      );
      notices.push(...page.data.map((event) => toNotice(store, account, event)));
      startingAfter = page.has_more ? page.data.at(-1)?.id : undefined;
    } while (startingAfter);
    return notices.reverse();
  }

  async #sessionState(store: StoreId, session: Stripe.Checkout.Session): Promise<SessionState> {
    if (session.status === 'expired') return { kind: 'expired' };
    if (session.status !== 'complete') return { kind: 'open', url: session.url ?? '' };
    const intent = session.payment_intent;
    if (!intent) throw new Error(`completed session ${session.id} names no intent`);
    return {
      kind: 'complete',
      intent: await this.findIntent(store, typeof intent === 'string' ? intent : intent.id),
    };
  }
}
