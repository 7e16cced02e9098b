import {
  GatewayForbidden,
  GatewayUnreachable,
} from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import {
  BooksForbidden,
  BooksUnreachable,
  type Payout,
  type Standing,
  StripeBooks,
} from '../../../src/modules/reconciliation/application/ports/stripe-books.port.js';
import type { Booking } from '../../../src/modules/reconciliation/domain/books.js';
import type { Period } from '../../../src/modules/reconciliation/domain/period.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import type { SimulatedStripe } from './simulated-stripe.js';
import type { StripeLine } from './stripe-line.js';

/** Stripe's own books, as one life of a node reads them over a bad line. */
export class SimulatedStripeBooks extends StripeBooks {
  constructor(
    private readonly stripe: SimulatedStripe,
    private readonly line: StripeLine,
  ) {
    super();
  }

  override bookings(store: StoreId, period: Period): Promise<readonly Booking[]> {
    return this.ask(store, 'list bookings', () => this.stripe.bookings.in(store, period));
  }

  override standing(store: StoreId, source: string): Promise<Standing> {
    const { bookings, intents } = this.stripe;
    return this.ask(store, 'find bookings', () => bookings.standing(store, source, intents.values()));
  }

  override payouts(store: StoreId, period: Period): Promise<readonly Payout[]> {
    return this.ask(store, 'list payouts', () => this.stripe.bookings.payouts(store, period));
  }

  private async ask<T>(store: StoreId, what: string, work: () => T): Promise<T> {
    try {
      return await this.line.ask(store, what, work);
    } catch (error) {
      if (error instanceof GatewayUnreachable) throw new BooksUnreachable(error.message, { cause: error });
      if (error instanceof GatewayForbidden) throw new BooksForbidden(error.message, { cause: error });
      throw error;
    }
  }
}
