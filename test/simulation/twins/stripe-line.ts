import {
  GatewayForbidden,
  GatewayRefused,
  GatewayUnreachable,
} from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import type { StoreId } from '../../../src/shared/domain/ids.js';
import { Refusal } from '../../../src/shared/domain/refusal.js';
import type { Wire } from '../kernel/wire.js';
import type { Swarm } from '../world/swarm.js';
import { StoredFailure, type StripeKeys } from './stripe-keys.js';
import { needs, type Right } from './stripe-rights.js';

const far = [5, 120] as const;
/** As long as our adapter waits for an answer. */
const PATIENCE_MS = 8_000;
const OTHER_KEYS = ['again-1', 'again-2', 'again-3'];

/** What the way to Stripe is like at this moment. */
export type Road = {
  isShut: boolean;
  /** Stores whose key Stripe does not take. */
  readonly refused: Set<StoreId>;
  /** Stores that are not connected: we have no key of theirs. */
  readonly disconnected: Set<StoreId>;
  /** What the key of a store may not do. */
  readonly missing: Map<StoreId, Right>;
};

/** A call under a key: what is asked, as bytes, and what it does. */
export type Keyed<T> = Readonly<{
  what: string;
  key: string;
  store: StoreId;
  request: object;
  work: () => T;
}>;

/** The bad line to Stripe that both gateways share, with the keys of the real adapter. */
export class StripeLine {
  constructor(
    private readonly keys: StripeKeys,
    private readonly wire: Wire,
    private readonly swarm: () => Swarm,
    private readonly road: Road,
  ) {}

  /** A stored failure leads to the next key, as in the real adapter; `find` looks first where acting twice moves money. */
  async askUnder<T>(
    { what, key, store, request, work }: Keyed<T>,
    find: () => Promise<T | null> = async () => null,
  ): Promise<T> {
    const asked = JSON.stringify(request);
    const keys = [key, ...OTHER_KEYS.map((other) => `${key}:${other}`)].map((each) => `${store} ${each}`);
    for (const used of keys) {
      const failing = this.failing();
      try {
        return await this.ask(store, what, () => this.keys.under(used, asked, failing, work));
      } catch (error) {
        if (!(error instanceof StoredFailure)) throw error;
        const acted = await find();
        if (acted) return acted;
      }
    }
    this.keys.exhausted(keys);
    throw new GatewayUnreachable('Stripe has stored a failure under every key of this call');
  }

  /** One exchange with Stripe. */
  ask<T>(store: StoreId, what: string, work: () => T): Promise<T> {
    const { wire } = this;
    const { random, coverage } = wire;
    const { requestLost, answerLost, slow } = this.swarm().stripe;
    if (this.road.disconnected.has(store)) {
      coverage.count('F25 call for a disconnected store');
      return Promise.reject(new Refusal('store_disconnected', 'The store is not connected to Stripe.'));
    }
    if (needs(what, this.road.missing.get(store))) {
      coverage.count('F25 right missing');
      return wire.fail(what, 20, new GatewayForbidden('The key may not do this.'));
    }
    if (this.road.refused.has(store)) {
      coverage.count('F25 key refused');
      return wire.fail(what, 20, new Refusal('store_disconnected', 'Stripe no longer accepts the key.'));
    }
    const silence = () =>
      wire.fail(what, random.happens(0.5) ? 10 : PATIENCE_MS, new GatewayUnreachable('no answer'));
    if (this.road.isShut) {
      coverage.count('F3 call during an outage');
      return silence();
    }
    if (random.happens(requestLost)) {
      coverage.count('F2 request lost');
      return silence();
    }
    if (random.happens(answerLost)) {
      coverage.count('F2 answer lost');
      wire.later(what, random.between(1, 10), work);
      return silence();
    }
    if (random.happens(slow)) {
      coverage.count('F2 effect after the timeout');
      wire.later(what, random.between(PATIENCE_MS, 60_000), work);
      return wire.fail(what, PATIENCE_MS, new GatewayUnreachable('no answer in time'));
    }
    // An outage cuts off the answers that are on their way.
    return wire.send(what, far, work).then((answer) => {
      if (!this.road.isShut) return answer;
      coverage.count('F3 answer cut off by an outage');
      throw new GatewayUnreachable('the line was cut');
    });
  }

  private failing(): 'before' | 'after' | null {
    const { random, coverage } = this.wire;
    if (!random.happens(this.swarm().stripe.storedFailure)) return null;
    const when = random.happens(0.5) ? 'before' : 'after';
    coverage.count(`F2 stored 500 ${when} the effect`);
    return when;
  }
}

export function isRefusal(error: unknown, code?: string): boolean {
  return error instanceof GatewayRefused && (code === undefined || error.code === code);
}
