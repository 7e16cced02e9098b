import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Currency } from '../../../shared/domain/currency.js';
import type { Decider } from '../../../shared/domain/decider.js';
import type { PaymentId, StoreId } from '../../../shared/domain/ids.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { Channel, OrderEvent, RefundPolicy, Terms } from './order.events.js';
import { amountsOf, type ExistingOrder, evolve, initialOrder, type Order } from './order.state.js';
import { checkReservation } from './reservation.js';
import { checkTerms, revisedTerms, sameDocument, sameTerms } from './terms.js';

export type OrderCommand =
  /** Opens the order, or revises it to exactly these terms. */
  | {
      type: 'ImportOrder';
      store: StoreId;
      livemode: boolean;
      externalId: string;
      currency: Currency;
      terms: Terms;
    }
  | { type: 'ReviseOrder'; changes: Partial<Terms> }
  | { type: 'IssueInvoice'; number: string }
  /** `amount` null: all that is available. A payment whose hold was released took no money, and may be held anew. */
  | {
      type: 'ReservePayment';
      payment: PaymentId;
      amount: Money | null;
      channel: Channel;
      instruction: Readonly<Record<string, string>>;
    }
  | { type: 'ReleaseReservation'; payment: PaymentId; why: string }
  | { type: 'ApplyPayment'; payment: PaymentId; captured: Money }
  | { type: 'CancelOrder'; policy: RefundPolicy };

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
      if (command.currency !== order.currency) {
        throw new Refusal('currency_mismatch', `The order is in ${order.currency.toUpperCase()}.`, {
          param: '/currency',
          currency: order.currency,
        });
      }
      return revise(order, command.terms);
    case 'ReviseOrder':
      return revise(order, revisedTerms(order.terms, command.changes));
    case 'IssueInvoice':
      if (order.invoice) return [];
      return [{ type: 'InvoiceIssued', data: { number: command.number, revision: 1 } }];
    case 'ReservePayment': {
      const { payment, channel, instruction } = command;
      if (order.reservations.has(payment) || order.applied.has(payment)) return [];
      if (order.released.has(payment)) {
        throw new Refusal('balance_reserved', 'This payment has ended; a new one may hold the balance.', {
          payment,
        });
      }
      const amount = checkReservation(order, command.amount);
      return [{ type: 'PaymentReserved', data: { payment, amount, channel, instruction } }];
    }
    case 'ReleaseReservation': {
      const held = order.reservations.get(command.payment);
      if (!held) return [];
      const { payment, why } = command;
      return [{ type: 'ReservationReleased', data: { payment, amount: held.amount, why } }];
    }
    case 'ApplyPayment':
      return apply(order, command.payment, command.captured);
    case 'CancelOrder':
      return cancel(order, command.policy);
    default:
      return assertNever(command);
  }
}

function revise(order: ExistingOrder, terms: Terms): readonly OrderEvent[] {
  if (sameTerms(order.terms, terms)) return [];
  mustBeOpen(order);
  checkTerms(terms, order.currency);
  const revised: OrderEvent = { type: 'OrderRevised', data: { terms } };
  const [from, to] = [order.terms.total, terms.total];
  const invoiced: OrderEvent[] =
    order.invoice && !sameDocument(order.terms, terms)
      ? [{ type: 'InvoiceIssued', data: { ...order.invoice, revision: order.invoice.revision + 1 } }]
      : [];
  if (from === to) return [revised, ...invoiced];
  mustHaveNothingInFlight(order);
  return [revised, { type: 'OrderTotalChanged', data: { from, to } }, ...invoiced];
}

/** A fact is never refused: what does not fit the balance is excess. */
function apply(order: ExistingOrder, payment: PaymentId, captured: Money): readonly OrderEvent[] {
  if (order.applied.has(payment)) return [];
  if (captured.currency !== order.currency) {
    throw new Refusal('currency_mismatch', `${Money.format(captured)} cannot count towards this order.`, {
      currency: order.currency,
    });
  }
  const applied = Math.min(captured.minor, amountsOf(order).balanceDue);
  const excess = captured.minor - applied;
  return [{ type: 'PaymentApplied', data: { payment, captured: captured.minor, applied, excess } }];
}

function cancel(order: ExistingOrder, policy: RefundPolicy): readonly OrderEvent[] {
  if (order.cancelled === policy) return [];
  mustBeOpen(order);
  mustHaveNothingInFlight(order);
  const { netPaid, balanceDue } = amountsOf(order);
  if (netPaid > 0 && policy !== 'none') {
    const held = Money.format({ minor: netPaid, currency: order.currency });
    throw new Refusal('validation_failed', `The order holds ${held}, which is not refunded by cancelling.`, {
      param: '/refund_policy',
      amount_paid: netPaid,
      currency: order.currency,
    });
  }
  return [{ type: 'OrderCancelled', data: { policy, written_off: balanceDue } }];
}

function mustBeOpen(order: ExistingOrder): void {
  if (order.status === 'cancelled') throw new Refusal('order_cancelled', 'The order is cancelled.');
}

function mustHaveNothingInFlight(order: ExistingOrder): void {
  if (order.reservations.size === 0) return;
  throw new Refusal('payment_in_flight', 'A payment of this order is under way; try again in a moment.', {
    payments: [...order.reservations.keys()],
    amount_reserved: order.ledger.reserved,
    currency: order.currency,
    retryable: true,
  });
}

/** "Paid" is an event of its own, in the same append as its cause. */
function withStatusChange(order: ExistingOrder, events: readonly OrderEvent[]): readonly OrderEvent[] {
  const after = events.reduce(evolve, order as Order);
  if (after.status === 'none') return events;
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
