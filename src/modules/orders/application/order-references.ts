import { Injectable } from '@nestjs/common';
import { Claims } from '../../../shared/application/claims.js';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import type { CustomerId, OrderId, StoreId } from '../../../shared/domain/ids.js';
import { Refusal } from '../../../shared/domain/refusal.js';

/** The caller's own ids: each names one order of its store, for ever. */
@Injectable()
export class OrderReferences {
  constructor(
    private readonly claims: Claims,
    private readonly ids: Ids,
  ) {}

  /** The order that this id of the caller's names, from its first use on. */
  async claim(store: StoreId, externalId: string): Promise<OrderId> {
    const mine = { order: `order_${this.ids.next()}` };
    const owner = await this.claims.claim('order', keyOf(store, externalId), mine);
    return owner['order'] as OrderId;
  }

  /** @throws Refusal `not_found` */
  async resolve(store: StoreId, reference: string): Promise<OrderId> {
    if (isOrderId(reference)) return reference;
    const owner = await this.claims.find('order', keyOf(store, reference));
    if (!owner) throw new Refusal('not_found', 'There is no such order.');
    return owner['order'] as OrderId;
  }

  /** The same customer for the same id of the caller's; without one, a customer of this order alone. */
  customer(store: StoreId, customerExternalId: string | null, order: OrderId): CustomerId {
    const name = customerExternalId === null ? `order|${order}` : `external|${customerExternalId}`;
    return `cust_${this.ids.derive(`customer|${store}|${name}`)}`;
  }
}

function isOrderId(reference: string): reference is OrderId {
  return reference.startsWith('order_');
}

function keyOf(store: StoreId, externalId: string): string {
  return `${store}|${externalId}`;
}
