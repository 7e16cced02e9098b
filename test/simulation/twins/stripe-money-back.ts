import { GatewayRefused } from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import type {
  FoundRefund,
  RefundRequest,
} from '../../../src/modules/payments/application/ports/refund-gateway.port.js';
import type { DisputeFact } from '../../../src/modules/payments/domain/dispute.js';
import type { RefundFact } from '../../../src/modules/payments/domain/refund.js';
import type { PaymentId, StoreId } from '../../../src/shared/domain/ids.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Random } from '../kernel/random.js';
import type { SimulatedStripe } from './simulated-stripe.js';
import { chargeOf } from './stripe-bookings.js';
import type { Intent } from './stripe-objects.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export type StripeRefund = {
  readonly id: string;
  readonly intent: Intent;
  readonly amount: number;
  /** Our id of it, where its metadata says one; null where it was made at Stripe. */
  readonly ours: FoundRefund['refund'];
  status: RefundFact['status'];
};

export type StripeDispute = {
  readonly id: string;
  readonly intent: Intent;
  status: DisputeFact['status'];
  /** Out at an odd number, back at an even one. */
  fundsMoved: number;
};

export function isOut({ fundsMoved }: StripeDispute): boolean {
  return fundsMoved % 2 === 1;
}

/** What of an intent's money has left it again, by Stripe's own books. */
export function gone(refunds: readonly StripeRefund[], intent: Intent): number {
  return refunds
    .filter((one) => one.intent === intent && (one.status === 'pending' || one.status === 'succeeded'))
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** Stripe's books of money on its way back: refunds, ours and others', and what banks dispute. */
export class StripeMoneyBack {
  readonly refunds: StripeRefund[] = [];
  readonly disputes: StripeDispute[] = [];
  /** What is still to happen by itself. */
  ahead = 0;

  constructor(
    private readonly stripe: SimulatedStripe,
    private readonly kernel: Kernel,
    private readonly random: Random,
    /** Told when money goes back. */
    private readonly onRefund: (refund: StripeRefund) => void,
  ) {}

  createRefund({ store, intent: id, amount, refund }: RefundRequest): RefundFact {
    const intent = this.stripe.intents.get(id);
    if (intent?.store !== store)
      throw new GatewayRefused('resource_missing', 'payment_intent', 'No such intent.');
    return this.factOf(this.refund(intent, amount, refund));
  }

  /** Somebody gives money back at Stripe itself, behind our back. */
  refundAtStripe(intent: Intent, amount: number): void {
    this.refund(intent, amount, null);
  }

  refundsOf(store: StoreId, intent: string): readonly FoundRefund[] {
    return this.refunds
      .filter((one) => one.intent.store === store && one.intent.id === intent)
      .map((one) => ({ ...this.factOf(one), refund: one.ours }));
  }

  disputesOf(store: StoreId, intent: string): readonly DisputeFact[] {
    return this.disputes
      .filter((one) => one.intent.store === store && one.intent.id === intent)
      .map(({ id, intent: { id: pi, amount, currency }, status, fundsMoved }) => ({
        stripeDispute: id,
        status,
        charge: chargeOf(pi),
        amount,
        currency,
        reason: 'fraudulent',
        dueBy: null,
        fundsMoved,
      }));
  }

  paymentOf(store: StoreId, id: string): PaymentId | null {
    const intent = this.stripe.intents.get(id);
    if (intent?.store !== store) throw new GatewayRefused('resource_missing', 'intent', 'No such intent.');
    return intent.payment as PaymentId | null;
  }

  /** Stripe refunds no charge whose dispute is open or lost. */
  isDisputed(intent: Intent): boolean {
    return this.disputes.some(
      (one) => one.intent === intent && (one.status === 'open' || one.status === 'lost'),
    );
  }

  /** A cardholder's bank takes the money back, or only asks; some time later there is a verdict. */
  dispute(intent: Intent, isInquiry: boolean): void {
    const { random } = this;
    const dispute: StripeDispute = {
      id: this.stripe.id('dp'),
      intent,
      status: isInquiry ? 'inquiry' : 'open',
      fundsMoved: 0,
    };
    this.disputes.push(dispute);
    this.tell(dispute, 'charge.dispute.created');
    if (!isInquiry) this.withdraw(dispute);
    this.later(dispute, random.between(MINUTE, 2 * HOUR), () => {
      if (isInquiry && random.happens(0.5)) return this.close(dispute, 'inquiry_closed');
      if (isInquiry) {
        dispute.status = 'open';
        this.tell(dispute, 'charge.dispute.updated');
        this.withdraw(dispute);
      }
      this.later(dispute, random.between(MINUTE, 2 * HOUR), () => this.decide(dispute));
    });
  }

  private decide(dispute: StripeDispute): void {
    this.close(dispute, this.random.happens(0.5) ? 'won' : 'lost');
    if (dispute.status !== 'won' || !isOut(dispute)) return;
    // The verdict and the money come apart.
    this.later(dispute, this.random.between(0, 10 * MINUTE), () => {
      this.moveFunds(dispute, 'dispute_return');
      this.tell(dispute, 'charge.dispute.funds_reinstated');
    });
  }

  private withdraw(dispute: StripeDispute): void {
    // What was refunded already, no bank takes once more.
    if (gone(this.refunds, dispute.intent) > 0) return;
    this.moveFunds(dispute, 'dispute');
    this.tell(dispute, 'charge.dispute.funds_withdrawn');
  }

  private close(dispute: StripeDispute, status: StripeDispute['status']): void {
    dispute.status = status;
    this.tell(dispute, 'charge.dispute.closed');
  }

  private refund(intent: Intent, amount: number, ours: FoundRefund['refund']): StripeRefund {
    if (intent.status !== 'captured')
      throw new GatewayRefused('charge_not_captured', null, 'Nothing was captured.');
    if (this.isDisputed(intent)) throw new GatewayRefused('charge_disputed', null, 'The charge is disputed.');
    if (gone(this.refunds, intent) + amount > intent.amount) {
      throw new GatewayRefused('charge_already_refunded', 'amount', 'More than is left.');
    }
    const refund: StripeRefund = { id: this.stripe.id('re'), intent, amount, ours, status: 'pending' };
    this.refunds.push(refund);
    this.bookRefund(refund, 'refund');
    this.onRefund(refund);
    this.tellOfRefund(refund, 'refund.created');
    this.tell(refund, 'charge.refunded');
    if (this.random.happens(0.6)) refund.status = 'succeeded';
    else this.ends(refund, this.random.between(1_000, HOUR), 'succeeded');
    if (this.random.happens(0.15)) this.ends(refund, this.random.between(HOUR, 3 * HOUR), 'failed');
    return refund;
  }

  /** A refund may fail long after it has succeeded: the bank sent the money back. */
  private ends(refund: StripeRefund, ms: number, status: StripeRefund['status']): void {
    this.ahead += 1;
    this.kernel.after(ms, `stripe ends ${refund.id}`, () => {
      this.ahead -= 1;
      refund.status = status;
      if (status === 'failed') this.bookRefund(refund, 'refund_return');
      this.tellOfRefund(refund, status === 'failed' ? 'refund.failed' : 'refund.updated');
    });
  }

  private later(dispute: StripeDispute, ms: number, work: () => void): void {
    this.ahead += 1;
    this.kernel.after(ms, `a bank goes on with ${dispute.id}`, () => {
      this.ahead -= 1;
      work();
    });
  }

  private bookRefund({ id, intent, amount, ours }: StripeRefund, kind: 'refund' | 'refund_return'): void {
    const payment = ours ? intent.payment : null;
    const moved = kind === 'refund' ? -amount : amount;
    this.stripe.bookings.book({ kind, source: id, intent, payment, amount: moved });
  }

  private moveFunds(dispute: StripeDispute, kind: 'dispute' | 'dispute_return'): void {
    const { id, intent } = dispute;
    dispute.fundsMoved += 1;
    const moved = kind === 'dispute' ? -intent.amount : intent.amount;
    this.stripe.bookings.book({ kind, source: id, intent, payment: null, amount: moved });
  }

  private factOf({ id, status, amount, intent }: StripeRefund): RefundFact {
    const failureReason = status === 'failed' ? 'lost_or_stolen_card' : null;
    return { stripeRefund: id, status, amount, currency: intent.currency, failureReason };
  }

  private tellOfRefund({ id, intent, ours }: StripeRefund, type: string): void {
    const payment = ours ? intent.payment : null;
    const object = { id, object: 'refund', payment_intent: intent.id, payment, store: intent.store };
    this.stripe.publish(intent.store, type, object);
  }

  private tell({ id, intent }: StripeRefund | StripeDispute, type: string): void {
    const object = { id, object: 'charge', payment_intent: intent.id, payment: null, store: intent.store };
    this.stripe.publish(intent.store, type, object);
  }
}
