import type { Booking, MovementBooking, Pair } from './books.js';

/** Signed sums in minor units of one currency of customers. */
export type CurrencyTotal = Readonly<{
  currency: string;
  ledger_total: number;
  stripe_total: number;
  /** The part of `stripe_total` that was not made by us. */
  elsewhere_total: number;
  captured: number;
  refunded: number;
  disputed: number;
}>;

/** Sums in minor units of one currency of the account's balance, over all that Stripe booked. */
export type BalanceTotal = Readonly<{
  currency: string;
  /** Charges, refunds and disputes before fees. */
  gross: number;
  fees: number;
  net: number;
  /** Sent to the merchant's bank. */
  paid_out: number;
  /** Whatever is neither a customer's money nor a payout. */
  other: number;
}>;

/** A total while it is being added up: many movements, few currencies. */
type Sum = { -readonly [Name in keyof CurrencyTotal]: CurrencyTotal[Name] } & { moved: number };

/** The most moved first, so that the first is the one that the merchant means. */
export function totalsOf(pairs: readonly Pair[]): readonly CurrencyTotal[] {
  const sums = new Map<string, Sum>();
  for (const { movement, booking } of pairs) {
    if (movement) {
      const sum = sumOf(sums, movement.currency);
      sum.ledger_total += movement.amount;
      sum.moved += Math.abs(movement.amount);
    }
    if (booking) book(sumOf(sums, booking.currency), booking, !movement && booking.payment === null);
  }
  const most = (a: Sum, b: Sum) => b.moved - a.moved || (a.currency < b.currency ? -1 : 1);
  return [...sums.values()].sort(most).map(({ moved: _, ...total }) => total);
}

function book(sum: Sum, { kind, amount }: MovementBooking, isElsewhere: boolean): void {
  sum.stripe_total += amount;
  sum.moved += Math.abs(amount);
  if (isElsewhere) sum.elsewhere_total += amount;
  if (kind === 'charge') sum.captured += amount;
  else if (kind === 'refund' || kind === 'refund_return') sum.refunded -= amount;
  else sum.disputed -= amount;
}

const nothing = {
  ledger_total: 0,
  stripe_total: 0,
  elsewhere_total: 0,
  captured: 0,
  refunded: 0,
  disputed: 0,
  moved: 0,
};

function sumOf(sums: Map<string, Sum>, currency: string): Sum {
  const known = sums.get(currency);
  if (known) return known;
  const sum = { currency, ...nothing };
  sums.set(currency, sum);
  return sum;
}

export function balancesOf(bookings: readonly Booking[]): readonly BalanceTotal[] {
  const totals = new Map<string, BalanceTotal>();
  for (const { kind, balance } of bookings) {
    const { currency, amount, fee, net } = balance;
    const sum = totals.get(currency) ?? { currency, gross: 0, fees: 0, net: 0, paid_out: 0, other: 0 };
    if (kind === 'payout') totals.set(currency, { ...sum, paid_out: sum.paid_out - amount });
    else if (kind === 'other') totals.set(currency, { ...sum, other: sum.other + net });
    else {
      totals.set(currency, {
        ...sum,
        gross: sum.gross + amount,
        fees: sum.fees + fee,
        net: sum.net + net,
      });
    }
  }
  return [...totals.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
