import type { DisputeId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { keepsNothing } from './cancellation.js';
import type { Dispute } from './dispute.js';
import { mustBeOpen, ownMinor } from './order.checks.js';
import type { OrderCommand } from './order.commands.js';
import type { DisputeStatus, OrderEvent } from './order.events.js';
import { amountsOf, type ExistingOrder } from './order.state.js';

type Command<T extends OrderCommand['type']> = Extract<OrderCommand, { type: T }>;

/** How far a dispute has come. It never goes back; one verdict may take the place of another. */
const stages: Readonly<Record<DisputeStatus, number>> = {
  inquiry: 0,
  closed: 1,
  open: 2,
  prevented: 3,
  won: 3,
  lost: 3,
};

/** Records how the dispute differs from what is known of it. An account older than that changes nothing. */
export function applyDispute(order: ExistingOrder, command: Command<'ApplyDispute'>): readonly OrderEvent[] {
  const { dispute, payment, status } = command;
  const withdrawn = ownMinor(order, command.withdrawn);
  const known = order.disputes.get(dispute);
  if (known && stages[status] < stages[known.status]) return [];
  const recorded: OrderEvent[] =
    known?.status === status ? [] : [{ type: 'DisputeRecorded', data: { dispute, payment, status } }];
  return [...recorded, ...moved(order, { dispute, payment }, known ?? unknown, withdrawn)];
}

const unknown = { withdrawn: 0, writtenOff: 0 } as const;

function moved(
  order: ExistingOrder,
  about: Pick<Command<'ApplyDispute'>, 'dispute' | 'payment'>,
  known: Pick<Dispute, 'withdrawn' | 'writtenOff'>,
  withdrawn: number,
): readonly OrderEvent[] {
  const out = withdrawn - known.withdrawn;
  if (out > 0) return [{ type: 'DisputeFundsWithdrawn', data: { ...about, amount: out } }];
  if (out === 0) return [];
  // On an order that keeps nothing, money that comes back is excess: it has to go on to the customer.
  const written_back = keepsNothing(order) ? 0 : Math.min(-out, known.writtenOff);
  return [{ type: 'DisputeFundsReinstated', data: { ...about, amount: -out, written_back } }];
}

/**
 * What a lost dispute took is collected again, or written off: then nobody is asked for it any more.
 * @throws Refusal `payment_disputed` while it is not lost, `exception_resolved` where it was decided otherwise
 */
export function decideLostDispute(
  order: ExistingOrder,
  { dispute: id, decision }: Command<'DecideLostDispute'>,
): readonly OrderEvent[] {
  const dispute = mustBeLost(order, id);
  if (dispute.decision === decision) return [];
  if (dispute.decision) {
    const detail = `What this dispute took is already decided: ${dispute.decision}.`;
    throw new Refusal('exception_resolved', detail, { dispute: id, decision: dispute.decision });
  }
  if (decision === 'collect_again') mustBeOpen(order);
  const written_off = decision === 'write_off' ? lostOf(order, dispute) : 0;
  return [{ type: 'LostDisputeDecided', data: { dispute: id, decision, written_off } }];
}

function mustBeLost(order: ExistingOrder, id: DisputeId): Dispute {
  const dispute = order.disputes.get(id);
  if (!dispute) throw new Refusal('not_found', 'There is no such dispute on this order.');
  if (dispute.status === 'lost' || dispute.status === 'prevented') return dispute;
  const { status } = dispute;
  throw new Refusal('payment_disputed', `The dispute is ${status}, not lost.`, { dispute: id, status });
}

/** What would be due because of this dispute alone, if all other disputed money came back. */
function lostOf(order: ExistingOrder, { withdrawn }: Dispute): number {
  const others = order.ledger.contested - withdrawn;
  return Math.min(withdrawn, Math.max(0, amountsOf(order).balanceDue - others));
}
