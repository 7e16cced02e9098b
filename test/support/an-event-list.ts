import { GatewayUnreachable } from '../../src/modules/payments/application/ports/payment-gateway.port.js';
import { transactions } from '../../src/modules/payments/application/projections/transactions.projection.js';
import type { StripeNotice } from '../../src/modules/payments/domain/stripe-event.js';
import type { StoreId } from '../../src/shared/domain/ids.js';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { AScriptedGateway } from './a-scripted-gateway.js';
import { lamps } from './an-order.js';
import { VirtualClock } from './virtual-clock.js';

/** Stripe's list: it can be cut off, and an event may come late into it. */
export class AList extends AScriptedGateway {
  readonly #listed: StripeNotice[] = [];
  /** Asked for anything younger than this, Stripe does not answer. */
  silentFrom = Number.POSITIVE_INFINITY;
  asked = 0;

  list(...created: readonly number[]): void {
    for (const at of created) this.#listed.push(aNotice(`evt_${this.#listed.length + 1}`, at));
  }

  override async eventsSince(_: StoreId, from: number, before = Number.POSITIVE_INFINITY) {
    this.asked += 1;
    if (before > this.silentFrom) throw new GatewayUnreachable('silence');
    const found = this.#listed.filter(({ created }) => created >= from && created < before);
    return found.sort((a, b) => a.created - b.created);
  }
}

/** A clock that may be so many seconds ahead of Stripe's. */
export class FaultyClock extends VirtualClock {
  aheadS = 0;

  override now(): Date {
    return new Date(super.now().getTime() + this.aheadS * 1000);
  }
}

function aNotice(event: string, created: number): StripeNotice {
  const object = { id: 'pi_1', object: 'payment_intent', payment_intent: 'pi_1', payment: null, store: null };
  const type = 'payment_intent.succeeded';
  return { store: lamps, event, type, created, api_version: null, livemode: false, account: null, object };
}

/** A log that holds these events, and nothing younger. */
export async function putBack(
  events: Awaited<ReturnType<MemoryEventStore['readAll']>>,
): Promise<MemoryEventStore> {
  const restored = new MemoryEventStore();
  for (const { stream, revision, id, type, schemaVersion, data, metadata } of events) {
    const expected = revision === 0 ? 'no_stream' : revision - 1;
    await restored.append(stream, expected, [{ id, type, schemaVersion, data, metadata }]);
  }
  return restored;
}

/** Stripe's events that a log has, oldest first. */
export async function receivedIn(log: MemoryEventStore): Promise<readonly string[]> {
  const all = await log.readAll(0, 1000);
  return all.filter(({ type }) => type === 'StripeEventReceived').map(({ data }) => String(data['event']));
}

/** @param at Unix seconds */
export async function aPaymentSeenAt(rows: MemoryReadStore, at: number): Promise<void> {
  const row = { created_at: new Date(at * 1000).toISOString(), store: lamps, object: 'payment' };
  await rows.commit(transactions, 0, 1, [{ key: 'pay_1', row }]);
}
