import {
  type Booking,
  type Books,
  isMovement,
  type Movement,
  type MovementBooking,
  movementKey,
  type Pair,
} from './books.js';
import { type Difference, difference, feeDifference, payoutDifference } from './difference.js';
import { includes, type Period } from './period.js';
import { type BalanceTotal, balancesOf, type CurrencyTotal, totalsOf } from './totals.js';

export type Comparison = Readonly<{
  /** By the customers' currencies: all that moved customers' money in the period. */
  totals: readonly CurrencyTotal[];
  /** By the currencies of the account's balance: what Stripe kept and sent on. */
  balances: readonly BalanceTotal[];
  /** How many movements both books tell alike. */
  matched: number;
  /** Every difference, those without an explanation first. */
  differences: readonly Difference[];
}>;

/**
 * Our ledger against Stripe's. What belongs together is found by Stripe's own object, never by time or amount, and
 * counts in the period in which Stripe booked it. In each currency `stripe_total` less `ledger_total` is exactly the
 * sum of the differences in money.
 */
export function compare(books: Books, period: Period): Comparison {
  const pairs = pairUp(books).filter((pair) => isWithin(pair, period));
  const counted = pairs.filter(({ movement, booking }) => countsHere(movement, booking, books, period));
  const differences = [
    ...pairs.flatMap((pair) => differencesOf(pair, books, period)),
    ...books.payouts.flatMap((payout) => {
      const isOff = payout.sum !== null && payout.sum !== payout.amount && includes(period, payout.at);
      return isOff ? [payoutDifference(payout, payout.sum ?? 0)] : [];
    }),
  ];
  return {
    totals: totalsOf(counted),
    balances: balancesOf(books.bookings.filter(({ at }) => includes(period, at))),
    matched: counted.filter(({ movement, booking }) => movement && booking && isAlike(movement, booking))
      .length,
    differences: unexplainedFirst(differences),
  };
}

/** One money may move twice by one object (a dispute that is opened again): the first goes with the first. */
export function pairUp({ movements, bookings }: Books): readonly Pair[] {
  const pairs: { movement: Movement | null; booking: MovementBooking | null }[] = [];
  const alone = new Map<string, typeof pairs>();
  for (const movement of [...movements].sort(byTime)) {
    const pair = { movement, booking: null };
    pairs.push(pair);
    const key = movementKey(movement);
    const others = alone.get(key);
    if (others) others.push(pair);
    else alone.set(key, [pair]);
  }
  for (const booking of bookings.filter(isMovement).sort(byTime)) {
    const pair = alone.get(movementKey(booking))?.shift();
    if (pair) pair.booking = booking;
    else pairs.push({ movement: null, booking });
  }
  return pairs;
}

function isWithin({ movement, booking }: Pair, period: Period): boolean {
  return [movement, booking].some((side) => side && includes(period, side.at));
}

/** What both know counts where Stripe booked it; what Stripe is yet to book will count there. */
function countsHere(
  movement: Movement | null,
  booking: Booking | null,
  { unbooked }: Books,
  period: Period,
): boolean {
  if (booking) return includes(period, booking.at);
  return movement !== null && !unbooked.has(movementKey(movement));
}

function differencesOf(
  { movement, booking }: Pair,
  { unbooked }: Books,
  period: Period,
): readonly Difference[] {
  if (!booking) {
    if (!movement) return [];
    const kind = unbooked.has(movementKey(movement)) ? 'not_booked_yet' : 'unknown_at_stripe';
    return [difference(kind, movement, null)];
  }
  if (!movement) return [difference(booking.payment ? 'missing_here' : 'made_elsewhere', null, booking)];
  const isBookedHere = includes(period, booking.at);
  const found: Difference[] = [];
  if (isBookedHere !== includes(period, movement.at)) {
    found.push(difference('booked_in_another_period', movement, booking));
  }
  if (isBookedHere && movement.currency !== booking.currency) {
    found.push(difference('currency_differs', movement, booking));
  } else if (isBookedHere && movement.amount !== booking.amount) {
    found.push(difference('amount_differs', movement, booking));
  }
  if (isBookedHere && feeIsOff(movement, booking)) found.push(feeDifference(movement, booking));
  return found;
}

function isAlike(movement: Movement, booking: Booking): boolean {
  return movement.amount === booking.amount && movement.currency === booking.currency;
}

function feeIsOff({ kind, fee }: Movement, { balance }: Booking): boolean {
  return kind === 'charge' && (fee?.amount !== balance.fee || fee.currency !== balance.currency);
}

function byTime(a: Readonly<{ at: string }>, b: Readonly<{ at: string }>): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

/** Those that need somebody's explanation, then the others; the newest first among each. */
export function unexplainedFirst(differences: readonly Difference[]): readonly Difference[] {
  return [...differences].sort((a, b) => {
    const need = Number(a.explanation !== null) - Number(b.explanation !== null);
    return need || byTime(b, a) || (a.id < b.id ? -1 : 1);
  });
}
