import { beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { CommandBus } from '@nestjs/cqrs';
import {
  AList,
  aPaymentSeenAt,
  FaultyClock,
  putBack,
  receivedIn,
} from '../../../../../test/support/an-event-list.js';
import { lamps } from '../../../../../test/support/an-order.js';
import { SeededIds } from '../../../../../test/support/seeded-ids.js';
import { EventCatalog } from '../../../../shared/application/event-catalog.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { Subscriptions } from '../../../../shared/application/subscriptions.js';
import { MemoryEventStore } from '../../../../shared/infrastructure/event-store/memory.event-store.js';
import { MemoryReadStore } from '../../../../shared/infrastructure/read-store/memory.read-store.js';
import { eventFeedCodec } from '../../infrastructure/event-store/event-feed.codec.js';
import { stripeEventCodec } from '../../infrastructure/event-store/payment.codec.js';
import {
  type ReceiveStripeEvent,
  ReceiveStripeEventHandler,
} from '../commands/receive-stripe-event.command.js';
import { GatewayUnreachable } from '../ports/payment-gateway.port.js';
import { transactions } from '../projections/transactions.projection.js';
import { EventPoll } from './event-poll.process.js';

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

let log: MemoryEventStore;
let rows: MemoryReadStore;
let clock: FaultyClock;
let stripe: AList;
/** Events that cannot be stored. */
let poison: Set<string>;
let now: number;
/** How far the rows are behind the log. */
let lag: number;
let lives = 0;

beforeEach(() => {
  Logger.overrideLogger(false);
  log = new MemoryEventStore();
  rows = new MemoryReadStore();
  clock = new FaultyClock();
  stripe = new AList();
  poison = new Set();
  lag = 0;
  now = clock.now().getTime() / 1000;
});

/** A process on this log, which knows only what is in it. */
function aLife(): EventPoll {
  const catalog = new EventCatalog().register(stripeEventCodec).register(eventFeedCodec);
  lives += 1;
  const ids = new SeededIds(`life ${lives}`);
  const streams = new Streams(log, catalog, clock, ids);
  const handler = new ReceiveStripeEventHandler(streams);
  const execute = async (command: ReceiveStripeEvent) => {
    if (poison.has(command.notice.event)) throw new Error('no room');
    await handler.execute(command);
  };
  const commands = { execute } as unknown as CommandBus;
  const status = async () => [{ name: transactions.name, lag }];
  const readers = { status } as unknown as Subscriptions;
  return new EventPoll(streams, new ReadModel(rows), readers, commands, stripe, ids, clock);
}

const poll = (life: EventPoll) => life.poll(lamps, new AbortController().signal);

const stored = () => receivedIn(log);

async function pass(seconds: number): Promise<void> {
  await clock.advance(seconds * 1000);
  now += seconds;
}

/** A payment of this store that was made so many days ago, as the read model has it. */
const aPaymentOf = (daysAgo: number) => aPaymentSeenAt(rows, now - daysAgo * DAY_S);

describe('Stripe’s list of events', () => {
  test('is read to its end, each event is stored once, however often it is listed', async () => {
    stripe.list(now - 100, now - 50);
    const life = aLife();
    await poll(life);
    await poll(life);
    stripe.list(now);
    await poll(life);
    expect(await stored()).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  test('is read again where it was already: an event that is listed late is found', async () => {
    stripe.list(now - 10);
    const life = aLife();
    await poll(life);
    stripe.list(now - 9 * 60);
    await poll(life);
    expect(await stored()).toEqual(['evt_1', 'evt_2']);
  });

  test('of events that our clock takes for the future is read all the same', async () => {
    stripe.list(now + DAY_S);
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1']);
  });
});

describe('a clock that was a day ahead', () => {
  test('hides nothing of that day, neither from this life nor from the next', async () => {
    stripe.list(now - 2 * HOUR_S);
    await poll(aLife());
    clock.aheadS = DAY_S;
    const life = aLife();
    await poll(life);
    clock.aheadS = 0;
    await pass(HOUR_S);
    stripe.list(now);
    await poll(life);
    expect(await stored()).toEqual(['evt_1', 'evt_2']);
    await pass(3 * HOUR_S);
    stripe.list(now - HOUR_S);
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  test('makes nothing of a place that it wrote down', async () => {
    const ahead = { store: lamps, until: now + DAY_S };
    await log.append(`stripe_feed-${lamps.slice('store_'.length)}`, 'no_stream', [
      { id: '0'.repeat(32), type: 'StripeEventsRead', schemaVersion: 1, data: ahead, metadata: {} },
    ]);
    stripe.list(now - HOUR_S / 2);
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1']);
  });
});

test('a store in which nothing happens is asked about once at a time, however long nothing has', async () => {
  stripe.list(now);
  await poll(aLife());
  await pass(20 * DAY_S);
  const life = aLife();
  await poll(life);
  const before = stripe.asked;
  await poll(life);
  expect(stripe.asked - before).toBe(1);
});

describe('after a gap', () => {
  test('a new life goes on where the last one was, with nothing but the log', async () => {
    stripe.list(now);
    await poll(aLife());
    await pass(20 * DAY_S);
    stripe.list(now - 19 * DAY_S, now - 3 * DAY_S, now);
    rows = new MemoryReadStore();
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1', 'evt_2', 'evt_3', 'evt_4']);
  });

  test('a log that was put back to an earlier day reads from that day on', async () => {
    stripe.list(now);
    await poll(aLife());
    const backup = await log.readAll(0, 1000);
    await pass(5 * DAY_S);
    stripe.list(now - 2 * DAY_S);
    await poll(aLife());
    log = await putBack(backup);
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1', 'evt_2']);
  });

  test('what was read before Stripe fell silent stays read, and the rest follows when it answers', async () => {
    stripe.list(now);
    await poll(aLife());
    await pass(10 * DAY_S);
    stripe.list(now - 8 * DAY_S, now - 2 * DAY_S);
    stripe.silentFrom = now - 5 * DAY_S;
    const life = aLife();
    await expect(poll(life)).rejects.toThrow(GatewayUnreachable);
    expect(await stored()).toEqual(['evt_1', 'evt_2']);
    stripe.silentFrom = Number.POSITIVE_INFINITY;
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  test('an event that cannot be stored keeps no other waiting, and is tried again until it can', async () => {
    stripe.list(now - 2 * HOUR_S, now - HOUR_S, now);
    poison.add('evt_2');
    const life = aLife();
    await poll(life);
    expect(await stored()).toEqual(['evt_1', 'evt_3']);
    await pass(3 * DAY_S);
    stripe.list(now);
    await poll(life);
    poison.clear();
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1', 'evt_3', 'evt_4', 'evt_2']);
  });
});

describe('a log without any place in the list', () => {
  test('of a store that has made payments is read as far back as Stripe keeps events', async () => {
    await aPaymentOf(40);
    stripe.list(now - 29 * DAY_S, now - 2 * DAY_S);
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1', 'evt_2']);
  });

  test('of a new store is read from the day before: older events can be about nothing of ours', async () => {
    stripe.list(now - 29 * DAY_S, now - HOUR_S);
    await poll(aLife());
    expect(await stored()).toEqual(['evt_2']);
  });

  test('whose rows are still being read is not taken for that of a new store', async () => {
    lag = 1;
    stripe.list(now - 29 * DAY_S, now - HOUR_S);
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1', 'evt_2']);
  });
});

test('the place is written down at most once an hour', async () => {
  const life = aLife();
  for (let minute = 0; minute < 180; minute += 1) {
    stripe.list(now);
    await poll(life);
    await pass(60);
  }
  const all = await log.readAll(0, 1000);
  expect(all.filter(({ type }) => type === 'StripeEventsRead').length).toBeLessThanOrEqual(4);
});

describe('looks that fail', () => {
  test('lose nothing that was read of a gap before', async () => {
    stripe.list(now);
    await poll(aLife());
    await pass(25 * DAY_S);
    const life = aLife();
    stripe.silentFrom = now - 5 * DAY_S;
    await expect(poll(life)).rejects.toThrow(GatewayUnreachable);
    const first = stripe.asked;
    await expect(poll(life)).rejects.toThrow(GatewayUnreachable);
    expect(stripe.asked - first).toBeLessThanOrEqual(3);
  });
  test('cost the gap of a quiet store once, not each time', async () => {
    stripe.list(now);
    const life = aLife();
    await poll(life);
    await pass(25 * DAY_S);
    stripe.silentFrom = now;
    await expect(poll(life)).rejects.toThrow(GatewayUnreachable);
    stripe.silentFrom = Number.POSITIVE_INFINITY;
    const before = stripe.asked;
    await poll(life);
    stripe.silentFrom = now;
    await expect(poll(life)).rejects.toThrow(GatewayUnreachable);
    stripe.silentFrom = Number.POSITIVE_INFINITY;
    const second = stripe.asked;
    await poll(life);
    expect(second - before).toBeLessThanOrEqual(30);
    expect(stripe.asked - second).toBeLessThanOrEqual(4);
  });
  test('hide nothing behind a place that lies ahead, however long nobody looked', async () => {
    const ahead = { store: lamps, until: now + DAY_S };
    await log.append(`stripe_feed-${lamps.slice('store_'.length)}`, 'no_stream', [
      { id: '0'.repeat(32), type: 'StripeEventsRead', schemaVersion: 1, data: ahead, metadata: {} },
    ]);
    // down for ten hours, with the webhook of an event lost in the middle
    await pass(10 * HOUR_S);
    stripe.list(now - 5 * HOUR_S);
    await poll(aLife());
    expect(await stored()).toEqual(['evt_1']);
  });
  test('at one event leave a long list in parts', async () => {
    stripe.list(now);
    poison.add('evt_1');
    const life = aLife();
    await poll(life);
    const widest: number[] = [];
    const original = stripe.eventsSince.bind(stripe);
    stripe.eventsSince = async (s, from, before) => {
      widest.push((before ?? now) - from);
      return original(s, from, before);
    };
    for (let day = 0; day < 10; day += 1) {
      await pass(DAY_S);
      stripe.list(now);
      await poll(life);
    }
    expect(Math.max(...widest)).toBeLessThanOrEqual(DAY_S + 2 * HOUR_S);
  });
});
