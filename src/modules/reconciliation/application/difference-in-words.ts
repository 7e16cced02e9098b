import { Currency } from '../../../shared/domain/currency.js';
import { Money } from '../../../shared/domain/money.js';
import type { MoneyData } from '../domain/books.js';
import type { Difference, DifferenceKind } from '../domain/difference.js';

const says: Readonly<Record<DifferenceKind, (difference: Difference) => string>> = {
  unknown_at_stripe: ({ source, ledger }) =>
    `Our log has ${show(ledger)} for ${source}; Stripe does not know it.`,
  missing_here: ({ stripe, booked, payment }) =>
    `Stripe has booked ${show(booked)} (${stripe}) under ${payment}; our log has no such thing.`,
  amount_differs: ({ stripe, ledger, booked }) =>
    `Stripe has booked ${show(booked)} (${stripe}) where our log has ${show(ledger)}.`,
  currency_differs: ({ stripe, ledger, booked }) =>
    `Stripe has booked ${show(booked)} (${stripe}) where our log has ${show(ledger)}.`,
  fee_differs: ({ stripe, ledger, booked }) =>
    `Stripe kept ${show(booked)} of ${stripe}; we have recorded ${show(ledger)}.`,
  payout_differs: ({ stripe, ledger, booked }) =>
    `Payout ${stripe} is ${show(booked)}; what Stripe says is in it adds up to ${show(ledger)}.`,
  made_elsewhere: ({ stripe, booked }) => `Stripe has booked ${show(booked)} (${stripe}), which is not ours.`,
  not_booked_yet: ({ source, ledger }) => `Stripe has not booked ${show(ledger)} of ${source} yet.`,
  booked_in_another_period: ({ stripe, booked }) =>
    `${show(booked)} (${stripe}) is dated on two sides of the period’s edge.`,
};

/** A difference as a sentence for people, with the numbers. */
export function inWords(difference: Difference): string {
  return says[difference.kind](difference);
}

function show(money: MoneyData | null): string {
  if (!money) return 'nothing';
  const { amount: minor, currency } = money;
  return Currency.is(currency) ? Money.format({ minor, currency }) : `${minor} ${currency.toUpperCase()}`;
}
