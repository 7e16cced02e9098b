import { byTime, type World } from '../engine/world.js';
import { newPayout } from '../objects/payout.js';
import { emit } from '../webhooks/emit.js';
import { enter } from './settlement.js';

const dayMs = 86_400_000;

/** Money that has waited long enough can be paid out, the following midnight. */
export function makeAvailable(world: World, account: string, id: string): void {
  const { books, clock, jobs } = world;
  const row = books.balanceTransactions.get(account, id);
  if (row?.object.status !== 'pending') return;
  books.balanceTransactions.replace(row, { ...row.object, status: 'available' });
  const midnight = (Math.floor(clock.now / dayMs) + 1) * dayMs;
  const planned = [...books.jobs.walk(account, undefined, -1)].some(
    ({ object }) => object.kind === 'pay_out' && object.subject === row.object.currency,
  );
  if (!planned) jobs.schedule('pay_out', account, row.object.currency, midnight);
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
  if (!row) return;
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
