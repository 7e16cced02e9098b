import {
  type ConfirmRequest,
  type IntentRequest,
  type IntentState,
  PaymentGateway,
  type SessionRequest,
  type SessionState,
} from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import type { Fee } from '../../../src/modules/payments/domain/payment.js';
import type { StripeNotice } from '../../../src/modules/payments/domain/stripe-event.js';
import type { PaymentId, StoreId } from '../../../src/shared/domain/ids.js';
import type { PageState, SimulatedStripe } from './simulated-stripe.js';
import { isRefusal, type StripeLine } from './stripe-line.js';

/** Stripe as one life of a node reaches it: with the keys and second looks of the real adapter, over a bad line. */
export class SimulatedPaymentGateway extends PaymentGateway {
  constructor(
    private readonly stripe: SimulatedStripe,
    private readonly line: StripeLine,
  ) {
    super();
  }

  override createIntent(request: IntentRequest): Promise<string> {
    const { store, payment } = request;
    const work = () => this.stripe.createIntent(request);
    return this.line.askUnder({ what: 'create intent', key: `${payment}:create`, store, request, work });
  }

  override async confirmIntent(request: ConfirmRequest): Promise<IntentState> {
    const { store, payment, intent, returnUrl } = request;
    const work = () => this.stripe.confirm(store, intent, returnUrl !== null);
    try {
      return await this.line.askUnder({ what: 'confirm', key: `${payment}:confirm:1`, store, request, work });
    } catch (error) {
      if (!isRefusal(error, 'payment_intent_unexpected_state')) throw error;
      return this.findIntent(store, intent);
    }
  }

  override findIntent(store: StoreId, intent: string): Promise<IntentState> {
    return this.line.ask(store, 'find intent', () => this.stripe.find(store, intent));
  }

  override async cancelIntent(store: StoreId, intent: string): Promise<IntentState> {
    try {
      return await this.line.ask(store, 'cancel intent', () => this.stripe.cancel(store, intent));
    } catch (error) {
      if (!isRefusal(error, 'payment_intent_unexpected_state')) throw error;
      return this.findIntent(store, intent);
    }
  }

  override openSession(request: SessionRequest): Promise<{ checkoutSession: string; url: string }> {
    const { link, session, store } = request;
    const work = () => this.stripe.openPage(request);
    return this.line.askUnder({ what: 'open page', key: `${link}:session:${session}`, store, request, work });
  }

  override async findSession(store: StoreId, checkoutSession: string): Promise<SessionState> {
    const page = await this.line.ask(store, 'find page', () => this.stripe.findPage(store, checkoutSession));
    return this.whole(store, page);
  }

  override async expireSession(store: StoreId, checkoutSession: string): Promise<SessionState> {
    const expire = () => this.stripe.expirePage(store, checkoutSession);
    return this.whole(store, await this.line.ask(store, 'expire page', expire));
  }

  override async findPageIntent(
    store: StoreId,
    payment: PaymentId,
    intent: string,
  ): Promise<IntentState | null> {
    const isIts = () => this.stripe.isOfPage(store, payment, intent);
    return (await this.line.ask(store, 'find page of intent', isIts)) ? this.findIntent(store, intent) : null;
  }

  override findFee(store: StoreId, charge: string): Promise<Fee | null> {
    return this.line.ask(store, 'find fee', () => this.stripe.findFee(store, charge));
  }

  override eventsSince(store: StoreId, from: number, before?: number): Promise<readonly StripeNotice[]> {
    return this.line.ask(store, 'list events', () => this.stripe.eventsSince(store, from, before));
  }

  private async whole(store: StoreId, page: PageState): Promise<SessionState> {
    if (page.kind !== 'complete') return page;
    return { kind: 'complete', intent: await this.findIntent(store, page.intent) };
  }
}
