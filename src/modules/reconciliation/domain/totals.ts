import type { Booking, Pair } from './books.js';

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

/** The most moved first, so that the first is the one that the merchant means. */
export function totalsOf(pairs: readonly Pair[]): readonly CurrencyTotal[] {
  const totals = new Map<string, CurrencyTotal>();
  const volume = new Map<string, number>();
  const add = (currency: string, moved: number, parts: Partial<CurrencyTotal>) => {
    totals.set(currency, plus(totals.get(currency) ?? { ...nothing, currency }, parts));
    volume.set(currency, (volume.get(currency) ?? 0) + Math.abs(moved));
  };
  for (const { movement, booking } of pairs) {
    if (movement) add(movement.currency, movement.amount, { ledger_total: movement.amount });
    if (!booking) continue;
    const { amount, currency } = booking;
    const isElsewhere = !movement && booking.payment === null;
    add(currency, amount, {
      stripe_total: amount,
      ...(isElsewhere && { elsewhere_total: amount }),
      ...(booking.kind === 'charge' && { captured: amount }),
      ...(/^refund/.test(booking.kind) && { refunded: -amount }),
      ...(/^dispute/.test(booking.kind) && { disputed: -amount }),
    });
  }
  const most = (a: CurrencyTotal, b: CurrencyTotal) =>
    (volume.get(b.currency) ?? 0) - (volume.get(a.currency) ?? 0) || (a.currency < b.currency ? -1 : 1);
  return [...totals.values()].sort(most);
}

const nothing = {
  ledger_total: 0,
  stripe_total: 0,
  elsewhere_total: 0,
  captured: 0,
  refunded: 0,
  disputed: 0,
};

function plus(total: CurrencyTotal, parts: Partial<CurrencyTotal>): CurrencyTotal {
  const names = Object.keys(nothing) as (keyof typeof nothing)[];
  const sums = names.map((name) => [name, total[name] + (parts[name] ?? 0)]);
  return { ...total, ...Object.fromEntries(sums) };
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
