import { beforeEach, describe, expect, test } from '@jest/globals';
import type { QueryBus } from '@nestjs/cqrs';
import { importing, lamps, total, usd } from '../../../../../test/support/an-order.js';
import { SeededIds } from '../../../../../test/support/seeded-ids.js';
import { settled, VirtualClock } from '../../../../../test/support/virtual-clock.js';
import type { Context } from '../../../../shared/application/context.js';
import { EventCatalog } from '../../../../shared/application/event-catalog.js';
import type { Told } from '../../../../shared/application/projection.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import { Subscriptions } from '../../../../shared/application/subscriptions.js';
import { MemoryEventStore } from '../../../../shared/infrastructure/event-store/memory.event-store.js';
import { MemoryReadStore } from '../../../../shared/infrastructure/read-store/memory.read-store.js';
import { type OrderEvent, orderAggregate } from '../../../orders/index.js';
import { orderCodec } from '../../../orders/infrastructure/event-store/order.codec.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';
import { paymentCodec, paymentLinkCodec } from '../../infrastructure/event-store/payment.codec.js';
import { transactions } from '../projections/transactions.projection.js';
import { CloseLinksWhenOrderChanges } from './close-links-when-order-changes.policy.js';

const order = 'order_01';
const link = 'link_01';
const api: Context = { actor: { kind: 'system', id: 'test' }, correlationId: 'req_1', origin: 'api' };

let clock: VirtualClock;
let streams: Streams;
let subscriptions: Subscriptions;
let policy: CloseLinksWhenOrderChanges;

beforeEach(async () => {
  clock = new VirtualClock();
  const catalog = new EventCatalog().register(orderCodec).register(paymentCodec).register(paymentLinkCodec);
  const log = new MemoryEventStore();
  const rows = new MemoryReadStore();
  streams = new Streams(log, catalog, clock, new SeededIds());
  subscriptions = new Subscriptions(log, rows, catalog, clock).addProjection(transactions);
  const queries = { execute: async () => ({ order: (await streams.load(orderAggregate, order)).state }) };
  policy = new CloseLinksWhenOrderChanges(
    streams,
    queries as unknown as QueryBus,
    new ReadModel(rows),
    subscriptions,
    clock,
  );
  await streams.handle(orderAggregate, order, importing(total(10_000)), api);
  const created = {
    link,
    order,
    store: lamps,
    livemode: false,
    currency: usd,
    amount_rule: { rule: 'balance' },
    token_hash: link,
    expires_at: new Date(clock.now().getTime() + 24 * 3600_000).toISOString(),
    recipient: { name: 'Ada Lovelace', email: null },
    message: null,
    metadata: {},
  } as const;
  await streams.handle(paymentLinkAggregate, link, { type: 'CreateLink', created, mail: null }, api);
});

/** The order is cancelled; what the log says of that. */
async function cancelled(): Promise<Told<OrderEvent>> {
  const command = { type: 'CancelOrder', policy: 'none', reason: null } as const;
  await streams.handle(orderAggregate, order, command, api);
  const history = await streams.history(orderAggregate, order);
  const event = history.find(({ type }) => type === 'OrderCancelled');
  if (!event) throw new Error('the order is not cancelled');
  return event;
}

async function statusOfLink(): Promise<string> {
  return (await streams.load(paymentLinkAggregate, link)).state.status;
}

describe('a link of an order that is cancelled', () => {
  test('is closed', async () => {
    await subscriptions.start();
    const event = await cancelled();
    await settled();
    await policy.on(event);
    expect(await statusOfLink()).toBe('superseded');
    await subscriptions.stop();
  });

  test('is not passed over while its row has not come: the event is told again', async () => {
    const event = await cancelled();
    const told = policy.on(event);
    const outcome = told.then(
      () => 'done',
      () => 'to be told again',
    );
    await clock.advance(2_000);
    expect(await outcome).toBe('to be told again');
    expect(await statusOfLink()).toBe('active');

    await subscriptions.start();
    await settled();
    await policy.on(event);
    expect(await statusOfLink()).toBe('superseded');
    await subscriptions.stop();
  });
});

describe('a link that was made while money was away is closed when nothing is due any more', () => {
  type Command = Parameters<typeof orderAggregate.decider.decide>[0];
  const about = { payment: 'pay_01', dispute: 'dispute_01' } as const;
  const all = { minor: 10_000, currency: usd };
  const none = { minor: 0, currency: usd };
  const paid: Command = { type: 'ApplyPayment', payment: about.payment, captured: all };
  const taken = (status: 'open' | 'lost'): Command => ({
    type: 'ApplyDispute',
    ...about,
    status,
    withdrawn: all,
  });
  const refund = { refund: 'refund_01', payment: about.payment, amount: all, effect: 'reopen' } as const;

  test.each<[string, OrderEvent['type'], Command[]]>([
    [
      'since a dispute was won',
      'DisputeFundsReinstated',
      [taken('open'), { type: 'ApplyDispute', ...about, status: 'won', withdrawn: none }],
    ],
    [
      'since a lost dispute was written off',
      'LostDisputeDecided',
      [taken('lost'), { type: 'DecideLostDispute', dispute: about.dispute, decision: 'write_off' }],
    ],
    [
      'since a refund failed',
      'RefundReversed',
      [
        { type: 'ApplyRefund', ...refund },
        { type: 'ReverseRefund', refund: refund.refund, why: 'failed' },
      ],
    ],
  ])('%s', async (_, type, commands) => {
    await subscriptions.start();
    for (const command of [paid, ...commands]) await streams.handle(orderAggregate, order, command, api);
    await settled();
    const events = await streams.history(orderAggregate, order);
    const reads: ReadonlySet<string> = new Set(policy.reads);
    for (const event of events) if (event.type === type && reads.has(type)) await policy.on(event);
    expect(await statusOfLink()).toBe('superseded');
    await subscriptions.stop();
  });
});
