import {
  GatewayRefused,
  type IntentRequest,
  type IntentState,
  type SessionRequest,
} from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import type { Fee } from '../../../src/modules/payments/domain/payment.js';
import type { StripeNotice } from '../../../src/modules/payments/domain/stripe-event.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Random } from '../kernel/random.js';
import { chargeOf, feeOf, StripeBookings } from './stripe-bookings.js';
import { StripeKeys } from './stripe-keys.js';
import { StripeMoneyBack, type StripeRefund } from './stripe-money-back.js';
import { type CardKind, type Intent, isCard, type Page } from './stripe-objects.js';

const MINUTE = 60_000;
const SHORTEST_PAGE_MS = 30 * MINUTE;
const LONGEST_PAGE_MS = 24 * 60 * MINUTE;

/** Who hears of what happens at Stripe, at once and surely: webhooks and checkers, never the code under test. */
export type StripeWatcher = Readonly<{
  captured(intent: Intent): void;
  refunded(refund: StripeRefund): void;
  happened(notice: StripeNotice): void;
  misused(key: string): void;
}>;

/** A page as Stripe tells of it: what became of the money is asked of its intent. */
export type PageState =
  | Readonly<{ kind: 'open'; url: string }>
  | Readonly<{ kind: 'expired' }>
  | Readonly<{ kind: 'complete'; intent: string }>;

/** Stripe's own books: objects that change one whole step at a time. How its answers travel is the gateway's matter. */
export class SimulatedStripe {
  readonly intents = new Map<string, Intent>();
  readonly pages = new Map<string, Page>();
  private readonly events: Readonly<{ notice: StripeNotice; listedAt: number }>[] = [];
  readonly keys: StripeKeys;
  readonly back: StripeMoneyBack;
  readonly bookings: StripeBookings;
  /** Charges of others that say they are for a payment of ours. */
  readonly forged = new Set<string>();
  private count = 0;

  constructor(
    private readonly kernel: Kernel,
    private readonly random: Random,
    private readonly watcher: StripeWatcher,
  ) {
    this.keys = new StripeKeys(kernel, (key) => watcher.misused(key));
    this.bookings = new StripeBookings(kernel);
    this.back = new StripeMoneyBack(this, kernel, random, (refund) => watcher.refunded(refund));
  }

  /** After that nothing changes here by itself: open pages are over, and no call fails for what Stripe has kept of it. */
  get changesUntil(): number {
    const open = [...this.pages.values()].filter(({ status }) => status === 'open');
    return Math.max(this.keys.failsUntil, ...open.map(({ expiresAt }) => expiresAt));
  }

  moment(): number {
    return this.kernel.now;
  }

  createIntent({ store, payment, amount, currency, paymentMethod }: IntentRequest): string {
    if (!isCard(paymentMethod))
      throw new GatewayRefused('resource_missing', 'payment_method', 'No such method.');
    return this.make({ store, payment, amount, currency, page: null, card: paymentMethod }).id;
  }

  confirm(store: StoreId, id: string, isPresent: boolean): IntentState {
    const intent = this.intentOf(store, id);
    if (intent.status !== 'unconfirmed') {
      throw new GatewayRefused('payment_intent_unexpected_state', null, `It is ${intent.status}.`);
    }
    intent.isPresent = isPresent;
    this.charge(intent);
    return this.stateOf(intent);
  }

  find(store: StoreId, id: string): IntentState {
    return this.stateOf(this.intentOf(store, id));
  }

  cancel(store: StoreId, id: string): IntentState {
    const intent = this.intentOf(store, id);
    if (intent.page || intent.status === 'processing' || intent.status === 'captured') {
      throw new GatewayRefused('payment_intent_unexpected_state', null, `It is ${intent.status}.`);
    }
    if (intent.status !== 'canceled') this.move(intent, 'canceled', 'payment_intent.canceled');
    return this.stateOf(intent);
  }

  openPage(request: SessionRequest): Readonly<{ checkoutSession: string; url: string }> {
    const expiresAt = Math.floor(Date.parse(request.expiresAt) / 1000) * 1000;
    const life = expiresAt - this.kernel.now;
    if (life < SHORTEST_PAGE_MS || life > LONGEST_PAGE_MS) {
      throw new GatewayRefused(
        'parameter_invalid',
        'expires_at',
        'A page lives from 30 minutes to 24 hours.',
      );
    }
    const page: Page = { id: this.id('cs'), request, expiresAt, status: 'open', intent: null };
    this.pages.set(page.id, page);
    this.kernel.after(life, `stripe expires ${page.id}`, () => this.expire(page));
    return { checkoutSession: page.id, url: `https://stripe.test/${page.id}` };
  }

  findPage(store: StoreId, id: string): PageState {
    const page = this.pageOf(store, id);
    if (page.status === 'open') return { kind: 'open', url: `https://stripe.test/${page.id}` };
    if (page.status === 'expired' || !page.intent) return { kind: 'expired' };
    return { kind: 'complete', intent: page.intent.id };
  }

  expirePage(store: StoreId, id: string): PageState {
    this.expire(this.pageOf(store, id));
    return this.findPage(store, id);
  }

  /** Whether an intent is of a page of this payment. */
  isOfPage(store: StoreId, payment: string, id: string): boolean {
    const page = this.pages.get(this.intents.get(id)?.page ?? '');
    return page?.request.store === store && page.request.payment === payment;
  }

  findFee(store: StoreId, charge: string): Fee | null {
    const intent = this.intentOf(store, charge.replace('ch_', 'pi_'));
    if (intent.status !== 'captured' || intent.feeFrom > this.kernel.now) return null;
    const { amount, currency } = intent;
    const fee = feeOf(amount);
    return { balance_transaction: intent.id.replace('pi_', 'txn_'), fee, net: amount - fee, currency };
  }

  /** Its list of events, oldest first. Some come into it only minutes after they happened. */
  eventsSince(store: StoreId, from: number, before = Number.POSITIVE_INFINITY): readonly StripeNotice[] {
    return this.events
      .filter(({ listedAt }) => listedAt <= this.kernel.now)
      .map(({ notice }) => notice)
      .filter((notice) => notice.store === store && notice.created >= from && notice.created < before);
  }

  /** The customer tries to pay on a page that they have open. @returns what they see */
  pay(id: string, card: CardKind): 'paid' | 'declined' | 'asked' | 'closed' {
    const page = this.pages.get(id);
    if (page?.status !== 'open') return 'closed';
    const { store, payment, amount, currency } = page.request;
    // One intent for all tries on a page, as Stripe has it.
    const intent = page.intent ?? this.make({ store, payment, amount, currency, page: id, card });
    intent.card = card;
    intent.isPresent = true;
    page.intent = intent;
    if (card === 'pm_3ds') {
      this.move(intent, 'action', 'payment_intent.requires_action');
      return 'asked';
    }
    return this.finish(intent, card === 'pm_good' || card === 'pm_slow');
  }

  /** The customer answers their bank. */
  authenticate(intent: Intent, isThem: boolean): 'paid' | 'declined' | 'closed' {
    if (intent.status !== 'action') return 'closed';
    return this.finish(intent, isThem);
  }

  /** The merchant, or anybody on the account, takes money by an intent of their own that says it is ours. */
  forge(store: StoreId, payment: string, amount: number, currency: string): void {
    const intent = this.make({ store, payment: null, amount, currency, page: null, card: 'pm_good' });
    intent.status = 'captured';
    this.forged.add(chargeOf(intent.id));
    this.bookings.bookCharge(intent, payment);
    this.tell(intent, 'payment_intent.succeeded', payment);
  }

  private make(asked: Omit<Intent, 'id' | 'status' | 'isPresent' | 'feeFrom'>): Intent {
    const intent: Intent = {
      ...asked,
      id: this.id('pi'),
      status: 'unconfirmed',
      isPresent: false,
      feeFrom: 0,
    };
    this.intents.set(intent.id, intent);
    return intent;
  }

  /** What the card does when it is charged. */
  private charge(intent: Intent): void {
    const { card } = intent;
    if (card === 'pm_3ds' && intent.isPresent) {
      this.move(intent, 'action', 'payment_intent.requires_action');
      return;
    }
    if (card === 'pm_slow' || card === 'pm_slow_declined') {
      this.move(intent, 'processing', 'payment_intent.processing');
      const wait = this.random.between(1_000, 40 * MINUTE);
      this.kernel.after(wait, `stripe decides ${intent.id}`, () => {
        this.finish(intent, card === 'pm_slow');
      });
      return;
    }
    this.finish(intent, card === 'pm_good');
  }

  private finish(intent: Intent, isPaid: boolean): 'paid' | 'declined' | 'closed' {
    const page = this.pages.get(intent.page ?? '');
    if (page && page.status !== 'open') return 'closed';
    if (!isPaid) {
      this.move(intent, 'declined', 'payment_intent.payment_failed');
      return 'declined';
    }
    if (page) page.status = 'complete';
    intent.feeFrom = this.kernel.now + this.random.between(0, 10 * MINUTE);
    this.move(intent, 'captured', 'payment_intent.succeeded');
    if (page) this.tellOfPage(page, 'checkout.session.completed');
    this.watcher.captured(intent);
    this.kernel.after(intent.feeFrom - this.kernel.now, `stripe books ${intent.id}`, () => this.book(intent));
    return 'paid';
  }

  /** With the booking comes the fee. */
  private book(intent: Intent): void {
    this.bookings.bookCharge(intent, intent.payment);
    this.tell(intent, 'charge.updated');
  }

  private expire(page: Page): void {
    if (page.status !== 'open') return;
    page.status = 'expired';
    if (page.intent && page.intent.status !== 'captured') page.intent.status = 'canceled';
    this.tellOfPage(page, 'checkout.session.expired');
  }

  private move(intent: Intent, status: Intent['status'], type: string): void {
    intent.status = status;
    this.tell(intent, type);
  }

  private tell(intent: Intent, type: string, payment = intent.payment): void {
    const isCharge = type.startsWith('charge.');
    const id = isCharge ? chargeOf(intent.id) : intent.id;
    const object = isCharge ? 'charge' : 'payment_intent';
    this.publish(intent.store, type, { id, object, payment_intent: intent.id, payment, store: intent.store });
  }

  private tellOfPage({ id, request, intent }: Page, type: string): void {
    const { store, payment } = request;
    const object = { id, object: 'checkout.session', payment_intent: intent?.id ?? null, payment, store };
    this.publish(store, type, object);
  }

  publish(store: StoreId, type: string, object: StripeNotice['object']): void {
    const notice: StripeNotice = {
      store,
      event: this.id('evt'),
      type,
      created: Math.floor(this.kernel.now / 1000),
      api_version: null,
      livemode: false,
      account: null,
      object,
    };
    const late = this.random.happens(0.2) ? this.random.between(0, 5 * MINUTE) : 0;
    this.events.push({ notice, listedAt: this.kernel.now + late });
    this.watcher.happened(notice);
  }

  stateOf(intent: Intent): IntentState {
    switch (intent.status) {
      case 'unconfirmed':
      case 'processing':
      case 'canceled':
        return { kind: intent.status };
      case 'action':
        return { kind: 'action_required', url: `https://bank.test/${intent.id}` };
      case 'declined': {
        const code = intent.card === 'pm_3ds' ? 'authentication_required' : 'card_declined';
        const failure = { code, decline_code: null, advice_code: null, message: 'No.', charge: null };
        return { kind: 'declined', failure };
      }
      case 'captured': {
        const { id, amount, currency } = intent;
        return {
          kind: 'captured',
          intent: id,
          charge: chargeOf(id),
          amount,
          currency,
          card: null,
        };
      }
    }
  }

  private intentOf(store: StoreId, id: string): Intent {
    const intent = this.intents.get(id);
    if (intent?.store !== store)
      throw new GatewayRefused('resource_missing', 'intent', 'No such payment_intent.');
    return intent;
  }

  private pageOf(store: StoreId, id: string): Page {
    const page = this.pages.get(id);
    if (page?.request.store !== store) throw new GatewayRefused('resource_missing', 'id', 'No such session.');
    return page;
  }

  id(prefix: string): string {
    this.count += 1;
    return `${prefix}_${this.count}`;
  }
}
