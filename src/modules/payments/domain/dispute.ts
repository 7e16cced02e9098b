import { assertNever } from '../../../shared/domain/assert-never.js';
import type { DisputeId } from '../../../shared/domain/ids.js';
import type { DisputeEvent, DisputeOutcome, MoneyData, Whose } from './payment.events.js';

/** A chargeback, or the bank's question before one. The verdict and the money are told apart: either may come first. */
export type Dispute = Readonly<{
  status: 'inquiry' | 'open' | DisputeOutcome;
  stripeDispute: string;
  amount: number;
  currency: string;
  /** What it has taken from us at this moment, in minor units of the payment. */
  withdrawn: number;
  /** How often its funds have moved, out and back again, as far as our log knows. */
  fundsMoved: number;
}>;

/** What of a payment its disputes depend on. */
export type Disputable = Readonly<{
  asked: Whose;
  captured: MoneyData | null;
  disputes: ReadonlyMap<DisputeId, Dispute>;
}>;

/** A dispute as Stripe shows it. */
export type DisputeFact = Readonly<{
  stripeDispute: string;
  status: Dispute['status'];
  charge: string;
  amount: number;
  currency: string;
  reason: string;
  /** RFC 3339: until when evidence is taken; null where none is. */
  dueBy: string | null;
  /** How often its funds have moved between us and the bank so far; at an odd number the bank has them. */
  fundsMoved: number;
}>;

/** What Stripe says of a dispute now; what is new in it is recorded. */
export type DisputeCommand = { type: 'RecordDispute'; dispute: DisputeId; fact: DisputeFact };

/** A fact is never refused. */
export function decideDispute(
  { dispute, fact }: DisputeCommand,
  payment: Disputable,
): readonly DisputeEvent[] {
  if (!payment.captured) return [];
  const known = payment.disputes.get(dispute);
  const events: DisputeEvent[] = known ? [] : [opened(dispute, fact, payment)];
  if (known && isQuestion(known.status) && !isQuestion(fact.status)) {
    events.push({ type: 'DisputeEscalated', data: { dispute, due_by: fact.dueBy } });
  }
  events.push(...fundsOf(dispute, fact, known));
  if (isVerdict(fact.status) && fact.status !== known?.status) {
    events.push({ type: 'DisputeClosed', data: { dispute, outcome: fact.status } });
  }
  return events;
}

/** Every movement that is new, also where it was undone before we heard of it: Stripe has booked both. */
function fundsOf(dispute: DisputeId, fact: DisputeFact, known: Dispute | undefined): DisputeEvent[] {
  const { fundsMoved: before, withdrawn } = known ?? { fundsMoved: 0, withdrawn: 0 };
  // Logs of before moves were counted may have one too many; a dispute that is won and back keeps nothing.
  const isBackAtLast = fact.status === 'won' && fact.fundsMoved > 0 && fact.fundsMoved % 2 === 0;
  if (isBackAtLast && before > fact.fundsMoved && withdrawn > 0) {
    return [{ type: 'FundsReinstated', data: { dispute, amount: withdrawn } }];
  }
  const events: DisputeEvent[] = [];
  for (let moved = before; moved < fact.fundsMoved; moved++) {
    const isBack = moved % 2 === 1;
    const amount = isBack && moved === before ? withdrawn : fact.amount;
    events.push({ type: isBack ? 'FundsReinstated' : 'FundsWithdrawn', data: { dispute, amount } });
  }
  return events;
}

function opened(dispute: DisputeId, fact: DisputeFact, payment: Disputable): DisputeEvent {
  const { stripeDispute: stripe_dispute, charge, amount, currency, reason, dueBy: due_by } = fact;
  const { order, store, livemode } = payment.asked;
  const inquiry = isQuestion(fact.status);
  return {
    type: 'DisputeOpened',
    data: {
      dispute,
      order,
      store,
      livemode,
      stripe_dispute,
      charge,
      amount,
      currency,
      reason,
      inquiry,
      due_by,
    },
  };
}

/** The bank asks, and has taken nothing. */
function isQuestion(status: Dispute['status']): boolean {
  return status === 'inquiry' || status === 'inquiry_closed';
}

function isVerdict(status: Dispute['status']): status is DisputeOutcome {
  return status !== 'inquiry' && status !== 'open';
}

type Disputes = Disputable['disputes'];

/** Money that disputes hold at this moment. */
export function withdrawnBy(disputes: Disputes): number {
  let sum = 0;
  for (const { withdrawn } of disputes.values()) sum += withdrawn;
  return sum;
}

/** Stripe refunds no charge whose dispute is open or lost; an inquiry may be answered by a refund. */
export function standsAgainstRefunds(disputes: Disputes): boolean {
  return [...disputes.values()].some(({ status }) => status === 'open' || status === 'lost');
}

export function evolveDisputes(disputes: Disputes, event: DisputeEvent): Disputes {
  const { dispute } = event.data;
  const next = evolveDispute(disputes.get(dispute), event);
  return next ? new Map(disputes).set(dispute, next) : disputes;
}

function evolveDispute(known: Dispute | undefined, event: DisputeEvent): Dispute | undefined {
  switch (event.type) {
    case 'DisputeOpened': {
      const { stripe_dispute: stripeDispute, amount, currency, inquiry } = event.data;
      const funds = { withdrawn: 0, fundsMoved: 0 };
      return { status: inquiry ? 'inquiry' : 'open', stripeDispute, amount, currency, ...funds };
    }
    case 'DisputeEscalated':
      return known && { ...known, status: 'open' };
    case 'FundsWithdrawn':
      return known && { ...known, withdrawn: event.data.amount, fundsMoved: known.fundsMoved + 1 };
    case 'FundsReinstated':
      return known && { ...known, withdrawn: 0, fundsMoved: known.fundsMoved + 1 };
    case 'DisputeClosed':
      return known && { ...known, status: event.data.outcome };
    default:
      return assertNever(event);
  }
}
