import type {
  Payout,
  Standing,
} from '../../../src/modules/reconciliation/application/ports/stripe-books.port.js';
import type { Booking, MovementKind } from '../../../src/modules/reconciliation/domain/books.js';
import { includes, type Period } from '../../../src/modules/reconciliation/domain/period.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import type { Kernel } from '../kernel/kernel.js';
import type { Intent } from './stripe-objects.js';

const DAY = 24 * 3_600_000;

type Entry = Readonly<{
  kind: MovementKind;
  source: string;
  intent: Intent;
  /** What its metadata claims. */
  payment: string | null;
  amount: number;
}>;

type Booked = Booking & Readonly<{ store: StoreId }>;

/** What Stripe keeps of a charge, in minor units. */
export function feeOf(amount: number): number {
  return Math.round(amount * 0.029) + 30;
}

/** Stripe's balance transactions of all accounts: one for each movement of money, in the order in which it was booked. */
export class StripeBookings {
  readonly all: Booked[] = [];

  constructor(private readonly kernel: Kernel) {}

  book({ kind, source, intent, payment, amount }: Entry): void {
    const { store, currency, id } = intent;
    const charge = chargeOf(id);
    const fee = kind === 'charge' ? feeOf(amount) : 0;
    this.all.push({
      store,
      id: kind === 'charge' ? id.replace('pi_', 'txn_') : `txn_${this.all.length}_${source}`,
      kind,
      category: kind,
      source,
      charge,
      payment,
      amount,
      currency,
      at: new Date(this.kernel.now).toISOString(),
      balance: { amount, currency, fee, net: amount - fee },
    });
  }

  /** @param payment what the charge's metadata claims */
  bookCharge(intent: Intent, payment: string | null): void {
    const { id, amount } = intent;
    this.book({ kind: 'charge', source: chargeOf(id), intent, payment, amount });
  }

  in(store: StoreId, period: Period): readonly Booking[] {
    return this.all.filter((one) => one.store === store && includes(period, one.at));
  }

  standing(store: StoreId, source: string, intents: Iterable<Intent>): Standing {
    const bookings = this.all.filter((one) => one.store === store && one.source === source);
    const isDone = [...intents].some(
      ({ id, store: whose, status }) => whose === store && status === 'captured' && chargeOf(id) === source,
    );
    return { bookings, unbooked: isDone && bookings.length === 0 ? ['charge'] : [] };
  }

  /** Each day's money goes to the bank when the day is over. */
  payouts(store: StoreId, { from, to }: Period): readonly Payout[] {
    const payouts: Payout[] = [];
    const end = Math.min(Date.parse(to), this.kernel.now);
    for (let day = Math.ceil(Date.parse(from) / DAY) * DAY; day < end; day += DAY) {
      const at = new Date(day).toISOString();
      const bookings = this.in(store, { from: new Date(day - DAY).toISOString(), to: at });
      const sum = bookings.reduce((net, { balance }) => net + balance.net, 0);
      const id = `po_${store}_${at.slice(0, 10)}`;
      if (sum > 0) payouts.push({ id, at, sum, amount: sum, currency: 'usd', bookings });
    }
    return payouts;
  }
}

export function chargeOf(intent: string): string {
  return intent.replace('pi_', 'ch_');
}
