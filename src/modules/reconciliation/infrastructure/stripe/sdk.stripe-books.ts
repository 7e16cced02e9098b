import { Injectable } from '@nestjs/common';
import type Stripe from 'stripe';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import {
  StripeAccountGone,
  StripeBusy,
  StripeKeyRefused,
  StripePermissionMissing,
  StripeRefused,
  StripeUnknownOutcome,
} from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import { StripeAccounts } from '../../../stores/index.js';
import {
  BooksForbidden,
  BooksRefused,
  BooksUnreachable,
  type Payout,
  type Standing,
  StripeBooks,
} from '../../application/ports/stripe-books.port.js';
import type { Booking, MovementKind } from '../../domain/books.js';
import type { Period } from '../../domain/period.js';
import { instant, toBooking } from './booking.translator.js';

const PAGE = 100;

type List<T> = Stripe.Response<Stripe.ApiList<T>>;
type Listed = Readonly<{ id: string }>;

/** Stripe's balance transactions and payouts through its own SDK. */
@Injectable()
export class SdkStripeBooks extends StripeBooks {
  constructor(private readonly accounts: StripeAccounts) {
    super();
  }

  override bookings(store: StoreId, { from, to }: Period): Promise<readonly Booking[]> {
    return this.#transactions(store, { created: { gte: seconds(from), lt: seconds(to) } });
  }

  override async standing(store: StoreId, source: string): Promise<Standing> {
    const unbooked = await this.#unbooked(store, source);
    if (unbooked === null) return { bookings: [], unbooked: [] };
    return { bookings: await this.#transactions(store, { source }), unbooked };
  }

  override async payouts(store: StoreId, { from, to }: Period): Promise<readonly Payout[]> {
    const created = { gte: seconds(from), lt: seconds(to) };
    const found = await this.#all(store, (stripe, after) =>
      stripe.payouts.list({ created, limit: PAGE, ...after }),
    );
    const payouts: Payout[] = [];
    for (const payout of found) payouts.push(await this.#payout(store, payout));
    return payouts;
  }

  async #payout(store: StoreId, payout: Stripe.Payout): Promise<Payout> {
    const { id, amount, currency, created, automatic } = payout;
    // Stripe knows what is in a payout only where it has made up the payout itself.
    const all = automatic ? await this.#transactions(store, { payout: id }) : [];
    const bookings = all.filter(({ source }) => source !== id);
    const isTold = payout.reconciliation_status === 'completed';
    const sum = isTold ? bookings.reduce((net, { balance }) => net + balance.net, 0) : null;
    return { id, amount, currency, at: instant(created), sum, bookings };
  }

  /** What Stripe has done about this object and not booked; null where it does not know the object. */
  async #unbooked(store: StoreId, source: string): Promise<readonly MovementKind[] | null> {
    try {
      if (/^(re|pyr)_/.test(source)) {
        const refund = await this.#ask(store, (stripe) => stripe.refunds.retrieve(source));
        const isBack = refund.status === 'failed' || refund.status === 'canceled';
        const unbooked: MovementKind[] = refund.balance_transaction ? [] : ['refund'];
        return isBack && !refund.failure_balance_transaction ? [...unbooked, 'refund_return'] : unbooked;
      }
      if (/^(dp|du)_/.test(source)) {
        await this.#ask(store, (stripe) => stripe.disputes.retrieve(source));
        return [];
      }
      const charge = await this.#ask(store, (stripe) => stripe.charges.retrieve(source));
      return charge.captured && !charge.balance_transaction ? ['charge'] : [];
    } catch (error) {
      if (error instanceof Missing) return null;
      throw error;
    }
  }

  async #transactions(
    store: StoreId,
    which: Stripe.BalanceTransactionListParams,
  ): Promise<readonly Booking[]> {
    const expand = ['data.source'];
    const found = await this.#all(store, (stripe, after) =>
      stripe.balanceTransactions.list({ ...which, limit: PAGE, expand, ...after }),
    );
    return found.map((transaction) => toBooking(store, transaction));
  }

  /** Every page, one after the other. */
  async #all<T extends Listed>(
    store: StoreId,
    list: (stripe: Stripe, after: Readonly<{ starting_after?: string }>) => Promise<List<T>>,
  ): Promise<readonly T[]> {
    const found: T[] = [];
    for (let hasMore = true; hasMore; ) {
      const last = found.at(-1);
      const page = await this.#ask(store, (stripe) => list(stripe, last ? { starting_after: last.id } : {}));
      found.push(...page.data);
      hasMore = page.has_more && page.data.length > 0;
    }
    return found;
  }

  async #ask<T extends object>(store: StoreId, call: (stripe: Stripe) => Promise<T>): Promise<T> {
    try {
      return await this.accounts.ask(store, call);
    } catch (error) {
      throw toBooksFailure(error);
    }
  }
}

class Missing extends BooksRefused {}

function toBooksFailure(error: unknown): unknown {
  if (error instanceof StripeUnknownOutcome || error instanceof StripeBusy) {
    return new BooksUnreachable(error.message, { cause: error });
  }
  if (error instanceof StripeRefused) {
    const Kind = error.status === 404 || error.code === 'resource_missing' ? Missing : BooksRefused;
    return new Kind(error.message, { cause: error });
  }
  if (error instanceof StripePermissionMissing) return new BooksForbidden(error.message, { cause: error });
  if (error instanceof StripeKeyRefused || error instanceof StripeAccountGone) {
    return new Refusal('store_disconnected', 'Stripe no longer accepts the key of this store.');
  }
  return error;
}

function seconds(at: string): number {
  return Math.ceil(Date.parse(at) / 1000);
}
