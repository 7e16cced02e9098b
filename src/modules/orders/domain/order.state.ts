import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Currency } from '../../../shared/domain/currency.js';
import type { PaymentId, StoreId } from '../../../shared/domain/ids.js';
import { type Amounts, amounts, emptyLedger, type Ledger } from './amounts.js';
import type { Channel, OrderEvent, RefundPolicy, Terms } from './order.events.js';

export type Reservation = Readonly<{
  amount: number;
  channel: Channel;
  instruction: Readonly<Record<string, string>>;
}>;

/** A sales order: the boundary of its balance. Nothing is asked of Stripe that is not reserved here first. */
export type Order =
  | Readonly<{ status: 'none' }>
  | Readonly<{
      status: 'open' | 'cancelled';
      store: StoreId;
      livemode: boolean;
      externalId: string;
      currency: Currency;
      terms: Terms;
      invoice: Readonly<{ number: string; revision: number }> | null;
      ledger: Ledger;
      reservations: ReadonlyMap<PaymentId, Reservation>;
      /** Payments whose money has been counted: counting again changes nothing. */
      applied: ReadonlySet<PaymentId>;
      /** Payments that ended without money. None of them holds the balance again. */
      released: ReadonlySet<PaymentId>;
      /** How it was cancelled; null while it is open. */
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
      applied: new Set(),
      released: new Set(),
      cancelled: null,
    };
  }
  return order.status === 'none' ? order : evolveExisting(order, event);
}

function evolveExisting(order: ExistingOrder, event: Exclude<OrderEvent, { type: 'OrderOpened' }>): Order {
  const { ledger } = order;
  switch (event.type) {
    case 'OrderRevised':
      return { ...order, terms: event.data.terms };
    case 'OrderTotalChanged':
      return { ...order, ledger: { ...ledger, total: event.data.to } };
    case 'InvoiceIssued':
      return { ...order, invoice: event.data };
    case 'PaymentReserved': {
      const { payment, amount, channel, instruction } = event.data;
      const reservations = new Map(order.reservations).set(payment, { amount, channel, instruction });
      return { ...order, reservations, ledger: { ...ledger, reserved: ledger.reserved + amount } };
    }
    case 'ReservationReleased':
      return {
        ...withoutReservation(order, event.data.payment),
        released: new Set(order.released).add(event.data.payment),
      };
    case 'PaymentApplied': {
      const { payment, captured } = event.data;
      const freed = withoutReservation(order, payment);
      return {
        ...freed,
        ledger: { ...freed.ledger, captured: freed.ledger.captured + captured },
        applied: new Set(order.applied).add(payment),
      };
    }
    case 'PaymentStatusChanged':
      return order;
    case 'OrderCancelled':
      return {
        ...order,
        status: 'cancelled',
        cancelled: event.data.policy,
        ledger: { ...ledger, writtenOff: ledger.writtenOff + event.data.written_off },
      };
    default:
      return assertNever(event);
  }
}

function withoutReservation(order: ExistingOrder, payment: PaymentId): ExistingOrder {
  const held = order.reservations.get(payment);
  if (!held) return order;
  const reservations = new Map(order.reservations);
  reservations.delete(payment);
  return {
    ...order,
    reservations,
    ledger: { ...order.ledger, reserved: order.ledger.reserved - held.amount },
  };
}

export function amountsOf(order: ExistingOrder): Amounts {
  return amounts(order.ledger);
}
