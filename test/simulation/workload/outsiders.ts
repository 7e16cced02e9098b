import type { PaymentId } from '../../../src/shared/domain/ids.js';
import { simulatedStores } from '../twins/simulated.store-directory.js';
import { gone } from '../twins/stripe-money-back.js';
import type { World } from '../world/world.js';
import type { Calls } from './calls.js';

/** What happens at Stripe without a word to us: merchants in their dashboard, banks, and people who copy. */
export class Outsiders {
  constructor(
    private readonly world: World,
    private readonly calls: Calls,
  ) {}

  /** Somebody on the account takes money of their own and says that it is for a payment of ours, here or elsewhere. */
  async forge(): Promise<void> {
    const { random, stripe, coverage, books } = this.world;
    const payment = this.calls.some(books.payments.keys()) as PaymentId | undefined;
    if (!payment) return;
    const { id: store } = random.pick(simulatedStores);
    coverage.count('T3 copied metadata');
    stripe.forge(store, payment, random.between(50, 5_000), 'usd');
  }

  async refundAtStripe(): Promise<void> {
    const { random, stripe, coverage } = this.world;
    const intent = this.someCapture();
    const left = intent ? intent.amount - gone(stripe.back.refunds, intent) : 0;
    if (!intent || left <= 0 || stripe.back.isDisputed(intent)) return;
    coverage.count('F7 refund made at Stripe');
    stripe.back.refundAtStripe(intent, random.happens(0.5) ? left : random.between(1, left));
  }

  async dispute(): Promise<void> {
    const { random, stripe, coverage } = this.world;
    const intent = this.someCapture();
    if (!intent || stripe.back.disputes.some((one) => one.intent === intent)) return;
    coverage.count('F7 dispute');
    stripe.back.dispute(intent, random.happens(0.3));
  }

  private someCapture() {
    const { stripe } = this.world;
    return this.calls.some(
      [...stripe.intents.values()].filter(({ status, payment }) => status === 'captured' && payment !== null),
    );
  }
}
