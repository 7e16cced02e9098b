import type { Booking, MoneyData, Movement, PaidOut } from './books.js';

/**
 * How the books can differ. `made_elsewhere`, `not_booked_yet` and `booked_in_another_period` come with their
 * explanation; any other needs one from a person.
 */
export type DifferenceKind =
  /** Our log has it, and Stripe does not. */
  | 'unknown_at_stripe'
  /** Stripe has it under a payment of ours, and our log does not, also after we have looked. */
  | 'missing_here'
  | 'amount_differs'
  | 'currency_differs'
  /** Stripe kept another fee than we have recorded, or we have recorded none. */
  | 'fee_differs'
  /** A payout is not the sum of what Stripe says is in it. */
  | 'payout_differs'
  /** Stripe has it, and it was not made by us. */
  | 'made_elsewhere'
  /** Both know of it; it counts in the period in which Stripe books it. */
  | 'not_booked_yet'
  | 'booked_in_another_period';

export type Difference = Readonly<{
  /** The same in every run that finds it. */
  id: string;
  kind: DifferenceKind;
  /** The balance transaction or the payout; null where Stripe has none. */
  stripe: string | null;
  /** The charge, refund or dispute behind it. */
  source: string | null;
  payment: string | null;
  order: string | null;
  at: string;
  /** What our log says; null: nothing. */
  ledger: MoneyData | null;
  /** What Stripe says; null: nothing. */
  booked: MoneyData | null;
  /** Stripe's amount less ours. */
  amount: number;
  currency: string;
  explanation: string | null;
}>;

const explanations: Partial<Record<DifferenceKind, string>> = {
  made_elsewhere: 'Not made by Quittance: it names no payment of this store.',
  not_booked_yet:
    'Stripe knows of it and has not booked it yet. It counts in the period in which it is booked.',
  booked_in_another_period:
    'Our log and Stripe date it on two sides of the period’s edge. It counts where Stripe booked it.',
};

export function difference(
  kind: DifferenceKind,
  movement: Movement | null,
  booking: Booking | null,
): Difference {
  const ledger = movement && money(movement);
  const booked = booking && money(booking);
  const source = movement?.source ?? booking?.source ?? null;
  return {
    id: `${kind}:${booking?.id ?? `${source}.${movement?.kind}`}`,
    kind,
    stripe: booking?.id ?? null,
    source,
    payment: movement?.payment ?? booking?.payment ?? null,
    order: movement?.order ?? null,
    at: booking?.at ?? movement?.at ?? '',
    ledger,
    booked,
    ...lessOurs(booked, ledger),
    explanation: explanations[kind] ?? null,
  };
}

/** The fee of a charge that both know. */
export function feeDifference(movement: Movement, booking: Booking): Difference {
  const booked = { amount: booking.balance.fee, currency: booking.balance.currency };
  const { fee: ledger } = movement;
  return { ...difference('fee_differs', movement, booking), ledger, booked, ...lessOurs(booked, ledger) };
}

/** @param sum of what Stripe says is in the payout */
export function payoutDifference({ id, at, amount, currency }: PaidOut, sum: number): Difference {
  return {
    id: `payout_differs:${id}`,
    kind: 'payout_differs',
    stripe: id,
    source: id,
    payment: null,
    order: null,
    at,
    ledger: { amount: sum, currency },
    booked: { amount, currency },
    amount: amount - sum,
    currency,
    explanation: null,
  };
}

function money({ amount, currency }: MoneyData): MoneyData {
  return { amount, currency };
}

function lessOurs(booked: MoneyData | null, ledger: MoneyData | null): MoneyData {
  const currency = booked?.currency ?? ledger?.currency ?? '';
  const ours = ledger?.currency === currency ? ledger.amount : 0;
  return { amount: (booked?.amount ?? 0) - ours, currency };
}
