import { Injectable, Logger } from '@nestjs/common';
import { type Context, onOurOwn } from '../../../../shared/application/context.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Slots } from '../../../../shared/application/slots.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { StoreDirectory } from '../../../stores/index.js';
import { openReservations } from '../projections/open-reservations.projection.js';
import { transactions } from '../projections/transactions.projection.js';
import { EventPoll } from './event-poll.process.js';
import { Observer } from './observer.process.js';

const PAGE = 100;
const AT_ONCE = 16;

/**
 * Makes every order right with every webhook lost: looks at each hold that has not ended, at each fee not yet
 * known, and at Stripe's own list of events.
 */
@Injectable()
export class Sweep {
  readonly #log = new Logger(Sweep.name);

  constructor(
    private readonly readModel: ReadModel,
    private readonly observer: Observer,
    private readonly poll: EventPoll,
    private readonly stores: StoreDirectory,
    private readonly ids: Ids,
  ) {}

  /** One look at everything; ends early, between two looks, when `signal` aborts. */
  async run(origin: 'sweep' | 'boot', signal: AbortSignal): Promise<void> {
    const context = onOurOwn(origin, `${origin}_${this.ids.next()}`);
    await this.#attempt('holds', () => this.#resumeHolds(context, signal));
    await this.#attempt('fees', () => this.#recordFees(context, signal));
    await this.#attempt('events', () => this.#pollStores(signal));
  }

  async #resumeHolds(context: Context, signal: AbortSignal): Promise<void> {
    const held = this.readModel.all(openReservations, { limit: PAGE });
    await this.#each(held, signal, ({ payment, order }) =>
      this.#attempt(payment, () => this.observer.resume(payment as PaymentId, order as OrderId, context)),
    );
  }

  async #recordFees(context: Context, signal: AbortSignal): Promise<void> {
    const captured = this.readModel.all(transactions, { where: { fee_pending: true }, limit: PAGE });
    await this.#each(captured, signal, ({ id }) =>
      this.#attempt(id, () => this.observer.observeFee(id as PaymentId, context)),
    );
  }

  async #pollStores(signal: AbortSignal): Promise<void> {
    await this.#each(await this.stores.connected(), signal, ({ id }) =>
      this.#attempt(`events of ${id}`, () => this.poll.poll(id, signal)),
    );
  }

  /** A few at a time: one that Stripe is slow about keeps the others waiting only a little. */
  async #each<T>(
    rows: AsyncIterable<T> | Iterable<T>,
    signal: AbortSignal,
    look: (row: T) => Promise<void>,
  ): Promise<void> {
    const slots = new Slots(AT_ONCE);
    const looks = new Set<Promise<void>>();
    for await (const row of rows) {
      await slots.enter();
      if (signal.aborted) break;
      const running = look(row).finally(() => {
        slots.leave();
        looks.delete(running);
      });
      looks.add(running);
    }
    await Promise.all(looks);
  }

  /** One payment that cannot be looked at now must not keep the others waiting; the next sweep tries again. */
  async #attempt(what: string, look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      const why = error instanceof Refusal ? error.code : error instanceof Error ? error.name : typeof error;
      this.#log.warn(`the sweep could not look at ${what}: ${why}`);
    }
  }
}
