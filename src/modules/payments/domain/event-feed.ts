import type { Decider } from '../../../shared/domain/decider.js';
import type { StoreId } from '../../../shared/domain/ids.js';

/** How far Stripe's own list of a store's events has been read. In the log, so that it is never ahead of what is. */
export type EventFeed = Readonly<{ until: number | null }>;

export type EventFeedEvent =
  /** Everything that Stripe listed up to then is in this log. `until`: Unix seconds, Stripe's clock. */
  { type: 'StripeEventsRead'; data: Readonly<{ store: StoreId; until: number }> };

export type EventFeedCommand = { type: 'RecordRead'; store: StoreId; until: number };

/** Reading so much twice costs little; an event for each look would cost more. */
const WORTH_RECORDING_S = 3600;

export const eventFeedDecider: Decider<EventFeedCommand, EventFeed, EventFeedEvent> = {
  initial: { until: null },
  decide({ store, until }, feed) {
    const isNews = until >= (feed.until ?? 0) + WORTH_RECORDING_S;
    return isNews ? [{ type: 'StripeEventsRead', data: { store, until } }] : [];
  },
  evolve: (_, { data }) => ({ until: data.until }),
};
export const eventFeedAggregate = { category: 'stripe_feed', decider: eventFeedDecider } as const;
