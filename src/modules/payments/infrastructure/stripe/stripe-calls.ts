import type Stripe from 'stripe';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { StripeUnknownOutcome } from '../../../../shared/infrastructure/stripe/stripe-failure.js';
import type { StripeAccounts } from '../../../stores/index.js';
import {
  GatewayRefused,
  GatewayUnreachable,
  type Reference,
} from '../../application/ports/payment-gateway.port.js';
import { toGatewayFailure } from './gateway-failure.js';

/** What follows a key under which a failure is stored. */
const OTHER_KEYS = ['again-1', 'again-2', 'again-3'];

/** Several calls may follow one another before a caller is answered, and no answer takes longer than 25 s. */
const PATIENCE_MS = 8_000;

type Keyed<T> = (stripe: Stripe, options: Readonly<{ idempotencyKey: string }>) => Promise<T>;

/** Calls to Stripe on behalf of one store, and what their failures mean to the business. */
export class StripeCalls {
  constructor(private readonly accounts: StripeAccounts) {}

  async ask<T extends object>(store: StoreId, call: (stripe: Stripe) => Promise<T>): Promise<T> {
    try {
      return await this.accounts.ask(store, call, { deadlineMs: PATIENCE_MS });
    } catch (error) {
      throw toGatewayFailure(error);
    }
  }

  /**
   * Stripe stores a 5xx under its key like any other answer and tells it again for ever, whether or not it acted.
   * Then the next key leads past it.
   * @param find looks before the next key whether the call acted all the same. To be left out only where acting twice
   * moves no money: an intent captures once whatever the keys, and one whose id was never told can be paid by nobody.
   */
  async askUnder<T extends object>(
    key: string,
    store: StoreId,
    call: Keyed<T>,
    find: () => Promise<T | null> = async () => null,
  ): Promise<T> {
    const keys = [key, ...OTHER_KEYS.map((other) => `${key}:${other}`)];
    for (const idempotencyKey of keys) {
      try {
        return await this.ask(store, (stripe) => call(stripe, { idempotencyKey }));
      } catch (error) {
        if (!isStored(error)) throw error;
        const acted = await find();
        if (acted) return acted;
      }
    }
    throw new GatewayUnreachable('Stripe has stored a failure under every key of this call');
  }
}

/** What we write at Stripe on everything that is ours: how an event finds its payment again. No personal data. */
export function metadataOf({ store, order, orderNumber, payment }: Reference): Record<string, string> {
  return { store, order, order_number: orderNumber, payment };
}

export function isRefusal(error: unknown, code?: string): boolean {
  return error instanceof GatewayRefused && (code === undefined || error.code === code);
}

function isStored(error: unknown): boolean {
  const cause = error instanceof GatewayUnreachable ? error.cause : undefined;
  return cause instanceof StripeUnknownOutcome && cause.reason === 'stored_error';
}
