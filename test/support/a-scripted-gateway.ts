import {
  type ConfirmRequest,
  GatewayForbidden,
  GatewayRefused,
  GatewayUnreachable,
  type IntentState,
  PaymentGateway,
  type SessionRequest,
  type SessionState,
} from '../../src/modules/payments/application/ports/payment-gateway.port.js';
import type { Fee } from '../../src/modules/payments/domain/payment.js';
import type { StripeNotice } from '../../src/modules/payments/domain/stripe-event.js';
import type { PaymentId, StoreId } from '../../src/shared/domain/ids.js';
import { Refusal } from '../../src/shared/domain/refusal.js';

type Moment = Readonly<{ reached: Promise<void>; go: () => void }>;
type Waiting = Readonly<{ arrive: () => void; until: Promise<void> }>;

/** Where something is to stop until the test lets it go on: `reached` tells that it has come there. */
export class Gates {
  readonly #waiting = new Map<string, Waiting>();

  /** The next one to pass here stops. */
  at(name: string): Moment {
    const arrived = Promise.withResolvers<void>();
    const until = Promise.withResolvers<void>();
    this.#waiting.set(name, { arrive: arrived.resolve, until: until.promise });
    return { reached: arrived.promise, go: until.resolve };
  }

  async pass(name: string): Promise<void> {
    const waiting = this.#waiting.get(name);
    if (!waiting) return;
    this.#waiting.delete(name);
    waiting.arrive();
    await waiting.until;
  }
}

type Call =
  | 'createIntent'
  | 'confirmIntent'
  | 'cancelIntent'
  | 'openSession'
  | 'findSession'
  | 'expireSession';
type Page = { request: SessionRequest; state: SessionState };

const declined = {
  code: 'card_declined',
  decline_code: 'insufficient_funds',
  advice_code: null,
  message: 'Your card has insufficient funds.',
  charge: null,
};
const card = { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2030, funding: 'credit' };

/**
 * Stripe as a few maps: an intent captures once, a page is found again by its link and session. Its answers can be
 * held back (`gates`) or lost after the work is done (`loseAnswerTo`).
 */
export class AScriptedGateway extends PaymentGateway {
  readonly gates = new Gates();
  readonly #lost = new Set<Call>();
  readonly #refused = new Set<Call>();
  /** What the store's key has no right to. */
  readonly forbidden = new Set<Call>();
  readonly #intents = new Map<string, { state: IntentState; amount: number; currency: string }>();
  readonly #pages = new Map<string, Page>();
  readonly #opening = new Set<string>();

  /** The next answer to this call is lost; the work is done. */
  loseAnswerTo(call: Call): void {
    this.#lost.add(call);
  }

  /** The next call is one that Stripe will never do as asked. */
  refuse(call: Call): void {
    this.#refused.add(call);
  }

  /** The customer pays on the page of this payment, if it is open. */
  pay(payment: PaymentId): void {
    for (const page of this.#pages.values()) {
      if (page.request.payment !== payment || page.state.kind !== 'open') continue;
      const { amount, currency } = page.request;
      const intent = this.#made(amount, currency);
      page.state = { kind: 'complete', intent: this.#capture(intent) };
    }
  }

  /** Time has passed: pages that nobody paid on are over. */
  expirePages(): void {
    for (const page of this.#pages.values()) if (page.state.kind === 'open') page.state = { kind: 'expired' };
  }

  get captures(): number {
    return [...this.#intents.values()].filter(({ state }) => state.kind === 'captured').length;
  }

  /** What customers see of the pages, oldest first. */
  get pages(): readonly SessionState['kind'][] {
    return [...this.#pages.values()].map(({ state }) => state.kind);
  }

  override createIntent({ amount, currency }: { amount: number; currency: string }): Promise<string> {
    return this.#answer('createIntent', () => this.#made(amount, currency));
  }

  /** Stops at `confirmIntent` before Stripe hears of it, and at `confirmIntent at work` while Stripe asks the card. */
  override async confirmIntent({ intent }: ConfirmRequest): Promise<IntentState> {
    await this.gates.pass('confirmIntent');
    this.#mustAccept();
    const found = this.#intent(intent);
    if (found.state.kind === 'unconfirmed') {
      found.state = { kind: 'processing' };
      await this.gates.pass('confirmIntent at work');
      if (this.declines) found.state = { kind: 'declined', failure: declined };
      else if (this.asksTheCustomer) found.state = { kind: 'action_required', url: 'https://bank.test' };
      else this.#capture(intent);
    }
    return this.#told('confirmIntent', found.state);
  }

  /** The bank says no to every card. */
  declines = false;

  /** The bank wants to hear from the customer, about every card. */
  asksTheCustomer = false;

  /** The customer has answered their bank. */
  authenticate(intent: string): void {
    this.#capture(intent);
  }

  /** Stripe does not accept the store's key, until `isShut` is taken back. */
  isShut = false;

  /** Looks at intents get no answer, until `isDeaf` is taken back. */
  isDeaf = false;

  override async findIntent(_: StoreId, intent: string): Promise<IntentState> {
    if (this.isDeaf) throw new GatewayUnreachable('silence');
    this.#mustAccept();
    return this.#intent(intent).state;
  }

  override async cancelIntent(_: StoreId, intent: string): Promise<IntentState> {
    await this.gates.pass('cancelIntent');
    this.#mustAccept('cancelIntent');
    const found = this.#intent(intent);
    const isOpen = found.state.kind === 'unconfirmed' || found.state.kind === 'declined';
    if (isOpen) found.state = { kind: 'canceled' };
    return found.state;
  }

  /** Refused while the same request is under way, like every call under a key that is in use. */
  override openSession(request: SessionRequest): Promise<{ checkoutSession: string; url: string }> {
    const checkoutSession = `cs_${request.link}_${request.session}`;
    if (this.#opening.has(checkoutSession)) throw new GatewayUnreachable('the key is in use');
    this.#opening.add(checkoutSession);
    return this.#answer('openSession', () => {
      const url = `https://stripe.test/${checkoutSession}`;
      if (!this.#pages.has(checkoutSession))
        this.#pages.set(checkoutSession, { request, state: { kind: 'open', url } });
      return { checkoutSession, url };
    }).finally(() => this.#opening.delete(checkoutSession));
  }

  override async findSession(_: StoreId, checkoutSession: string): Promise<SessionState> {
    this.#mustAccept('findSession');
    return this.#page(checkoutSession).state;
  }

  override expireSession(_: StoreId, checkoutSession: string): Promise<SessionState> {
    return this.#answer('expireSession', () => {
      const page = this.#page(checkoutSession);
      if (page.state.kind === 'open') page.state = { kind: 'expired' };
      return page.state;
    });
  }

  override async findPageIntent(): Promise<IntentState | null> {
    return null;
  }

  override async findFee(): Promise<Fee | null> {
    return null;
  }

  override async eventsSince(
    ..._: Parameters<PaymentGateway['eventsSince']>
  ): Promise<readonly StripeNotice[]> {
    return [];
  }

  async #answer<T>(call: Call, work: () => T): Promise<T> {
    await this.gates.pass(call);
    this.#mustAccept(call);
    return this.#told(call, work());
  }

  #mustAccept(call?: Call): void {
    if (this.isShut) throw new Refusal('store_disconnected', 'Stripe no longer accepts the key.');
    if (call === undefined) return;
    if (this.forbidden.has(call)) throw new GatewayForbidden('not with this key');
    if (this.#refused.delete(call)) throw new GatewayRefused('parameter_invalid', null, 'not like this');
  }

  #told<T>(call: Call, done: T): T {
    if (this.#lost.delete(call)) throw new GatewayUnreachable('the answer was lost');
    return done;
  }

  #made(amount: number, currency: string): string {
    const intent = `pi_${this.#intents.size + 1}`;
    this.#intents.set(intent, { state: { kind: 'unconfirmed' }, amount, currency });
    return intent;
  }

  #capture(intent: string): IntentState {
    const found = this.#intent(intent);
    const { amount, currency } = found;
    found.state = { kind: 'captured', intent, charge: `ch_of_${intent}`, amount, currency, card };
    return found.state;
  }

  #intent(id: string) {
    const found = this.#intents.get(id);
    if (!found) throw new Error(`no intent ${id}`);
    return found;
  }

  #page(id: string): Page {
    const found = this.#pages.get(id);
    if (!found) throw new Error(`no page ${id}`);
    return found;
  }
}
