import { z } from 'zod';
import type { EventCodec } from '../../../../shared/application/event-catalog.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { EventFeedEvent } from '../../domain/event-feed.js';

const StripeEventsRead = z.object({
  store: z.custom<StoreId>((id) => typeof id === 'string' && id.startsWith('store_')),
  until: z.int().nonnegative(),
});

export const eventFeedCodec: EventCodec<EventFeedEvent> = {
  StripeEventsRead: { version: 1, parse: (data) => StripeEventsRead.parse(data) },
};
