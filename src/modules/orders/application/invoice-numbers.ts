import { Injectable } from '@nestjs/common';
import { Claims } from '../../../shared/application/claims.js';
import type { Context } from '../../../shared/application/context.js';
import type { OrderId, StoreId } from '../../../shared/domain/ids.js';
import type { OrderChange } from './order-aggregate.js';
import { OrderBook } from './order-book.js';

/** So many numbers around the newest are looked at when a store is first met: more are never under way at once. */
const LOOKED_AT = 32;

/**
 * `INV-000017`: one sequence per store. A number is claimed, then issued; a crash between the two is made good when
 * the store is next met, so that the sequence has no gaps.
 */
@Injectable()
export class InvoiceNumbers {
  /** The next number to try, by store. */
  readonly #next = new Map<StoreId, number>();
  readonly #meeting = new Map<StoreId, Promise<void>>();
  /** Claimed and not yet issued, by order: a failed call goes on with its own. */
  readonly #claimed = new Map<OrderId, number>();
  readonly #issuing = new Map<OrderId, Promise<OrderChange>>();

  constructor(
    private readonly claims: Claims,
    private readonly book: OrderBook,
  ) {}

  /** Gives the order its number, where it has none. */
  async issue(id: OrderId, store: StoreId, context: Context): Promise<OrderChange> {
    const running = this.#issuing.get(id);
    if (running) return running;
    const issuing = this.#issue(id, store, context).finally(() => this.#issuing.delete(id));
    this.#issuing.set(id, issuing);
    return issuing;
  }

  async #issue(id: OrderId, store: StoreId, context: Context): Promise<OrderChange> {
    await this.#meet(store, context);
    const { order } = await this.book.find(id);
    if (order.invoice) return this.book.handle(id, { type: 'IssueInvoice', ...order.invoice }, context);
    const number = this.#claimed.get(id) ?? (await this.#claim(id, store));
    this.#claimed.set(id, number);
    const change = await this.#record(id, number, context);
    this.#claimed.delete(id);
    return change;
  }

  #record(id: OrderId, number: number, context: Context): Promise<OrderChange> {
    const text = `INV-${String(number).padStart(6, '0')}`;
    return this.book.handle(id, { type: 'IssueInvoice', number: text }, context);
  }

  async #claim(order: OrderId, store: StoreId): Promise<number> {
    for (;;) {
      const number = this.#next.get(store) ?? 1;
      this.#next.set(store, number + 1);
      const owner = await this.claims.claim('invoice_number', keyOf(store, number), { order });
      if (owner['order'] === order) return number;
    }
  }

  /** Once per store and process. Where it fails, the next call tries again. */
  #meet(store: StoreId, context: Context): Promise<void> {
    const meeting = this.#meeting.get(store) ?? this.#findPlace(store, context);
    this.#meeting.set(store, meeting);
    meeting.catch(() => this.#meeting.delete(store));
    return meeting;
  }

  /** By doubling, then halving: `free` ends as a number that nobody has, next to one that is taken. */
  async #findPlace(store: StoreId, context: Context): Promise<void> {
    let taken = 0;
    let free = 1;
    while (await this.#ownerOf(store, free)) [taken, free] = [free, free * 2];
    while (free - taken > 1) {
      const middle = Math.floor((taken + free) / 2);
      if (await this.#ownerOf(store, middle)) taken = middle;
      else free = middle;
    }
    this.#next.set(store, await this.#heal(store, free, context));
  }

  /**
   * Numbers whose claim outlived a crash, and whose order still waits for one, are issued now.
   * @returns the lowest number that nobody has, of those around `free`
   */
  async #heal(store: StoreId, free: number, context: Context): Promise<number> {
    let lowest = free;
    for (let number = Math.max(1, free - LOOKED_AT); number < free + LOOKED_AT; number++) {
      const id = await this.#ownerOf(store, number);
      if (!id) lowest = Math.min(lowest, number);
      const order = id && (await this.book.load(id));
      if (!order || (order.status !== 'none' && order.invoice)) continue;
      if (order.status === 'none') this.#claimed.set(id, number);
      else await this.#record(id, number, { ...context, origin: 'boot' });
    }
    return lowest;
  }

  async #ownerOf(store: StoreId, number: number): Promise<OrderId | undefined> {
    return (await this.claims.find('invoice_number', keyOf(store, number)))?.['order'] as OrderId | undefined;
  }
}

function keyOf(store: StoreId, number: number): string {
  return `${store}|${number}`;
}
