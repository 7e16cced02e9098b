import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Slots } from '../../../../shared/application/slots.js';
import type { PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { RecordPayout, SyncPayment } from '../../../payments/index.js';
import { isMovement, movementKey } from '../../domain/books.js';
import type { Payout } from '../ports/stripe-books.port.js';
import { OurLedger } from './our-ledger.js';
import type { BothBooks } from './reading.process.js';

const AT_ONCE = 4;

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
   * @throws Refusal `stripe_unreachable`, `store_disconnected`
   */
  async heal(store: StoreId, books: BothBooks, context: Context): Promise<boolean> {
    const payments = await this.ledger.paymentsOf(store, behind(books));
    await each(payments, (payment) => this.#sync(payment, context));
    return payments.length > 0;
  }

  async #sync(payment: PaymentId, context: Context): Promise<void> {
    try {
      await this.commands.execute(new SyncPayment(payment, context));
    } catch (error) {
      // Whatever Stripe will not tell stays a difference.
      if (!(error instanceof Refusal) || error.code === 'stripe_unreachable') throw error;
      if (error.code === 'store_disconnected') throw error;
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

/** Payments of ours that Stripe has booked more of than we know, or whose fee we do not know. */
function behind({ bookings, movements, rows }: BothBooks): readonly PaymentId[] {
  const known = Map.groupBy(movements, movementKey);
  const booked = Map.groupBy(bookings.filter(isMovement), movementKey);
  const found = new Set<string>();
  for (const [key, theirs] of booked) {
    const ours = known.get(key) ?? [];
    if (theirs.length > ours.length) for (const { payment } of theirs) if (payment) found.add(payment);
  }
  const charged = new Set(bookings.filter(({ kind }) => kind === 'charge').map(({ source }) => source));
  for (const { source, fee, kind, payment } of rows.values()) {
    if (kind === 'charge' && fee === null && charged.has(source)) found.add(payment);
  }
  return [...found] as PaymentId[];
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
