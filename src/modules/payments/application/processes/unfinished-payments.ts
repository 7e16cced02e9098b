import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { EventStore } from '../../../../shared/application/ports/event-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Subscriptions } from '../../../../shared/application/subscriptions.js';
import type { OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { FindOrder } from '../../../orders/index.js';
import { OpenPayments } from '../../../stores/index.js';
import { isShut, toRefusal } from '../gateway-answers.js';
import { GatewayRefused, GatewayUnreachable } from '../ports/payment-gateway.port.js';
import { openReservations } from '../projections/open-reservations.projection.js';
import { Observer } from './observer.process.js';

const CATCH_UP_MS = 2_000;

/** Ends what a store has under way before its connection does. */
@Injectable()
export class UnfinishedPayments extends OpenPayments {
  constructor(
    private readonly readModel: ReadModel,
    private readonly subscriptions: Subscriptions,
    private readonly log: EventStore,
    private readonly observer: Observer,
    private readonly queries: QueryBus,
  ) {
    super();
  }

  override async endAll(store: StoreId, context: Context): Promise<void> {
    if (!(await this.#seesAll())) {
      throw pending('What this store has under way cannot be seen yet. Try again in a moment.');
    }
    for await (const { payment, order } of this.readModel.all(openReservations, {
      where: { store },
      limit: 100,
    })) {
      const about: Context = { ...context, store, order };
      try {
        await this.observer.end(payment as PaymentId, order as OrderId, about);
        if (await this.#isHeld(payment as PaymentId, order as OrderId)) {
          throw pending('Stripe is still working on a payment of this store.');
        }
      } catch (error) {
        if (error instanceof GatewayUnreachable) {
          throw pending(
            'A payment of this store is under way, and Stripe does not answer whether it has ended.',
          );
        }
        if (!isShut(error) && !(error instanceof GatewayRefused)) throw toRefusal(error);
      }
    }
  }

  /** Whatever other readers are behind with. */
  async #seesAll(): Promise<boolean> {
    if (await this.subscriptions.waitFor(await this.log.head(), CATCH_UP_MS)) return true;
    const readers = await this.subscriptions.status();
    return readers.find(({ name }) => name === openReservations.name)?.lag === 0;
  }

  /** Stripe has answered, and is still working on it. */
  async #isHeld(payment: PaymentId, id: OrderId): Promise<boolean> {
    const { order } = await this.queries.execute(new FindOrder(id));
    return order.reservations.has(payment);
  }
}

function pending(detail: string): Refusal {
  return new Refusal('session_fence_pending', detail, { retryable: true });
}
