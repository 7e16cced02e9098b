import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import type { Charge } from '../objects/charge.js';
import { type Dispute, type DisputeStatus, refundableIn } from '../objects/dispute.js';
import { emit } from '../webhooks/emit.js';
import { disputeFee } from './currencies.js';
import { enter } from './settlement.js';

export type DisputeRow = Row<Dispute, null>;

export function disputesOf({ books }: World, account: string, { disputed, id }: Charge): DisputeRow[] {
  if (!disputed) return [];
  return [...books.disputes.walk(account, undefined, 1)].filter(({ object }) => object.charge === id);
}

/** Keeps the change and tells of it. */
export function changeDispute(
  world: World,
  cause: Cause,
  row: DisputeRow,
  changes: Partial<Dispute>,
  event: 'charge.dispute.updated' | 'charge.dispute.closed' = 'charge.dispute.updated',
): DisputeRow {
  const after = { ...row.object, ...changes };
  const before = Object.keys(changes).map((key) => [key, row.object[key as keyof Dispute]]);
  const changed = world.books.disputes.replace(row, after);
  emit(world, cause, event, after, Object.fromEntries(before));
  return changed;
}

/** The bank takes what was paid, and Stripe its fee, until it is decided whose the money is. */
export function withdrawn(world: World, account: string, dispute: Dispute, fee: boolean): Dispute {
  const { amount, charge, currency, id } = dispute;
  const line = enter(world, account, {
    amount: -amount,
    currency,
    description: `Chargeback withdrawal for ${charge}`,
    fee: fee ? disputeFee(currency) : 0,
    source: id,
    type: 'adjustment',
    reporting_category: 'dispute',
  });
  return { ...dispute, balance_transactions: [...dispute.balance_transactions, line] };
}

const open: ReadonlySet<DisputeStatus> = new Set([
  'warning_needs_response',
  'warning_under_review',
  'needs_response',
  'under_review',
]);

export function isOpen({ status }: Dispute): boolean {
  return open.has(status);
}

/**
 * The bank has decided. An inquiry is only closed, whoever was right: nothing had been taken. What is won is paid
 * back, but not the fee.
 */
export function conclude(world: World, cause: Cause, row: DisputeRow, verdict: 'won' | 'lost'): DisputeRow {
  const { object } = row;
  if (!isOpen(object)) return row;
  const status = object.status.startsWith('warning_') ? 'warning_closed' : verdict;
  const returned = status === 'won' ? reinstated(world, cause.account, object) : undefined;
  const closed = changeDispute(
    world,
    cause,
    row,
    {
      is_charge_refundable: refundableIn(status),
      status,
      ...(returned && { balance_transactions: returned.balance_transactions }),
    },
    'charge.dispute.closed',
  );
  if (returned) emit(world, cause, 'charge.dispute.funds_reinstated', closed.object);
  return closed;
}

function reinstated(world: World, account: string, dispute: Dispute): Dispute {
  const { amount, charge, currency, id } = dispute;
  const line = enter(world, account, {
    amount,
    currency,
    description: `Chargeback reversal for ${charge}`,
    fee: 0,
    source: id,
    type: 'adjustment',
    reporting_category: 'dispute_reversal',
  });
  return { ...dispute, balance_transactions: [...dispute.balance_transactions, line] };
}

/** Whoever has all their money back has nothing to ask any more. */
export function closeInquiries(world: World, cause: Cause, charge: Charge): void {
  if (!charge.refunded) return;
  for (const row of disputesOf(world, cause.account, charge)) {
    if (row.object.status.startsWith('warning_')) conclude(world, cause, row, 'won');
  }
}
