import type {
  Booking,
  Books,
  Movement,
  MovementKind,
} from '../../src/modules/reconciliation/domain/books.js';

export const november = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };

/** A movement of our log: 100.00 USD by card at noon of the tenth, unless told otherwise. */
export function aMovement(changes: Partial<Movement> = {}): Movement {
  return {
    kind: 'charge',
    source: 'ch_1',
    payment: 'pay_1',
    order: 'order_1',
    amount: 10_000,
    currency: 'usd',
    at: '2026-11-10T12:00:00.000Z',
    fee: { amount: 320, currency: 'usd' },
    ...changes,
  };
}

/** The same as Stripe books it, two seconds later. */
export function bookingOf(movement: Movement, changes: Partial<Booking> = {}): Booking {
  const { kind, source, payment, amount, currency, at, fee } = movement;
  const kept = kind === 'charge' ? (fee?.amount ?? 0) : 0;
  return {
    id: `txn_${source}_${kind}`,
    kind,
    category: kind,
    source,
    charge: kind === 'charge' ? source : null,
    payment,
    at: new Date(Date.parse(at) + 2000).toISOString(),
    amount,
    currency,
    balance: { amount, currency, fee: kept, net: amount - kept },
    ...changes,
  };
}

/** Books that tell the same. */
export function booksOf(...movements: readonly Movement[]): Books {
  const bookings = movements.map((movement) => bookingOf(movement));
  return { movements, bookings, payouts: [], unbooked: new Set() };
}

/** What moves on one object: the first kind of it, and what undoes that. */
export const undoing: Readonly<Partial<Record<MovementKind, MovementKind>>> = {
  refund: 'refund_return',
  dispute: 'dispute_return',
};
