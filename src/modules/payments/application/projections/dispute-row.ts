import type { Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import type { DisputeEvent, DisputeOutcome } from '../../domain/payment.events.js';
import { paymentIdOf } from '../payment-stream.js';

/** A dispute as clients see it. */
export type DisputeRow = Readonly<{
  id: string;
  object: 'dispute';
  payment: string;
  order: string;
  store: string;
  livemode: boolean;
  amount: number;
  currency: string;
  /** What it has taken at this moment. */
  amount_withdrawn: number;
  status: 'inquiry' | 'open' | DisputeOutcome;
  /** Stripe's word for what the cardholder says. */
  reason: string;
  evidence_due_by: string | null;
  stripe: Readonly<{ dispute: string; charge: string }>;
  created_at: string;
  revision: number;
  metadata: Readonly<Record<string, string>>;
  listed: boolean;
}>;

export function disputeRow(row: DisputeRow | undefined, event: Told<DisputeEvent>): DisputeRow | null {
  if (event.type === 'DisputeOpened') return opened(event);
  return row ? { ...row, ...change(event), revision: row.revision + 1 } : null;
}

function change(event: Exclude<Told<DisputeEvent>, { type: 'DisputeOpened' }>): Partial<DisputeRow> {
  switch (event.type) {
    case 'DisputeEscalated':
      return { status: 'open', evidence_due_by: event.data.due_by };
    case 'FundsWithdrawn':
      return { amount_withdrawn: event.data.amount };
    case 'FundsReinstated':
      return { amount_withdrawn: 0 };
    case 'DisputeClosed':
      return { status: event.data.outcome };
    default:
      return assertNever(event);
  }
}

function opened({ data, stream, at }: Extract<Told<DisputeEvent>, { type: 'DisputeOpened' }>): DisputeRow {
  const { order, store, livemode, amount, currency, reason } = data;
  return {
    id: data.dispute,
    object: 'dispute',
    payment: paymentIdOf(stream),
    ...{ order, store, livemode, amount, currency },
    amount_withdrawn: 0,
    status: data.inquiry ? 'inquiry' : 'open',
    reason,
    evidence_due_by: data.due_by,
    stripe: { dispute: data.stripe_dispute, charge: data.charge },
    created_at: at,
    revision: 1,
    metadata: {},
    listed: true,
  };
}
