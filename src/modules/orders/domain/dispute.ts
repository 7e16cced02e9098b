import type { PaymentId } from '../../../shared/domain/ids.js';
import type { DisputeDecision, DisputeStatus, OrderEvent } from './order.events.js';

/** What the order knows of one dispute: where it stands, and what it took. Amounts in minor units. */
export type Dispute = Readonly<{
  payment: PaymentId;
  status: DisputeStatus;
  /** Money out, less reinstated. */
  withdrawn: number;
  /** Written off because it was lost, less what was written back. */
  writtenOff: number;
  /** Null until somebody decided about what it took. */
  decision: DisputeDecision | null;
}>;

export type DisputeEvent = Extract<
  OrderEvent,
  { type: 'DisputeRecorded' | 'DisputeFundsWithdrawn' | 'DisputeFundsReinstated' | 'LostDisputeDecided' }
>;

/** How pressing each state is; `prevented` and `closed` ask nothing of anybody. */
const pressing = ['open', 'lost', 'inquiry', 'won'] as const;
export type OrderDisputeStatus = 'none' | (typeof pressing)[number];

/** Total: money that moves out, or another verdict, opens the question anew. */
export function evolveDispute(known: Dispute | undefined, event: DisputeEvent): Dispute | undefined {
  if (event.type === 'DisputeRecorded') {
    const { payment, status } = event.data;
    if (!known) return { payment, status, withdrawn: 0, writtenOff: 0, decision: null };
    return { ...known, status, decision: status === known.status ? known.decision : null };
  }
  return known && evolveKnown(known, event);
}

function evolveKnown(known: Dispute, event: Exclude<DisputeEvent, { type: 'DisputeRecorded' }>): Dispute {
  const { withdrawn, writtenOff } = known;
  switch (event.type) {
    case 'DisputeFundsWithdrawn':
      return { ...known, withdrawn: withdrawn + event.data.amount, decision: null };
    case 'DisputeFundsReinstated': {
      const { amount, written_back } = event.data;
      return { ...known, withdrawn: withdrawn - amount, writtenOff: writtenOff - written_back };
    }
    case 'LostDisputeDecided': {
      const { decision, written_off } = event.data;
      return { ...known, decision, writtenOff: writtenOff + written_off };
    }
  }
}

/** What disputes hold and nobody has decided about. */
export function contestedBy(disputes: Iterable<Dispute>): number {
  return [...disputes].reduce((sum, { decision, withdrawn }) => sum + (decision ? 0 : withdrawn), 0);
}

/** Whether it may still move money of the order: it is open, or nobody has decided about what it took. */
export function isUndecided({ status, decision, withdrawn }: Dispute): boolean {
  return status === 'open' || (decision === null && (status === 'lost' || withdrawn > 0));
}

/** The most pressing of an order's disputes. */
export function disputeStatusOf(disputes: Iterable<Dispute>): OrderDisputeStatus {
  const found = new Set([...disputes].map(({ status }) => status));
  return pressing.find((status) => found.has(status)) ?? 'none';
}
