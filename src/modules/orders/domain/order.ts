import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Decider } from '../../../shared/domain/decider.js';
import type { PaymentId } from '../../../shared/domain/ids.js';
import type { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { cancel, completeCancellation } from './cancellation.js';
import { applyDispute, decideLostDispute } from './dispute-course.js';
import { mustBeIn, mustBeOpen, mustHaveNothingInFlight, ownMinor } from './order.checks.js';
import type { OrderCommand } from './order.commands.js';
import type { OrderEvent, Terms } from './order.events.js';
import { amountsOf, type ExistingOrder, evolve, initialOrder, type Order } from './order.state.js';
import { applyRefund, reversePayment, reverseRefund } from './refund.js';
import { checkReservation } from './reservation.js';
import { revision } from './revision.js';
import { resolveExcess, writeOffBalance } from './settling.js';
import { checkTerms, revisedTerms, sameTerms } from './terms.js';

/** @throws Refusal, with the numbers that explain it. */
function decide(command: OrderCommand, order: Order): readonly OrderEvent[] {
  if (command.type === 'ImportOrder' && order.status === 'none') {
    const { store, livemode, externalId, currency, terms } = command;
    checkTerms(terms, currency);
    return [{ type: 'OrderOpened', data: { store, livemode, external_id: externalId, currency, terms } }];
  }
  if (order.status === 'none') throw new Refusal('not_found', 'There is no such order.');
  return withStatusChange(order, decideExisting(command, order));
}

function decideExisting(command: OrderCommand, order: ExistingOrder): readonly OrderEvent[] {
  switch (command.type) {
    case 'ImportOrder':
      mustBeIn(order.currency, command.currency);
      return revise(order, command.terms);
    case 'ReviseOrder':
      return revise(order, revisedTerms(order.terms, command.changes));
    case 'IssueInvoice':
      if (order.invoice) return [];
      return [{ type: 'InvoiceIssued', data: { number: command.number, revision: 1 } }];
    case 'ReservePayment':
      return reserve(order, command);
    case 'ReleaseReservation': {
      const { payment, why } = command;
      const held = order.reservations.get(payment);
      return held ? [{ type: 'ReservationReleased', data: { payment, amount: held.amount, why } }] : [];
    }
    case 'ApplyPayment':
      return apply(order, command.payment, command.captured);
    case 'ReversePayment':
      return reversePayment(order, command);
    case 'ApplyRefund':
      return applyRefund(order, command);
    case 'ReverseRefund':
      return reverseRefund(order, command);
    case 'ApplyDispute':
      return applyDispute(order, command);
    case 'DecideLostDispute':
      return decideLostDispute(order, command);
    case 'ResolveExcess':
      return resolveExcess(order, command);
    case 'WriteOffBalance':
      return writeOffBalance(order, command);
    case 'CancelOrder':
      return cancel(order, command);
    case 'CompleteCancellation':
      return completeCancellation(order);
    default:
      return assertNever(command);
  }
}

type Reserve = Extract<OrderCommand, { type: 'ReservePayment' }>;

function reserve(order: ExistingOrder, command: Reserve): readonly OrderEvent[] {
  const { payment, channel, instruction } = command;
  if (order.reservations.has(payment) || order.applied.has(payment)) return [];
  if (order.released.has(payment)) {
    const detail = 'This payment has ended; a new one may hold the balance.';
    throw new Refusal('balance_reserved', detail, { payment });
  }
  const amount = checkReservation(order, command.amount);
  return [{ type: 'PaymentReserved', data: { payment, amount, channel, instruction } }];
}

function revise(order: ExistingOrder, terms: Terms): readonly OrderEvent[] {
  if (sameTerms(order.terms, terms)) return [];
  mustBeOpen(order);
  if (order.terms.total !== terms.total) mustHaveNothingInFlight(order);
  return revision(order, terms);
}

/** A fact is never refused: what does not fit the balance is excess, and all of it once the order is cancelled. */
function apply(order: ExistingOrder, payment: PaymentId, captured: Money): readonly OrderEvent[] {
  if (order.applied.has(payment)) return [];
  const minor = ownMinor(order, captured);
  const applied = order.status === 'open' ? Math.min(minor, amountsOf(order).balanceDue) : 0;
  return [{ type: 'PaymentApplied', data: { payment, captured: minor, applied, excess: minor - applied } }];
}

/** "Paid" is an event of its own, in the same append as its cause. */
function withStatusChange(order: ExistingOrder, events: readonly OrderEvent[]): readonly OrderEvent[] {
  const after = events.reduce(evolve, order as Order) as ExistingOrder;
  const from = amountsOf(order).paymentStatus;
  const { paymentStatus: to, balanceDue } = amountsOf(after);
  if (from === to) return events;
  return [...events, { type: 'PaymentStatusChanged', data: { from, to, balance_due: balanceDue } }];
}

export const orderDecider: Decider<OrderCommand, Order, OrderEvent> = {
  initial: initialOrder,
  decide,
  evolve,
};
