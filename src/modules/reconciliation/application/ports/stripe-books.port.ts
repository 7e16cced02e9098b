import type { StoreId } from '../../../../shared/domain/ids.js';
import type { Booking, MovementKind, PaidOut } from '../../domain/books.js';
import type { Period } from '../../domain/period.js';

/** All that Stripe says of one charge, refund or dispute. */
export type Standing = Readonly<{
  bookings: readonly Booking[];
  /** What it has done, and is not booked yet. */
  unbooked: readonly MovementKind[];
}>;

export type Payout = PaidOut & Readonly<{ bookings: readonly Booking[] }>;

/**
 * Stripe's own books of one store: read, never written.
 * A booking's `payment` is what its metadata claims, where it names this store.
 * All methods @throws BooksUnreachable, BooksRefused, BooksForbidden, and Refusal `store_disconnected`.
 */
export abstract class StripeBooks {
  /** Everything booked in the period, in any order. */
  abstract bookings(store: StoreId, period: Period): Promise<readonly Booking[]>;
  /** Where a charge, a refund or a dispute stands; nothing at all where Stripe does not know it. */
  abstract standing(store: StoreId, source: string): Promise<Standing>;
  /** Payouts begun in the period, each with what is in it where Stripe tells. */
  abstract payouts(store: StoreId, period: Period): Promise<readonly Payout[]>;
}

/** No answer. Reading again later may bring one. */
export class BooksUnreachable extends Error {
  override readonly name = 'BooksUnreachable';
}

/** Stripe will not show its books, now or later. */
export class BooksRefused extends Error {
  override readonly name = 'BooksRefused';
}

/** The key lacks a right, which its merchant may give it. */
export class BooksForbidden extends Error {
  override readonly name = 'BooksForbidden';
}
