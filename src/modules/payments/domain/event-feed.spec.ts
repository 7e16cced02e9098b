import { describe, test } from '@jest/globals';
import { specification } from '../../../../test/support/specification.js';
import { type EventFeedEvent, eventFeedDecider } from './event-feed.js';

const { given } = specification(eventFeedDecider);
const noon = 1_795_000_000;
const read = (until: number) => ({ type: 'RecordRead', store: 'store_1', until }) as const;
const wasRead = (until: number): EventFeedEvent => ({
  type: 'StripeEventsRead',
  data: { store: 'store_1', until },
});

describe('how far the events of a store were read', () => {
  test('is not known at first', () => given().thenState({ until: null }));
  test('is kept from the first time on', () => given().when(read(noon)).then(wasRead(noon)));
  test('is kept anew once it is an hour further, and not before', () => {
    given(wasRead(noon))
      .when(read(noon + 3599))
      .thenNothing();
    given(wasRead(noon))
      .when(read(noon + 3600))
      .then(wasRead(noon + 3600));
  });
  test('never goes back', () =>
    given(wasRead(noon))
      .when(read(noon - 7200))
      .thenNothing());
  test('is the newest that was kept', () =>
    given(wasRead(noon), wasRead(noon + 3600)).thenState({ until: noon + 3600 }));
});
