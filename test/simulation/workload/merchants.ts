import type { PaymentId, StoreId } from '../../../src/shared/domain/ids.js';
import { simulatedStores } from '../twins/simulated.store-directory.js';
import type { Swarm } from '../world/swarm.js';
import type { World } from '../world/world.js';
import type { Calls } from './calls.js';
import type { Operators } from './operators.js';

type Kind = NonNullable<Swarm['disconnection']>['kind'];

const MINUTE = 60_000;
const TRIES = 5;

/** People who own an account at Stripe: they leave, and come back. */
export class Merchants {
  constructor(
    private readonly world: World,
    private readonly calls: Calls,
    private readonly operators: Operators,
  ) {}

  /** Asked for here, a store is disconnected once nothing of it is under way; at Stripe, at any moment. */
  async leave(kind: Kind, minutes: number): Promise<void> {
    const { random, coverage, books } = this.world;
    // Mostly one that is busy.
    const store = (this.calls.some(books.payments.values())?.store ??
      random.pick(simulatedStores).id) as StoreId;
    if (kind === 'requested' && !(await this.endsAll(store))) return;
    coverage.count(`F25 store disconnected, ${kind}`);
    this.world.disconnect(store, minutes);
    for (let times = random.between(0, 3); times > 0; times--) {
      await this.calls.wait(random.between(MINUTE, (minutes * MINUTE) / 2));
      await this.giveUp(store);
    }
  }

  private async endsAll(store: StoreId): Promise<boolean> {
    const { random, coverage } = this.world;
    for (let tries = 0; tries < TRIES; tries++) {
      const context = this.calls.by();
      const reply = await this.world.someNode().ask((app) => app.unfinished.endAll(store, context));
      coverage.count(`disconnect: ${reply.kind === 'refused' ? reply.code : reply.kind}`);
      // Then its endpoints are taken down, and the end of the connection is written down.
      await this.calls.wait(
        reply.kind === 'answer' ? random.between(0, 2_000) : random.between(1_000, 5 * MINUTE),
      );
      if (reply.kind === 'answer') return true;
    }
    return false;
  }

  /** Whoever does not expect to come back frees what is held. */
  private async giveUp(store: string): Promise<void> {
    const { books } = this.world;
    const held = [...books.payments.values()].filter(
      (one) => one.store === store && books.orders.get(one.order)?.held.has(one.id),
    );
    await Promise.all(held.map(({ id }) => this.operators.voidPayment(id as PaymentId)));
    const givenUp = held.filter(({ isGivenUp }) => isGivenUp).length;
    if (givenUp > 0) this.world.coverage.count('F25 payment given up', givenUp);
  }
}
