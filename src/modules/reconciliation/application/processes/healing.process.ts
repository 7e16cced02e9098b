import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Slots } from '../../../../shared/application/slots.js';
import type { PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal, type RefusalCode } from '../../../../shared/domain/refusal.js';
import { RecordPayout, RIGHT_MISSING, SyncPayment } from '../../../payments/index.js';
import { type Booking, type MovementBooking, movementKey } from '../../domain/books.js';
import { pairUp } from '../../domain/comparison.js';
import { BooksForbidden, type Payout } from '../ports/stripe-books.port.js';
import { OurLedger } from './our-ledger.js';
import type { BothBooks } from './reading.process.js';

const AT_ONCE = 4;
/** Nothing was said; asking later may bring an answer. */
const UNANSWERED: ReadonlySet<RefusalCode> = new Set([
  'stripe_unreachable',
  'store_disconnected',
  'overloaded',
]);

/** Makes good what our log merely has not heard of yet, before anything is called a difference. */
@Injectable()
export class Healing {
  constructor(
    private readonly commands: CommandBus,
    private readonly ledger: OurLedger,
  ) {}

  /**
   * Looks at Stripe again for each payment of the store of which Stripe has booked something that we do not know. What
   * the bookings say of payments is only a claim.
   * @returns whether there was any
   * @throws BooksForbidden, Refusal `stripe_unreachable`, `store_disconnected`, `overloaded`
   */
  async heal(store: StoreId, books: BothBooks, context: Context): Promise<boolean> {
    const claimed = [...new Set(behind(books).flatMap(({ payment }) => payment ?? []))] as PaymentId[];
    const payments = await this.ledger.paymentsOf(store, claimed);
    await each(payments, (payment) => this.#sync(payment, context));
    return payments.length > 0;
  }

  async #sync(payment: PaymentId, context: Context): Promise<void> {
    try {
      await this.commands.execute(new SyncPayment(payment, context));
    } catch (error) {
      if (!(error instanceof Refusal) || UNANSWERED.has(error.code)) throw error;
      if (error.facts['stripe_code'] === RIGHT_MISSING)
        throw new BooksForbidden(error.detail, { cause: error });
      // Whatever else Stripe will not tell stays a difference.
    }
  }

  /** Keeps with each payment the payout that it went out in. */
  async recordPayouts(store: StoreId, payouts: readonly Payout[], context: Context): Promise<void> {
    for (const { id, bookings } of payouts) {
      const charges = bookings.filter(({ kind }) => kind === 'charge').flatMap(({ source }) => source ?? []);
      const rows = [...(await this.ledger.bySource(store, charges)).values()];
      const news = rows.filter(({ kind, payout }) => kind === 'charge' && payout !== id);
      await each(news, ({ payment }) =>
        this.commands.execute(new RecordPayout(payment as PaymentId, id, context)),
      );
    }
  }
}

/** What Stripe has booked and we do not know, or whose fee we do not know. */
function behind(books: BothBooks): readonly MovementBooking[] {
  return pairUp(books).flatMap(({ movement, booking }) => {
    const isKnown = movement && (movement.kind !== 'charge' || movement.fee !== null);
    return booking && !isKnown ? [booking] : [];
  });
}

/** Without what Stripe has booked since it was read before, and we have not heard: it is news, and no difference yet. */
export function withoutNews(books: BothBooks, before: BothBooks): BothBooks {
  const seen = new Set(before.bookings.map(({ id }) => id));
  const news = new Set<Booking>(behind(books).filter(({ id }) => !seen.has(id)));
  const bookings = books.bookings.filter((booking) => !news.has(booking));
  return { ...books, bookings, unbooked: new Set([...books.unbooked, ...[...news].map(movementKey)]) };
}

async function each<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const slots = new Slots(AT_ONCE);
  const one = async (item: T) => {
    await slots.enter();
    try {
      await act(item);
    } finally {
      slots.leave();
    }
  };
  await Promise.all(items.map(one));
}
