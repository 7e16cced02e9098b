import { invalid, refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import { byTime, type Cause, type World } from '../engine/world.js';
import type { Charge, ChargeNote } from '../objects/charge.js';
import { newRefund, type Refund } from '../objects/refund.js';
import type { Metadata } from '../objects/shared.js';
import { emit } from '../webhooks/emit.js';
import { refundFateOf } from './attempt.js';
import { shown, stepOf } from './currencies.js';
import { enter } from './settlement.js';

export type RefundTerms = Readonly<{
  amount: number | undefined;
  reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
  metadata: Metadata;
}>;

/** @throws ApiError where there is not so much left to give back */
export function refundCharge(
  world: World,
  cause: Cause,
  charge: Row<Charge, ChargeNote>,
  terms: RefundTerms,
): Refund {
  const amount = refundable(charge, terms.amount);
  const { books, ids, clock, jobs, settings } = world;
  const fate = refundFateOf(charge.note.testCard);
  const id = ids.next('refund');
  const { currency, payment_intent } = charge.object;
  const made = newRefund({
    id,
    amount,
    charge: charge.id,
    created: clock.seconds,
    currency,
    metadata: terms.metadata,
    payment_intent,
    reason: terms.reason,
    status: fate === 'pending' ? 'pending' : 'succeeded',
  });
  const refund = { ...made, balance_transaction: take(world, cause.account, made) };
  books.refunds.add(cause.account, id, refund, null);
  const after = changeRefunded(world, charge, amount);
  emit(world, cause, 'refund.created', refund);
  emit(world, cause, 'charge.refunded', after, { amount_refunded: charge.object.amount_refunded });
  const at = clock.now + settings.refundDelayMs;
  if (fate === 'pending') jobs.schedule('finish_refund', cause.account, id, at);
  if (fate === 'fails_later') jobs.schedule('fail_refund', cause.account, id, at);
  return refund;
}

function refundable({ object: charge }: Row<Charge, ChargeNote>, asked: number | undefined): number {
  if (!charge.captured) throw refused(`Charge ${charge.id} has not been captured.`, 'charge_not_captured');
  if (charge.disputed)
    throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, 'charge_disputed');
  const left = charge.amount - charge.amount_refunded;
  if (left <= 0) throw refused(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded');
  const amount = asked ?? left;
  if (amount < 1) throw invalid('Invalid positive integer', 'amount', 'parameter_invalid_integer');
  const step = stepOf(charge.currency);
  if (amount % step !== 0) {
    throw invalid(
      `Invalid amount: must be a multiple of ${step} in ${charge.currency}.`,
      'amount',
      'invalid_charge_amount',
    );
  }
  if (amount > left) {
    const { currency } = charge;
    throw refused(
      `Refund amount (${shown(amount, currency)}) is greater than unrefunded amount on charge (${shown(left, currency)})`,
      undefined,
      { param: 'amount' },
    );
  }
  return amount;
}

function take(world: World, account: string, { amount, currency, id }: Refund): string {
  const entry = { amount: -amount, currency, description: 'REFUND FOR CHARGE', fee: 0, source: id };
  return enter(world, account, { ...entry, type: 'refund' }).id;
}

function changeRefunded(world: World, charge: Row<Charge, ChargeNote>, by: number): Charge {
  const amount_refunded = charge.object.amount_refunded + by;
  const after = { ...charge.object, amount_refunded, refunded: amount_refunded === charge.object.amount };
  world.books.charges.replace(charge, after);
  return after;
}

/** The job of refunds that take a while. */
export function finishRefund(world: World, account: string, id: string): void {
  const row = world.books.refunds.get(account, id);
  if (row?.object.status !== 'pending') return;
  const { pending_reason: _, ...rest } = row.object;
  const after: Refund = { ...rest, status: 'succeeded' };
  world.books.refunds.replace(row, after);
  tellUpdated(world, account, after, { status: 'pending' });
}

/** The job of refunds that the bank sends back: the money is the merchant's again. */
export function failRefund(world: World, account: string, id: string): void {
  const { books } = world;
  const row = books.refunds.get(account, id);
  const charge = row && books.charges.get(account, row.object.charge);
  if (!row || !charge) return;
  const { amount, currency, status } = row.object;
  const entry = {
    amount,
    currency,
    description: 'REFUND FAILURE',
    fee: 0,
    source: id,
    type: 'refund_failure',
  } as const;
  const failure_balance_transaction = enter(world, account, entry).id;
  const failed = {
    failure_balance_transaction,
    failure_reason: 'expired_or_canceled_card',
    status: 'failed',
  } as const;
  const after: Refund = { ...row.object, ...failed };
  books.refunds.replace(row, after);
  changeRefunded(world, charge, -amount);
  emit(world, byTime(account), 'refund.failed', after);
  tellUpdated(world, account, after, { status });
}

function tellUpdated(world: World, account: string, refund: Refund, previous: object): void {
  emit(world, byTime(account), 'refund.updated', refund, previous);
  emit(world, byTime(account), 'charge.refund.updated', refund, previous);
}
