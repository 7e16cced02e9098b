import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Context, onOurOwn } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { ReadStore } from '../../../../shared/application/ports/read-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Slots } from '../../../../shared/application/slots.js';
import type { OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { StoreDirectory } from '../../../stores/index.js';
import { ReceiveStripeEvent } from '../commands/receive-stripe-event.command.js';
import { PaymentGateway } from '../ports/payment-gateway.port.js';
import { openReservations } from '../projections/open-reservations.projection.js';
import { transactions } from '../projections/transactions.projection.js';
import { Observer } from './observer.process.js';

const PAGE = 100;
const AT_ONCE = 16;
/** Stripe's list of events is read again from this long before the newest one seen: clocks and commits overlap. */
const OVERLAP_S = 600;
/** Stripe keeps its list of events for 30 days. */
const HORIZON_S = 30 * 24 * 3600;
/** Of a store that was never polled, or whose cursor went with the read model. */
const FIRST_LOOK_S = 24 * 3600;

/**
 * Makes every order right with every webhook lost: looks at each hold that has not ended, at each fee not yet
 * known, and at Stripe's own list of events.
 */
@Injectable()
export class Sweep {
  readonly #log = new Logger(Sweep.name);

  constructor(
    private readonly readModel: ReadModel,
    private readonly readStore: ReadStore,
    private readonly commands: CommandBus,
    private readonly gateway: PaymentGateway,
    private readonly observer: Observer,
    private readonly stores: StoreDirectory,
    private readonly ids: Ids,
    private readonly clock: Clock,
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
      this.#attempt(`events of ${id}`, () => this.#pollEvents(id)),
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

  async #pollEvents(store: StoreId): Promise<void> {
    const cursor = `stripe-events:${store}`;
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const seen = Math.max((await this.readStore.checkpoint(cursor)) || now - FIRST_LOOK_S, now - HORIZON_S);
    const notices = await this.gateway.eventsSince(store, seen - OVERLAP_S);
    for (const notice of notices) await this.commands.execute(new ReceiveStripeEvent(notice, 'sweep'));
    const newest = notices.at(-1)?.created ?? seen;
    await this.readStore.saveCheckpoint(cursor, newest);
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
