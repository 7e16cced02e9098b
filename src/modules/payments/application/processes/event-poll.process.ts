import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { onOurOwn } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import { Subscriptions } from '../../../../shared/application/subscriptions.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { eventFeedAggregate } from '../../domain/event-feed.js';
import { ReceiveStripeEvent } from '../commands/receive-stripe-event.command.js';
import { PaymentGateway } from '../ports/payment-gateway.port.js';
import { transactions } from '../projections/transactions.projection.js';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;
/** Stripe may list an event later than a younger one; so much is read again each time. */
const OVERLAP_S = 10 * MINUTE_S;
/** After a start: whatever the last life was in the middle of. */
const OVERLAP_AT_FIRST_S = HOUR_S;
/** A long gap is read in parts, each a step forward that is not lost again when a later one fails. */
const PART_S = DAY_S;
/** Stripe keeps its list of events for 30 days. */
const HORIZON_S = 30 * DAY_S;

/** What a life knows of one store's list. `caughtUp`: it has read all up to there, so that little can have come since. */
type Place = Readonly<{ until: number; overlap: number; caughtUp: boolean }>;

/**
 * Reads Stripe's own list of events, so that a webhook that never came is received all the same. An event is stored
 * before the place in the list moves on, and one that cannot be stored holds the place but none of the others. The
 * place that is written down is the time of an event that was read: Stripe's clock, since ours may be wrong.
 */
@Injectable()
export class EventPoll {
  readonly #log = new Logger(EventPoll.name);
  readonly #places = new Map<StoreId, Place>();

  constructor(
    private readonly streams: Streams,
    private readonly readModel: ReadModel,
    private readonly subscriptions: Subscriptions,
    private readonly commands: CommandBus,
    private readonly gateway: PaymentGateway,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** @throws GatewayUnreachable, GatewayForbidden, Refusal `store_disconnected`: what was read up to there stays read */
  async poll(store: StoreId, signal: AbortSignal): Promise<void> {
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const { until, overlap, caughtUp } = this.#places.get(store) ?? (await this.#firstPlace(store, now));
    // Should it fail, the list has become too long to be read at once.
    this.#places.set(store, { until, overlap, caughtUp: false });
    let reached = until;
    let stuckAt = Number.POSITIVE_INFINITY;
    for (let from = Math.max(until - overlap, now - HORIZON_S); !signal.aborted; from += PART_S) {
      // A part ends well before now, so that nothing can still come into it; the last one does not end.
      const isLast = caughtUp || from + PART_S >= now - HOUR_S;
      const part = await this.#part(store, from, isLast ? undefined : from + PART_S);
      stuckAt = Math.min(stuckAt, part.stuckAt);
      if (part.newest > reached) {
        reached = part.newest;
        await this.#record(store, Math.min(reached, stuckAt));
      }
      // Stripe's clock has passed the end of an old part, however wrong ours is.
      if (!isLast && from + PART_S <= now - 2 * DAY_S) reached = Math.max(reached, from + PART_S);
      const read = isLast && stuckAt === Number.POSITIVE_INFINITY;
      this.#places.set(store, { until: Math.min(reached, stuckAt), overlap: OVERLAP_S, caughtUp: read });
      if (isLast) break;
    }
  }

  /** @param before exclusive; left out: everything there is, whatever our clock says */
  async #part(store: StoreId, from: number, before: number | undefined) {
    const notices = await this.gateway.eventsSince(store, from, before);
    let stuckAt = Number.POSITIVE_INFINITY;
    for (const notice of notices) {
      try {
        await this.commands.execute(new ReceiveStripeEvent(notice, 'sweep'));
      } catch (error) {
        stuckAt = Math.min(stuckAt, notice.created);
        const why = error instanceof Error ? error.name : typeof error;
        this.#log.warn(`${notice.event} of ${store} could not be stored: ${why}`);
      }
    }
    return { newest: notices.at(-1)?.created ?? 0, stuckAt };
  }

  async #record(store: StoreId, until: number): Promise<void> {
    const context = { ...onOurOwn('sweep', `poll_${this.ids.next()}`), store };
    await this.streams.handle(eventFeedAggregate, store, { type: 'RecordRead', store, until }, context);
  }

  /** Where an earlier life was. A log without one may have been made before there was any, and lost events since. */
  async #firstPlace(store: StoreId, now: number): Promise<Place> {
    const { state } = await this.streams.load(eventFeedAggregate, store);
    const first = { overlap: OVERLAP_AT_FIRST_S, caughtUp: false };
    // One that lies ahead was written down by a clock that was, or ours is behind: it says nothing.
    if (state.until !== null) return { until: state.until <= now ? state.until : now - HORIZON_S, ...first };
    const dayAgo = new Date((now - DAY_S) * 1000).toISOString();
    const query = { where: { store, object: 'payment' }, createdAt: { lt: dayAgo }, limit: 1 };
    const { rows } = await this.readModel.find(transactions, query);
    // Nothing can have happened at Stripe to payments that were never made; rows that are behind do not say so.
    const isKnown = rows.length === 0 && (await this.#hasReadAll());
    return { until: now - (isKnown ? DAY_S : HORIZON_S), ...first };
  }

  async #hasReadAll(): Promise<boolean> {
    const readers = await this.subscriptions.status();
    return readers.find(({ name }) => name === transactions.name)?.lag === 0;
  }
}
