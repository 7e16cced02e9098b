import { refused } from '../api/errors.js';
import type { Row } from '../engine/table.js';
import type { Cause, World } from '../engine/world.js';
import type { Charge, ChargeNote } from '../objects/charge.js';
import { type CaseType, type Dispute, type DisputeReason, newDispute } from '../objects/dispute.js';
import { emit } from '../webhooks/emit.js';
import { shown } from './currencies.js';
import { changeDispute, type DisputeRow, disputesOf, isOpen, withdrawn } from './dispute-outcome.js';
import { settleWarnings } from './fraud-warnings.js';
import { failRefund } from './refunding.js';
import { cardNamed } from './test-cards.js';

const dayMs = 86_400_000;
const daysToAnswer = 14;
const daysOfInquiry = 120;

export type DisputeTerms = Readonly<{
  amount?: number | undefined;
  reason: DisputeReason;
  caseType: CaseType;
}>;

/** The cardholder does not want to have paid. Of what was refunded before, the bank asks nothing by itself. */
export function openDispute(
  world: World,
  cause: Cause,
  charge: Row<Charge, ChargeNote>,
  { amount, reason, caseType }: DisputeTerms,
): Dispute {
  const { id: chargeId, currency, payment_intent } = charge.object;
  const disputed = disputable(world, charge, amount);
  const { books, ids, clock, jobs } = world;
  const id = ids.next('dispute');
  const asked = newDispute({
    id,
    amount: disputed,
    brand: cardNamed(charge.note.testCard)?.brand ?? 'visa',
    caseType,
    charge: chargeId,
    created: clock.seconds,
    currency,
    dueBy: deadline(world),
    payment_intent,
    reason,
  });
  const takes = caseType === 'chargeback' || caseType === 'resolution';
  const dispute = takes ? withdrawn(world, cause.account, asked, caseType === 'chargeback') : asked;
  books.disputes.add(cause.account, id, dispute, null);
  books.charges.replace(charge, { ...charge.object, disputed: true });
  emit(world, cause, 'charge.dispute.created', dispute);
  if (takes) taken(world, cause, dispute);
  if (caseType === 'inquiry')
    jobs.schedule('close_inquiry', cause.account, id, clock.now + daysOfInquiry * dayMs);
  if (isOpen(dispute)) jobs.schedule('miss_deadline', cause.account, id, deadline(world) * 1000);
  settleWarnings(world, cause, chargeId);
  return dispute;
}

function disputable(
  world: World,
  { account, object }: Row<Charge, ChargeNote>,
  asked: number | undefined,
): number {
  const { id, amount, amount_refunded, currency, paid } = object;
  if (!paid) throw refused(`Charge ${id} has not been paid.`);
  const before = disputesOf(world, account, object).reduce(
    (sum, { object: { amount: part } }) => sum + part,
    0,
  );
  const disputed = asked ?? amount - amount_refunded - before;
  if (disputed >= 1 && disputed + before <= amount) return disputed;
  throw refused(`Of charge ${id}, ${shown(Math.max(amount - before, 0), currency)} can be disputed.`);
}

/** The last second of the day by which the merchant has to answer. */
function deadline({ clock }: World): number {
  return (Math.floor(clock.now / dayMs) + daysToAnswer + 1) * (dayMs / 1000) - 1;
}

/** What the bank has taken cannot be on its way back as well. */
function taken(world: World, cause: Cause, dispute: Dispute): void {
  emit(world, cause, 'charge.dispute.funds_withdrawn', dispute);
  if (world.books.charges.get(cause.account, dispute.charge)?.object.amount_refunded === 0) return;
  for (const { id, object } of [...world.books.refunds.walk(cause.account, undefined, 1)]) {
    if (object.charge !== dispute.charge || object.status !== 'pending') continue;
    failRefund(world, cause, id, 'charge_for_pending_refund_disputed');
  }
}

/** The bank was not content with asking. @throws ApiError where there is no inquiry to go on from */
export function escalate(world: World, cause: Cause, row: DisputeRow): DisputeRow {
  const { status } = row.object;
  if (status !== 'warning_needs_response' && status !== 'warning_under_review') {
    throw refused(`Only an open inquiry can become a chargeback; this dispute is ${status}.`);
  }
  const { evidence_details, balance_transactions } = withdrawn(world, cause.account, row.object, true);
  const due_by = deadline(world);
  const escalated = changeDispute(world, cause, row, {
    balance_transactions,
    evidence_details: {
      ...evidence_details,
      due_by,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    is_charge_refundable: false,
    payment_method_details: withCaseType(row.object, 'chargeback'),
    status: 'needs_response',
  });
  world.jobs.schedule('miss_deadline', cause.account, row.id, due_by * 1000);
  taken(world, cause, escalated.object);
  return escalated;
}

/**
 * It is settled before it comes to a dispute: the cardholder gets the money at once, and nobody a fee.
 * @throws ApiError where it has come to one already
 */
export function prevent(world: World, cause: Cause, row: DisputeRow): DisputeRow {
  const { status } = row.object;
  if (status !== 'warning_needs_response' && status !== 'warning_under_review') {
    throw refused(`Only what has not come to a dispute can be prevented; this one is ${status}.`);
  }
  const { balance_transactions } = withdrawn(world, cause.account, row.object, false);
  const prevented = changeDispute(
    world,
    cause,
    row,
    {
      balance_transactions,
      is_charge_refundable: false,
      payment_method_details: withCaseType(row.object, 'resolution'),
      status: 'prevented',
    },
    'charge.dispute.closed',
  );
  taken(world, cause, prevented.object);
  return prevented;
}

function withCaseType({ payment_method_details: { card } }: Dispute, case_type: CaseType) {
  return { card: { ...card, case_type }, type: 'card' as const };
}
