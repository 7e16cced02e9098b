import {
  GatewayRefused,
  GatewayUnreachable,
} from '../../src/modules/payments/application/ports/payment-gateway.port.js';
import {
  type FoundRefund,
  RefundGateway,
  type RefundRequest,
} from '../../src/modules/payments/application/ports/refund-gateway.port.js';
import type { DisputeFact } from '../../src/modules/payments/domain/dispute.js';
import type { RefundFact } from '../../src/modules/payments/domain/refund.js';
import type { PaymentId, StoreId } from '../../src/shared/domain/ids.js';

type Made = FoundRefund & Readonly<{ intent: string }>;

/** What goes back at Stripe, as two lists. Calls can be refused, or made and their answers lost. */
export class ARefundingStripe extends RefundGateway {
  readonly #refunds = new Map<string, Made>();
  readonly #disputes: DisputeFact[] = [];
  #next: 'make' | 'lose' | 'down' | string = 'make';

  /** The next refunds are refused for this reason, `lose` their answer, or meet nobody (`down`). */
  next(effect: string): void {
    this.#next = effect;
  }

  /** What went out for a payment, less what came back. */
  refundedOf(payment: PaymentId): number {
    const own = [...this.#refunds.values()].filter(({ intent }) => intent === `pi_${payment}`);
    return own.reduce((sum, { amount, status }) => (status === 'failed' ? sum : sum + amount), 0);
  }

  /** The bank sends every refund of a payment back. */
  sendBack(payment: PaymentId): void {
    for (const [key, refund] of this.#refunds)
      if (refund.intent === `pi_${payment}`)
        this.#refunds.set(key, { ...refund, status: 'failed', failureReason: 'lost_or_stolen_card' });
  }

  /** A dispute as it stands now. */
  dispute(fact: DisputeFact): void {
    this.#disputes.splice(0, this.#disputes.length, fact);
  }

  override async createRefund({ refund, intent, amount }: RefundRequest): Promise<RefundFact> {
    if (this.#next === 'down') throw new GatewayUnreachable('nobody answers');
    if (this.#next !== 'make' && this.#next !== 'lose') throw new GatewayRefused(this.#next, null, 'no');
    const stripeRefund = `re_${refund}`;
    const fresh = { status: 'succeeded', currency: 'usd', failureReason: null } as const;
    const made = this.#refunds.get(refund) ?? { refund, stripeRefund, intent, amount, ...fresh };
    this.#refunds.set(refund, made);
    if (this.#next === 'lose') throw new GatewayUnreachable('the answer was lost');
    return made;
  }

  override async refundsOf(_: StoreId, intent: string): Promise<readonly FoundRefund[]> {
    if (this.#next === 'down') throw new GatewayUnreachable('nobody answers');
    return [...this.#refunds.values()].filter((refund) => refund.intent === intent);
  }

  override async disputesOf(_: StoreId, intent: string): Promise<readonly DisputeFact[]> {
    return this.#disputes.filter(({ charge }) => charge === intent.replace('pi_', 'ch_'));
  }

  override async paymentOf(): Promise<PaymentId | null> {
    return null;
  }
}
