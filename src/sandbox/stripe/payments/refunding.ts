import { invalid, refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import { byTime, type Cause, type World } from '../engine/world.js';
import type { Charge, ChargeNote } from '../objects/charge.js';
import {
  newRefund,
  type Refund,
  type RefundFailure,
  type RefundNote,
  referredBy,
} from '../objects/refund.js';
import type { Metadata } from '../objects/shared.js';
import { emit } from '../webhooks/emit.js';
import { refundFateOf } from './attempt.js';
import { shown, stepOf } from './currencies.js';
import { closeInquiries, disputesOf } from './dispute-outcome.js';
import { settleWarnings } from './fraud-warnings.js';
import { enter } from './settlement.js';

type RefundRow = Row<Refund, RefundNote>;

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
  checkUndisputed(world, charge);
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
  emit(world, cause, 'charge.refunded', after, whatChanged(charge.object, after));
  closeInquiries(world, cause, after);
  if (after.refunded) settleWarnings(world, cause, charge.id);
  jobs.schedule(nextFor[fate], cause.account, id, clock.now + settings.refundDelayMs);
  return refund;
}

const nextFor = { succeeds: 'refer_refund', pending: 'finish_refund', fails_later: 'fail_refund' } as const;

function whatChanged(before: Charge, after: Charge): Partial<Charge> {
  const { amount_refunded, refunded } = before;
  return { amount_refunded, ...(refunded !== after.refunded && { refunded }) };
}

function checkUndisputed(world: World, { account, id, object: charge }: Row<Charge, ChargeNote>): void {
  const held = disputesOf(world, account, charge).some(({ object }) => !object.is_charge_refundable);
  if (held) throw refused(`Charge ${id} has been charged back; cannot issue a refund.`, 'charge_disputed');
}

function refundable({ object: charge }: Row<Charge, ChargeNote>, asked: number | undefined): number {
  if (!charge.captured) throw refused(`Charge ${charge.id} has not been captured.`, 'charge_not_captured');
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
  return enter(world, account, { ...entry, type: 'refund', reporting_category: 'refund' }).id;
}

function changeRefunded(world: World, charge: Row<Charge, ChargeNote>, by: number): Charge {
  const amount_refunded = charge.object.amount_refunded + by;
  const after = { ...charge.object, amount_refunded, refunded: amount_refunded === charge.object.amount };
  world.books.charges.replace(charge, after);
  return after;
}

/** The job of refunds that take a while. Whether it was not too late. */
export function finishRefund(world: World, cause: Cause, id: string): boolean {
  const row = world.books.refunds.get(cause.account, id);
  if (row?.object.status !== 'pending') return false;
  const { pending_reason, ...rest } = row.object;
  const after: Refund = { ...rest, status: 'succeeded', destination_details: newReference(world) };
  change(world, cause, row, after, { pending_reason, status: 'pending' });
  return true;
}

/** The job of refunds that went well: nothing changes but that the bank has a number for it now. */
export function referRefund(world: World, account: string, id: string): void {
  const row = world.books.refunds.get(account, id);
  if (row?.object.status !== 'succeeded') return;
  const { destination_details } = row.object;
  const after: Refund = { ...row.object, destination_details: newReference(world) };
  change(world, byTime(account), row, after, { destination_details });
}

function newReference({ ids }: World): Refund['destination_details'] {
  return referredBy({ reference: ids.text(23).toUpperCase(), reference_status: 'available' });
}

/**
 * The bank sends the money back, even days after it had taken it: it is the merchant's again.
 * Whether there was anything to send back.
 */
export function failRefund(
  world: World,
  cause: Cause,
  id: string,
  reason: RefundFailure = 'expired_or_canceled_card',
): boolean {
  const row = world.books.refunds.get(cause.account, id);
  if (row?.object.status !== 'pending' && row?.object.status !== 'succeeded') return false;
  giveBack(world, cause, row, 'failed', reason);
  return true;
}

/** The merchant thinks better of it, in Stripe's dashboard. Whether it was not too late. */
export function cancelRefund(world: World, cause: Cause, id: string): boolean {
  const row = world.books.refunds.get(cause.account, id);
  if (row?.object.status !== 'pending') return false;
  giveBack(world, cause, row, 'canceled', 'merchant_request');
  return true;
}

function giveBack(
  world: World,
  cause: Cause,
  row: RefundRow,
  status: 'failed' | 'canceled',
  reason: RefundFailure,
): void {
  const { pending_reason, ...rest } = row.object;
  const { amount, currency, id, charge: chargeId } = rest;
  const entry = { amount, currency, description: 'REFUND FAILURE', fee: 0, source: id };
  const returned = enter(world, cause.account, {
    ...entry,
    type: 'refund_failure',
    reporting_category: 'refund_failure',
  });
  const after: Refund = {
    ...rest,
    failure_balance_transaction: returned.id,
    failure_reason: reason,
    status,
  };
  const charge = world.books.charges.get(cause.account, chargeId);
  if (charge) changeRefunded(world, charge, -amount);
  const before = { status: row.object.status, ...(pending_reason && { pending_reason }) };
  if (status === 'failed') emit(world, cause, 'refund.failed', after);
  change(world, cause, row, after, before);
}

function change(world: World, cause: Cause, row: RefundRow, after: Refund, previous: object): void {
  world.books.refunds.replace(row, after);
  emit(world, cause, 'refund.updated', after, previous);
  emit(world, cause, 'charge.refund.updated', after, previous);
}
