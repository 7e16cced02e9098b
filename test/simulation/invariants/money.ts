import type { RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import type { Intent } from '../twins/stripe-objects.js';
import type { PaymentBook } from './books.js';
import { Invariant } from './invariant.js';
import { sum } from './order-book.js';

/** I1: a payment captures at most once, and never more than its order owes. */
export class NoDoubleCharge extends Invariant {
  readonly name = 'I1 no double charge';

  override captured({ payment, amount }: Intent): void {
    const { books, stripe } = this.facts;
    const ours = [...stripe.intents.values()].filter(
      (one) => one.status === 'captured' && one.payment !== null,
    );
    if (ours.filter((one) => one.payment === payment).length > 1) this.broken(`${payment} captured twice`);
    if (books.payments.get(payment ?? '')?.isGivenUp) return;
    const order = books.orderOf(payment);
    // Money past Stripe, and refunds and disputes that turn, may make any charge one too many.
    if (!order || order.isSurprised) return;
    const uncounted = ours.filter((one) => {
      const { isGivenUp } = books.payments.get(one.payment ?? '') ?? {};
      return books.orderOf(one.payment) === order && !order.counted.has(one.payment ?? '') && !isGivenUp;
    });
    const after = order.netPaid + sum(uncounted.map((one) => one.amount));
    if (after > order.owed) {
      this.broken(`${order.id} owes ${order.owed}; with the ${amount} that Stripe just took it has ${after}`);
    }
  }
}

/** I2: every capture at Stripe is in the log exactly once, and nothing else is. */
export class NoLostPayment extends Invariant {
  readonly name = 'I2 no lost payment';

  override appended({ type, stream, data }: RecordedEvent): void {
    const { books, stripe } = this.facts;
    if (type === 'PaymentCaptured') {
      const id = `pay_${stream.slice('payment-'.length)}`;
      const intent = stripe.intents.get(data['intent'] as string);
      if (intent?.status !== 'captured' || intent.payment !== id)
        this.broken(`${id} counts money that Stripe did not take for it`);
      if ((books.payments.get(id)?.captures ?? 0) > 1) this.broken(`${id} is captured twice in the log`);
    }
    if (type === 'PaymentApplied') {
      const payment = books.payments.get(data['payment'] as string);
      // Cash that was taken back before it was counted is counted and taken back.
      if (payment?.status !== 'captured' && !payment?.isOffline)
        this.broken(`${data['payment']} is counted before it was captured`);
      const times = this.facts.disk
        .read(stream)
        .filter((event) => event.type === 'PaymentApplied' && event.data['payment'] === data['payment']);
      if (times.length > 1) this.broken(`${data['payment']} is counted twice`);
    }
  }

  override async atRest(): Promise<void> {
    const { books, stripe } = this.facts;
    for (const intent of stripe.intents.values()) {
      if (intent.status !== 'captured' || intent.payment === null) continue;
      const payment = books.payments.get(intent.payment);
      if (payment?.captures !== 1)
        this.broken(`${intent.id} of ${intent.payment} is captured at Stripe, not in the log`);
      const counted = books.orders.get(payment.order)?.counted.get(payment.id);
      if (counted?.captured !== intent.amount)
        this.broken(`${payment.id} took ${intent.amount}, its order counts ${counted?.captured}`);
    }
    for (const { id, order, status, amount, isOffline } of books.payments.values()) {
      const counted = books.orders.get(order)?.counted.get(id)?.captured;
      const came = status === 'captured' ? amount : 0;
      if (isOffline && counted !== came) this.broken(`${came} came by ${id}, its order counts ${counted}`);
    }
  }
}

/** I3: an order is Paid exactly when what was settled covers what is owed. */
export class PaidMeansPaid extends Invariant {
  readonly name = 'I3 paid means paid';
  private readonly changed = new Set<string>();

  override appended({ stream }: RecordedEvent): void {
    if (stream.startsWith('order-')) this.changed.add(`order_${stream.slice('order-'.length)}`);
  }

  /** Cause and announcement are one append, so the books must agree as soon as it is whole. */
  override acknowledged(): void {
    this.check();
  }

  override async atRest(): Promise<void> {
    this.check();
  }

  private check(): void {
    for (const id of this.changed) {
      const order = this.facts.books.orders.get(id);
      if (!order) continue;
      const due = order.dueStatus;
      if (order.saidStatus !== due) this.broken(`${id} says ${order.saidStatus}, but is ${due}`);
    }
    this.changed.clear();
  }
}

/** I4: what is held and what was settled never exceed what is owed. */
export class NeverHeldTwice extends Invariant {
  readonly name = 'I4 reserved and settled within what is owed';

  override appended({ type, stream, data }: RecordedEvent): void {
    const isLowered = type === 'OrderTotalChanged' && (data['to'] as number) < (data['from'] as number);
    if (type !== 'PaymentReserved' && !isLowered && type !== 'OrderCancelled') return;
    const order = this.facts.books.orders.get(`order_${stream.slice('order-'.length)}`);
    if (!order || order.reserved === 0) return;
    const { owed, netPaid, reserved } = order;
    if (reserved + netPaid > owed) {
      this.broken(`${order.id} owes ${owed}, has ${netPaid} and holds ${reserved}`);
    }
  }

  override captured({ payment, amount }: Intent): void {
    const { books } = this.facts;
    if (books.payments.get(payment ?? '')?.isGivenUp) return;
    const reserved = books.orderOf(payment)?.held.get(payment ?? '');
    if (reserved !== amount)
      this.broken(`${payment} took ${amount} while ${reserved ?? 'nothing'} was held for it`);
  }
}

/** I5: no payment has ended without money while Stripe could still take it, but for one that a person has given up. */
export class FailedMeansOver extends Invariant {
  readonly name = 'I5 failed means over';

  override appended({ type, stream, metadata }: RecordedEvent): void {
    if (type !== 'PaymentFailed' && type !== 'PaymentVoided') return;
    const id = `pay_${stream.slice('payment-'.length)}`;
    const { stripe, books } = this.facts;
    const payment = books.payments.get(id);
    if (payment?.isGivenUp) {
      this.mustBeLost(payment, metadata['actor_kind'] ?? '');
      return;
    }
    for (const intent of stripe.intents.values()) {
      if (intent.payment !== id) continue;
      if (intent.status === 'processing' || intent.status === 'action' || intent.status === 'captured')
        this.broken(`${id} ended without money while ${intent.id} is ${intent.status}`);
    }
    for (const page of stripe.pages.values()) {
      if (page.request.payment === id && page.status === 'open' && books.shown.has(page.id))
        this.broken(`${id} ended while its page is open`);
    }
  }

  /** By a person, of a store that is not connected, and only past its own time. */
  private mustBeLost({ id, store, until }: PaymentBook, actor: string): void {
    const { facts } = this;
    if (actor !== 'api_key') this.broken(`${id} was given up by ${actor}`);
    if (!facts.hasLeft(store as StoreId)) this.broken(`${id} was given up while ${store} is connected`);
    if (!facts.hasJumped() && Date.parse(until) > facts.stripe.moment())
      this.broken(`${id} was given up before ${until}`);
  }

  override captured({ payment }: Intent): void {
    const { status, isGivenUp } = this.facts.books.payments.get(payment ?? '') ?? {};
    if (status === 'failed' || (status === 'voided' && !isGivenUp))
      this.broken(`${payment} was ${status} and captured all the same`);
  }

  override async atRest(): Promise<void> {
    const { books, stripe } = this.facts;
    for (const payment of books.payments.values()) {
      if (payment.status !== 'failed' || payment.intent === null) continue;
      const status = stripe.intents.get(payment.intent)?.status;
      if (status !== 'canceled')
        this.broken(`${payment.id} failed, but its intent is ${status} and could be paid later`);
    }
  }
}

/** Our own promise behind F3: an operator who has gone home is not charged for hours later. */
export class NeverChargedLate extends Invariant {
  readonly name = 'F3 never charged late';
  private readonly slackMs = 2 * 60_000;

  override captured({ payment, card }: Intent): void {
    const { books, stripe } = this.facts;
    const order = books.orderOf(payment);
    const beginsBy = order?.beginsBy.get(payment ?? '');
    if (!beginsBy || this.facts.hasJumped() || card !== 'pm_good') return;
    const late = stripe.moment() - Date.parse(beginsBy);
    if (late > this.slackMs)
      this.broken(`${payment} was charged ${Math.round(late / 60_000)} min after it was to be given up`);
  }
}

/** I14: money is whole minor units, and adds up to the same in the log and at Stripe. */
export class MoneyIsWhole extends Invariant {
  readonly name = 'I14 money is whole and adds up';

  override appended({ type, data, stream }: RecordedEvent): void {
    walk(data, (number) => {
      if (!Number.isSafeInteger(number)) this.broken(`${type} of ${stream} holds ${number}`);
    });
    if (type === 'PaymentCaptured') {
      const intent = this.facts.stripe.intents.get(data['intent'] as string);
      if (intent && intent.amount !== data['amount'])
        this.broken(`${intent.id} took ${intent.amount}, the log says ${data['amount']}`);
    }
    if (
      type === 'PaymentApplied' &&
      data['captured'] !== (data['applied'] as number) + (data['excess'] as number)
    ) {
      this.broken(`${data['payment']}: ${data['captured']} is not ${data['applied']} + ${data['excess']}`);
    }
  }
}

function walk(value: unknown, tell: (number: number) => void): void {
  if (typeof value === 'number') tell(value);
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) walk(member, tell);
}
