import {
  GatewayForbidden,
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
import { Refusal } from '../../src/shared/domain/refusal.js';
import { Gates } from './a-scripted-gateway.js';

type Kept = FoundRefund & Readonly<{ intent: string }>;

/**
 * Stripe's refunds and disputes as two lists. One is stopped at `refundsOf asked` before it is read, or at `refundsOf`
 * once it is: then what it tells is old when it goes on.
 */
export class AScriptedRefunds extends RefundGateway {
  readonly gates = new Gates();
  readonly #refunds: Kept[] = [];
  readonly #disputes: (DisputeFact & Readonly<{ intent: string }>)[] = [];
  readonly #keys = new Map<string, RefundFact>();
  readonly #payments = new Map<string, PaymentId>();
  #losesNext = false;
  #isShut = false;
  /** The store's key has no right to give money back. */
  isForbidden = false;

  /** The next answer to the making of a refund is lost; the money goes back. */
  loseAnswer(): void {
    this.#losesNext = true;
  }

  /** The store's key is revoked, or is good again. */
  shut(isShut: boolean): void {
    this.#isShut = isShut;
  }

  /** Somebody at Stripe gives back a part. */
  giveBack(intent: string, amount: number): void {
    const made = { stripeRefund: `re_${this.#refunds.length + 1}`, status: 'succeeded' } as const;
    this.#refunds.push({ ...made, amount, currency: 'usd', failureReason: null, refund: null, intent });
  }

  /** What the intent says of itself. */
  names(intent: string, payment: PaymentId): void {
    this.#payments.set(intent, payment);
  }

  /** A day has passed: Stripe no longer knows which calls it has answered. */
  forgetKeys(): void {
    this.#keys.clear();
  }

  /** Somebody at Stripe, or a bank, says how a dispute stands. */
  dispute(intent: string, about: Partial<DisputeFact> = {}): void {
    const open = { status: 'open', amount: 10_000, currency: 'usd', fundsMoved: 1 } as const;
    const who = { stripeDispute: 'du_1', charge: `ch_of_${intent}`, reason: 'fraudulent', dueBy: null };
    const fact = { ...open, ...who, ...about, intent };
    const at = this.#disputes.findIndex(({ stripeDispute }) => stripeDispute === fact.stripeDispute);
    this.#disputes.splice(at < 0 ? this.#disputes.length : at, 1, fact);
  }

  /** What was given back of an intent, oldest first. */
  given(intent: string): readonly number[] {
    return this.#refunds.filter((each) => each.intent === intent).map(({ amount }) => amount);
  }

  override async createRefund({ refund, intent, amount }: RefundRequest): Promise<RefundFact> {
    await this.gates.pass('createRefund');
    this.#mustBeOpen();
    if (this.isForbidden) throw new GatewayForbidden('not with this key');
    const known = this.#keys.get(refund);
    const fact = known ?? {
      stripeRefund: `re_${this.#refunds.length + 1}`,
      status: 'succeeded',
      amount,
      currency: 'usd',
      failureReason: null,
    };
    if (!known) this.#refunds.push({ ...fact, refund, intent });
    this.#keys.set(refund, fact);
    if (this.#losesNext) {
      this.#losesNext = false;
      throw new GatewayUnreachable('the answer was lost');
    }
    return fact;
  }

  override refundsOf(_: StoreId, intent: string): Promise<readonly FoundRefund[]> {
    return this.#listed('refundsOf', this.#refunds, intent);
  }

  override disputesOf(_: StoreId, intent: string): Promise<readonly DisputeFact[]> {
    return this.#listed('disputesOf', this.#disputes, intent);
  }

  override async paymentOf(_: StoreId, intent: string): Promise<PaymentId | null> {
    this.#mustBeOpen();
    return this.#payments.get(intent) ?? null;
  }

  #mustBeOpen(): void {
    if (this.#isShut)
      throw new Refusal('store_disconnected', 'Stripe no longer accepts the key of this store.');
  }

  async #listed<T extends { intent: string }>(name: string, rows: readonly T[], of: string): Promise<T[]> {
    await this.gates.pass(`${name} asked`);
    this.#mustBeOpen();
    const found = rows.filter(({ intent }) => intent === of);
    await this.gates.pass(name);
    return found;
  }
}
