import { Injectable } from '@nestjs/common';
import { Slots } from '../../../../shared/application/slots.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { type Booking, type Books, type Movement, movementKey } from '../../domain/books.js';
import { type Period, widened } from '../../domain/period.js';
import { type Payout, StripeBooks } from '../ports/stripe-books.port.js';
import { type LedgerRow, movementsOf } from '../projections/ledger-row.js';
import { OurLedger } from './our-ledger.js';

/** Near its edges the books may date one movement on either side: Stripe books some time after the money came. */
const OVERLAP_MS = 3_600_000;
const AT_ONCE = 4;

/** Both books as they stand, complete: what one of them lacks was looked for by name, whenever it may have been. */
export type BothBooks = Books & Readonly<{ rows: ReadonlyMap<string, LedgerRow> }>;

/** Reads both books so that nothing is missing in either only because it was looked for in the wrong place. */
@Injectable()
export class Reading {
  constructor(
    private readonly ledger: OurLedger,
    private readonly stripe: StripeBooks,
  ) {}

  /** @throws BooksUnreachable, BooksRefused, BooksForbidden, LedgerBehind, Refusal `store_disconnected` */
  async read(store: StoreId, period: Period, payouts: readonly Payout[]): Promise<BothBooks> {
    const window = widened(period, OVERLAP_MS);
    const listed = await this.stripe.bookings(store, window);
    // Only now, so that whatever Stripe has told of by then is in our log too, if it ever will be.
    await this.ledger.catchUp();
    const sources = listed.flatMap(({ source, charge }) => [source, charge]).filter((id) => id !== null);
    const inWindow = await this.ledger.movedIn(store, window);
    const found = new Set([...inWindow.values()].map(({ source }) => source));
    const others = sources.filter((id) => !found.has(id));
    const rows = new Map([...inWindow, ...(await this.ledger.bySource(store, others))]);
    const movements = [...rows.values()].flatMap(movementsOf);
    const { bookings, unbooked } = await this.#lookFor(store, movements, listed);
    return { rows, movements, bookings: bookings.map(ofOurs(rows, bookings)), payouts, unbooked };
  }

  /** What our log has and Stripe's list has not is asked for by name. */
  async #lookFor(store: StoreId, movements: readonly Movement[], listed: readonly Booking[]) {
    const known = new Set(listed.map(movementKey));
    const missing = movements.filter((movement) => !known.has(movementKey(movement)));
    const bookings = new Map(listed.map((booking) => [booking.id, booking]));
    const unbooked = new Set<string>();
    const slots = new Slots(AT_ONCE);
    const look = async (source: string) => {
      await slots.enter();
      try {
        const standing = await this.stripe.standing(store, source);
        for (const booking of standing.bookings) bookings.set(booking.id, booking);
        for (const kind of standing.unbooked) unbooked.add(movementKey({ source, kind }));
      } finally {
        slots.leave();
      }
    };
    await Promise.all([...new Set(missing.map(({ source }) => source))].map(look));
    return { bookings: [...bookings.values()], unbooked };
  }
}

/** A refund or a dispute may name nobody: then it belongs where its charge belongs. */
function ofOurs(rows: ReadonlyMap<string, LedgerRow>, bookings: readonly Booking[]) {
  const payments = new Map<string, string>();
  for (const { kind, charge, payment } of bookings) {
    if (kind === 'charge' && charge && payment) payments.set(charge, payment);
  }
  for (const { source, payment } of rows.values()) if (source) payments.set(source, payment);
  return (booking: Booking): Booking => {
    const { source, charge, payment } = booking;
    const ours = payments.get(source ?? '') ?? payments.get(charge ?? '') ?? payment;
    return { ...booking, payment: ours };
  };
}
