import { refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import { byTime, type Cause, type World } from '../engine/world.js';
import { newPayout, type Payout } from '../objects/payout.js';
import { emit } from '../webhooks/emit.js';
import { enter, planPayout } from './settlement.js';

const dayMs = 86_400_000;

/** Money that has waited long enough can be paid out. */
export function makeAvailable(world: World, account: string, id: string): void {
  const { books } = world;
  const row = books.balanceTransactions.get(account, id);
  if (row?.object.status !== 'pending') return;
  books.balanceTransactions.replace(row, { ...row.object, status: 'available' });
  planPayout(world, account, row.object.currency);
}

/** Sends all that is available in one currency to the bank; nothing where refunds have eaten it up. */
export function payOut(world: World, account: string, currency: string): void {
  const { books, ids, clock, jobs } = world;
  const due = [...books.balanceTransactions.walk(account, undefined, 1)].filter(
    ({ object, note }) =>
      object.currency === currency && object.status === 'available' && note.payout === null,
  );
  const amount = due.reduce((sum, { object }) => sum + object.net, 0);
  if (amount <= 0) return;
  const id = ids.next('payout');
  const description = 'STRIPE PAYOUT';
  const transaction = enter(world, account, {
    amount: -amount,
    currency,
    description,
    fee: 0,
    source: id,
    type: 'payout',
    reporting_category: 'payout',
  });
  const arrives = clock.now + dayMs;
  const payout = newPayout({
    id,
    amount,
    arrival_date: Math.floor(arrives / 1000),
    balance_transaction: transaction.id,
    created: clock.seconds,
    currency,
    destination: bankOf(account),
  });
  books.payouts.add(account, id, payout, null);
  for (const row of due) books.balanceTransactions.replace(row, row.object, { payout: id });
  const own = books.balanceTransactions.get(account, transaction.id);
  if (own) books.balanceTransactions.replace(own, own.object, { payout: id });
  emit(world, byTime(account), 'payout.created', payout);
  jobs.schedule('finish_payout', account, id, arrives);
}

export function finishPayout(world: World, account: string, id: string): void {
  const row = world.books.payouts.get(account, id);
  if (row?.object.status !== 'in_transit') return;
  const paid = {
    ...row.object,
    status: 'paid' as const,
    reconciliation_status: 'completed' as const,
    trace_id: { status: 'supported', value: id.slice(-12).toUpperCase() },
  };
  world.books.payouts.replace(row, paid);
  emit(world, byTime(account), 'payout.paid', paid, { status: row.object.status });
  emit(world, byTime(account), 'payout.reconciliation_completed', paid);
}

/** The bank of an account; nothing else is known of it. */
function bankOf(account: string): string {
  return account.replace(/^acct_/, 'ba_');
}

/**
 * The merchant's bank sends the money back, even after it had arrived: the next payout takes it along.
 * @throws ApiError where it was sent back before
 */
export function failPayout(world: World, cause: Cause, row: Row<Payout, null>): Payout {
  const { amount, currency, id, status } = row.object;
  if (status === 'failed') throw refused(`Payout ${id} has already failed.`);
  const returned = enter(world, cause.account, {
    amount,
    currency,
    description: 'PAYOUT FAILURE',
    fee: 0,
    source: id,
    type: 'payout_failure',
    reporting_category: 'payout_reversal',
  });
  const failed: Payout = {
    ...row.object,
    failure_balance_transaction: returned.id,
    failure_code: 'account_closed',
    failure_message: 'The bank account has been closed.',
    status: 'failed',
  };
  world.books.payouts.replace(row, failed);
  emit(world, cause, 'payout.failed', failed, { status });
  return failed;
}
