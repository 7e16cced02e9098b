import { byTime, type World } from '../engine/world.js';
import { conclude } from './dispute-outcome.js';
import { escalate, openDispute } from './disputing.js';
import { submit } from './evidence.js';
import { cardNamed } from './test-cards.js';

/** The job of test cards whose holders complain. */
export function disputeCharge(world: World, account: string, id: string): void {
  const charge = world.books.charges.get(account, id);
  const aftermath = charge && cardNamed(charge.note.testCard)?.aftermath;
  if (aftermath?.kind !== 'dispute' || charge?.object.refunded) return;
  const { reason, caseType, shares = [1] } = aftermath;
  for (const share of shares) {
    const now = world.books.charges.get(account, id);
    const amount = Math.floor((charge?.object.amount ?? 0) * share);
    if (now) openDispute(world, byTime(account), now, { amount, reason, caseType });
  }
}

/** The job of the last second. What lies ready is sent in by itself; who has nothing to say has lost. */
export function missDeadline(world: World, account: string, id: string): void {
  const row = world.books.disputes.get(account, id);
  if (row?.object.status !== 'needs_response') return;
  const { due_by, has_evidence } = row.object.evidence_details;
  if (due_by === null || due_by > world.clock.seconds) return;
  if (has_evidence) submit(world, byTime(account), row);
  else conclude(world, byTime(account), row, 'lost');
}

/** The job of inquiries that nobody heard of again. */
export function closeInquiry(world: World, account: string, id: string): void {
  const row = world.books.disputes.get(account, id);
  if (row?.object.status.startsWith('warning_')) conclude(world, byTime(account), row, 'won');
}

/** The job of banks that have read the evidence. They decide as Stripe's test banks do; other words leave it to people. */
export function decideDispute(world: World, account: string, id: string): void {
  const row = world.books.disputes.get(account, id);
  if (row?.object.status !== 'under_review' && row?.object.status !== 'warning_under_review') return;
  const cause = byTime(account);
  switch (row.object.evidence.uncategorized_text) {
    case 'winning_evidence':
      conclude(world, cause, row, 'won');
      return;
    case 'losing_evidence':
      conclude(world, cause, row, 'lost');
      return;
    case 'escalate_inquiry_evidence':
      if (row.object.status === 'warning_under_review') escalate(world, cause, row);
  }
}
