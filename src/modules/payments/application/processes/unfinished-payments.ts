import { Injectable } from '@nestjs/common';
import type { Context } from '../../../../shared/application/context.js';
import { EventStore } from '../../../../shared/application/ports/event-store.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Subscriptions } from '../../../../shared/application/subscriptions.js';
import type { OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { OpenPayments } from '../../../stores/index.js';
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
  ) {
    super();
  }

  override async endAll(store: StoreId, context: Context): Promise<void> {
    await this.subscriptions.waitFor(await this.log.head(), CATCH_UP_MS);
    for await (const { payment, order } of this.readModel.all(openReservations, {
      where: { store },
      limit: 100,
    })) {
      const about: Context = { ...context, store, order };
      try {
        await this.observer.end(payment as PaymentId, order as OrderId, about);
      } catch (error) {
        if (error instanceof GatewayUnreachable) throw pending();
        const isShut = error instanceof Refusal && error.code === 'store_disconnected';
        if (!isShut && !(error instanceof GatewayRefused)) throw error;
      }
    }
  }
}

function pending(): Refusal {
  const detail = 'A payment of this store is under way, and Stripe does not answer whether it has ended.';
  return new Refusal('session_fence_pending', detail, { retryable: true });
}
