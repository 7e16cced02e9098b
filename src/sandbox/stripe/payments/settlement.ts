import { byTime, type Cause, type World } from '../engine/world.js';
import { type BalanceTransaction, newBalanceTransaction } from '../objects/balance-transaction.js';
import type { Charge } from '../objects/charge.js';
import type { PaymentIntent } from '../objects/payment-intent.js';
import { emit } from '../webhooks/emit.js';

const feePerMille = 29;
const fixedFee = 30;
const availableAfterSeconds = 2 * 86_400;

/**
 * Books what a charge brought in. With asynchronous capture, the default, that is known a little later: until
 * then the charge has no balance transaction.
 */
export function settle(
  world: World,
  cause: Cause,
  charge: Charge,
  capture: PaymentIntent['capture_method'],
): Charge {
  if (capture === 'automatic') return book(world, cause.account, charge);
  const { jobs, clock, settings } = world;
  jobs.schedule('settle_charge', cause.account, charge.id, clock.now + settings.captureDelayMs);
  return charge;
}

/** The job behind asynchronous capture. */
export function settleLater(world: World, account: string, id: string): void {
  const row = world.books.charges.get(account, id);
  if (!row || row.object.balance_transaction) return;
  const booked = book(world, account, row.object);
  emit(world, byTime(account), 'charge.updated', booked, { balance_transaction: null });
}

function book(world: World, account: string, charge: Charge): Charge {
  const fee = Math.min(charge.amount, Math.round((charge.amount * feePerMille) / 1000) + fixedFee);
  const { amount, currency, description, id: source } = charge;
  const entry = { amount, currency, description, fee, source };
  const transaction = enter(world, account, { ...entry, type: 'charge', reporting_category: 'charge' });
  const row = world.books.charges.get(account, charge.id);
  const booked = { ...charge, balance_transaction: transaction.id };
  if (row) world.books.charges.replace(row, booked);
  return booked;
}

type Entry = Pick<
  BalanceTransaction,
  'amount' | 'currency' | 'description' | 'fee' | 'reporting_category' | 'source' | 'type'
>;

/** A line in the account's balance: pending at first, except for what leaves it. */
export function enter(world: World, account: string, entry: Entry): BalanceTransaction {
  const { books, ids, clock, jobs } = world;
  const waits = entry.type === 'charge';
  const id = ids.next('balance_transaction');
  const available_on = clock.seconds + (waits ? availableAfterSeconds : 0);
  const transaction = newBalanceTransaction({
    ...entry,
    id,
    available_on,
    created: clock.seconds,
    status: waits ? 'pending' : 'available',
  });
  books.balanceTransactions.add(account, id, transaction, { payout: null });
  if (waits) jobs.schedule('make_available', account, id, available_on * 1000);
  else if (entry.type !== 'payout') planPayout(world, account, entry.currency);
  return transaction;
}

const dayMs = 86_400_000;

/** What is available goes to the bank the following midnight. */
export function planPayout({ clock, jobs }: World, account: string, currency: string): void {
  jobs.scheduleOnce('pay_out', account, currency, (Math.floor(clock.now / dayMs) + 1) * dayMs);
}
