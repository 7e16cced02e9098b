import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Currency } from '../../../shared/domain/currency.js';
import type { DisputeId, PaymentId, RefundId, StoreId } from '../../../shared/domain/ids.js';
import { type Amounts, amounts, emptyLedger, type Ledger } from './amounts.js';
import { contestedBy, type Dispute, type DisputeEvent, evolveDispute } from './dispute.js';
import { added, movesOf } from './ledger.js';
import type { Channel, OrderEvent, RefundPolicy, Terms } from './order.events.js';

export type Reservation = Readonly<{
  amount: number;
  channel: Channel;
  instruction: Readonly<Record<string, string>>;
}>;

/** A refund as it counts towards the order. */
export type AppliedRefund = Readonly<{
  payment: PaymentId;
  amount: number;
  credited: number;
  /** It did not come about, and counts no more. */
  reversed: boolean;
}>;

/** A sales order: the boundary of its balance. Nothing is asked of Stripe that is not reserved here first. */
export type Order =
  | Readonly<{ status: 'none' }>
  | Readonly<{
      /** `cancelling`: nothing more is asked for, and what was paid is on its way back. */
      status: 'open' | 'cancelling' | 'cancelled';
      store: StoreId;
      livemode: boolean;
      externalId: string;
      currency: Currency;
      terms: Terms;
      invoice: Readonly<{ number: string; revision: number }> | null;
      ledger: Ledger;
      reservations: ReadonlyMap<PaymentId, Reservation>;
      /** What came of each payment that was counted, 0 once reversed: counting again changes nothing. */
      applied: ReadonlyMap<PaymentId, number>;
      /** Payments that ended without money. None of them holds the balance again. */
      released: ReadonlySet<PaymentId>;
      refunds: ReadonlyMap<RefundId, AppliedRefund>;
      disputes: ReadonlyMap<DisputeId, Dispute>;
      /** What its askers call what was done about the balance, so that nothing is done twice. */
      settled: ReadonlySet<string>;
      /** How it was cancelled, or is being; null while it is open. */
      cancelled: RefundPolicy | null;
    }>;
export type ExistingOrder = Exclude<Order, { status: 'none' }>;

export const initialOrder: Order = { status: 'none' };

/** Total: any recorded event folds, in any order. */
export function evolve(order: Order, event: OrderEvent): Order {
  if (event.type === 'OrderOpened') {
    const { store, livemode, external_id, currency, terms } = event.data;
    return {
      status: 'open',
      store,
      livemode,
      externalId: external_id,
      currency,
      terms,
      invoice: null,
      ledger: { ...emptyLedger, total: terms.total },
      reservations: new Map(),
      applied: new Map(),
      released: new Set(),
      refunds: new Map(),
      disputes: new Map(),
      settled: new Set(),
      cancelled: null,
    };
  }
  return order.status === 'none' ? order : evolveExisting(order, event);
}

type Later = Exclude<OrderEvent, { type: 'OrderOpened' }>;

function evolveExisting(before: ExistingOrder, event: Later): ExistingOrder {
  const order = { ...before, ledger: added(before.ledger, movesOf(event)) };
  switch (event.type) {
    case 'OrderRevised':
      return { ...order, terms: event.data.terms };
    case 'OrderTotalChanged':
      return { ...order, ledger: { ...order.ledger, total: event.data.to } };
    case 'InvoiceIssued':
      return { ...order, invoice: event.data };
    case 'PaymentReserved': {
      const { payment, amount, channel, instruction } = event.data;
      return { ...order, reservations: put(order.reservations, payment, { amount, channel, instruction }) };
    }
    case 'ReservationReleased': {
      const released = new Set(order.released).add(event.data.payment);
      return { ...withoutReservation(order, event.data.payment), released };
    }
    case 'PaymentApplied': {
      const { payment, captured } = event.data;
      return { ...withoutReservation(order, payment), applied: put(order.applied, payment, captured) };
    }
    case 'PaymentReversed':
      return { ...order, applied: put(order.applied, event.data.payment, 0) };
    case 'RefundApplied':
    case 'RefundReversed': {
      const { refund, payment, amount, credited } = event.data;
      const reversed = event.type === 'RefundReversed';
      return { ...order, refunds: put(order.refunds, refund, { payment, amount, credited, reversed }) };
    }
    case 'DisputeRecorded':
    case 'DisputeFundsWithdrawn':
    case 'DisputeFundsReinstated':
    case 'LostDisputeDecided':
      return disputed(order, event);
    case 'ExcessResolved':
    case 'BalanceWrittenOff': {
      const { reference } = event.data;
      return reference === null ? order : { ...order, settled: new Set(order.settled).add(reference) };
    }
    case 'CancellationRequested':
      return { ...order, status: 'cancelling', cancelled: event.data.policy };
    case 'OrderCancelled':
      return { ...order, status: 'cancelled', cancelled: event.data.policy };
    case 'PaymentStatusChanged':
      return order;
    default:
      return assertNever(event);
  }
}

function put<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): ReadonlyMap<Key, Value> {
  return new Map(map).set(key, value);
}

function disputed(order: ExistingOrder, event: DisputeEvent): ExistingOrder {
  const { dispute: id } = event.data;
  const dispute = evolveDispute(order.disputes.get(id), event);
  if (!dispute) return order;
  const disputes = put(order.disputes, id, dispute);
  return { ...order, disputes, ledger: { ...order.ledger, contested: contestedBy(disputes.values()) } };
}

function withoutReservation(order: ExistingOrder, payment: PaymentId): ExistingOrder {
  const held = order.reservations.get(payment);
  if (!held) return order;
  const reservations = new Map(order.reservations);
  reservations.delete(payment);
  return { ...order, reservations, ledger: added(order.ledger, { reserved: -held.amount }) };
}

export function amountsOf(order: ExistingOrder): Amounts {
  return amounts(order.ledger);
}
