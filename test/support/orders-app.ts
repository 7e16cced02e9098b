import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Global, Module } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { v5, v7 } from 'uuid';
import {
  ApplyDispute,
  ApplyPayment,
  ApplyRefund,
  type DisputeStatus,
  type RefundEffect,
  ReleaseReservation,
  ReservePayment,
  SessionFence,
} from '../../src/modules/orders/index.js';
import { OrdersModule } from '../../src/modules/orders/orders.module.js';
import { StoreDirectory, type StoreEntry } from '../../src/modules/stores/index.js';
import { Claims } from '../../src/shared/application/claims.js';
import { type Context, following } from '../../src/shared/application/context.js';
import { EventCatalog } from '../../src/shared/application/event-catalog.js';
import { Authenticator, type Grant } from '../../src/shared/application/ports/access.port.js';
import { Clock } from '../../src/shared/application/ports/clock.port.js';
import { EventStore } from '../../src/shared/application/ports/event-store.port.js';
import { Ids } from '../../src/shared/application/ports/ids.port.js';
import { ReadStore } from '../../src/shared/application/ports/read-store.port.js';
import { ReadModel } from '../../src/shared/application/read-model.js';
import { Streams } from '../../src/shared/application/streams.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import type { OrderId, PaymentId, StoreId } from '../../src/shared/domain/ids.js';
import { Money } from '../../src/shared/domain/money.js';
import { Refusal } from '../../src/shared/domain/refusal.js';
import { SCOPES } from '../../src/shared/domain/scope.js';
import { Config } from '../../src/shared/infrastructure/config/config.js';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { EdgeModule } from '../../src/shared/infrastructure/http/edge.module.js';
import { configureHttp, httpAdapter } from '../../src/shared/infrastructure/http/server.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { plainOrder } from './an-order.js';

export const lamps: StoreId = `store_${'1'.repeat(32)}`;
export const chairs: StoreId = `store_${'2'.repeat(32)}`;

/** A second passes between any two looks at it. */
class PassingClock extends Clock {
  #at = Date.parse('2026-11-23T10:00:00.000Z');
  now(): Date {
    this.#at += 1000;
    return new Date(this.#at);
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await sleep(ms, undefined, signal && { signal }).catch(() => undefined);
  }
}

class RealIds extends Ids {
  next = () => v7().replaceAll('-', '');
  derive = (name: string) => v5(name, v5.URL).replaceAll('-', '');
  secret = (bytes: number) => randomBytes(bytes);
}

class TwoStores extends StoreDirectory {
  async find(id: StoreId): Promise<StoreEntry | undefined> {
    if (id !== lamps && id !== chairs) return undefined;
    const notification_email = 'ops@lamps.test';
    return {
      id,
      name: 'Lamps & Co',
      notification_email,
      status: 'connected',
      account: 'acct_1',
      livemode: false,
    };
  }
  async get(id: StoreId): Promise<StoreEntry> {
    const entry = await this.find(id);
    if (!entry) throw new Refusal('not_found', 'There is no such store.');
    return entry;
  }
  async connected(): Promise<readonly StoreEntry[]> {
    return [await this.get(lamps), await this.get(chairs)];
  }
}

/** Keys name what they may do: `key-lamps`, `key-chairs`, `key-both`, `key-reader`. */
class FourKeys extends Authenticator {
  async authenticate(secret: string): Promise<Grant | undefined> {
    const stores = {
      'key-lamps': [lamps],
      'key-chairs': [chairs],
      'key-both': [lamps, chairs],
      'key-reader': [lamps],
    };
    const reached = stores[secret as keyof typeof stores];
    if (!reached) return undefined;
    const scopes = secret === 'key-reader' ? (['orders:read'] as const) : SCOPES;
    return { actor: { kind: 'api_key', id: secret, name: 'Till 3' }, scopes, stores: reached };
  }
}

/** A hosted page that closes when asked; `beforeClosing` is what the customer still manages to do. */
export class FakeFence extends SessionFence {
  open = new Map<OrderId, PaymentId>();
  closed: OrderId[] = [];
  beforeClosing: (order: OrderId) => Promise<unknown> = async () => undefined;

  constructor(readonly commands: CommandBus) {
    super();
  }

  async close(order: OrderId, context: Context): Promise<void> {
    this.closed.push(order);
    await this.beforeClosing(order);
    const payment = this.open.get(order);
    if (payment) {
      await this.commands.execute(new ReleaseReservation({ order, payment, why: 'expired' }, context));
    }
  }
}

const shared = [
  { provide: Clock, useClass: PassingClock },
  { provide: Ids, useClass: RealIds },
  { provide: EventStore, useClass: MemoryEventStore },
  { provide: ReadStore, useClass: MemoryReadStore },
  { provide: EventCatalog, useValue: new EventCatalog() },
  { provide: StoreDirectory, useClass: TwoStores },
  { provide: Authenticator, useClass: FourKeys },
  {
    provide: SessionFence,
    useFactory: (commands: CommandBus) => new FakeFence(commands),
    inject: [CommandBus],
  },
  Streams,
  Claims,
  ReadModel,
  Subscriptions,
];

@Global()
@Module({ imports: [CqrsModule.forRoot()], providers: shared, exports: shared })
class SharedForTests {}

export type Sent = Readonly<{
  key?: string;
  store?: StoreId;
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
}>;
/** Whatever an answer holds: a test says what it expects. */
type Json = ReturnType<typeof JSON.parse>;
export type Got = Readonly<{ status: number; headers: Record<string, unknown>; body: Json }>;

/** The orders module behind the real edge, over in-memory stores. */
export class OrdersApp {
  /** What payments write with. */
  readonly context = following({ id: 'test', metadata: { $correlationId: 'req_1', store: lamps } });
  #orders = 0;

  private constructor(private readonly app: NestFastifyApplication) {}

  static async boot(): Promise<OrdersApp> {
    const edge = EdgeModule.with(Config.read({ LOG_LEVEL: 'silent' }));
    const testing = await Test.createTestingModule({
      imports: [edge, SharedForTests, OrdersModule],
    }).compile();
    const app = testing.createNestApplication<NestFastifyApplication>(httpAdapter(), { bodyParser: false });
    await configureHttp(app);
    await app.init();
    await app.get(Subscriptions).start();
    return new OrdersApp(app);
  }

  get fence(): FakeFence {
    return this.app.get(SessionFence);
  }
  get commands(): CommandBus {
    return this.app.get(CommandBus);
  }
  get log(): EventStore {
    return this.app.get(EventStore);
  }

  async close(): Promise<void> {
    await this.app.get(Subscriptions).stop();
    await this.app.close();
  }

  /** A call over HTTP, by the key of the first store if none is named. */
  async call(method: 'GET' | 'PUT' | 'PATCH' | 'POST', path: string, sent: Sent = {}): Promise<Got> {
    const { key = 'key-lamps', store, body, raw, headers } = sent;
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const answer = await this.app.inject({
      method,
      url: path,
      headers: {
        authorization: `Bearer ${key}`,
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...(store && { 'quittance-store': store }),
        ...headers,
      },
      ...(payload !== undefined && { payload }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }

  /** A page or a file, as the first store's key gets it. */
  async document(path: string, accept: string): Promise<Readonly<{ headers: object; bytes: Buffer }>> {
    const headers = { authorization: 'Bearer key-lamps', accept };
    const { headers: told, rawPayload } = await this.app.inject({ method: 'GET', url: path, headers });
    return { headers: told, bytes: rawPayload };
  }

  /** A new order of 100.00 without lines; the answer. */
  async anOrder(changes: object = {}): Promise<Json & { id: OrderId; external_id: string }> {
    this.#orders += 1;
    const body = { ...plainOrder, ...changes };
    const answer = await this.call('PUT', `/v1/orders/new-${this.#orders}`, { body });
    if (answer.status !== 201) throw new Error(`no order: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A card payment that came; its id. */
  async pay(order: OrderId, minor: number): Promise<PaymentId> {
    const captured = Money.of(minor, 'usd');
    const payment = `pay_${order}-${minor}` as const;
    const ask = { order, payment, amount: captured, channel: 'card', instruction: {} } as const;
    await this.commands.execute(new ReservePayment(ask, this.context));
    await this.commands.execute(new ApplyPayment({ order, payment, captured }, this.context));
    return payment;
  }

  /** A refund that is under way; its id. */
  async refund(order: OrderId, payment: PaymentId, minor: number, effect: RefundEffect = 'credit') {
    const refund = `refund_${payment}-${minor}` as const;
    const ask = { order, refund, payment, amount: Money.of(minor, 'usd'), effect } as const;
    await this.commands.execute(new ApplyRefund(ask, this.context));
    return refund;
  }

  /** The one dispute of the order, where it stands now and what it holds; its id. */
  async dispute(order: OrderId, payment: PaymentId, status: DisputeStatus, minor: number) {
    const dispute = `dispute_${order}` as const;
    const ask = { order, dispute, payment, status, withdrawn: Money.of(minor, 'usd') } as const;
    await this.commands.execute(new ApplyDispute(ask, this.context));
    return dispute;
  }

  /** The customer has the payment page open for all that is available. */
  async openPage(order: OrderId): Promise<PaymentId> {
    const payment = `pay_page-${order}` as const;
    const ask = { order, payment, amount: null, channel: 'link', instruction: {} } as const;
    await this.commands.execute(new ReservePayment(ask, this.context));
    this.fence.open.set(order, payment);
    return payment;
  }

  /** A read that sees everything written so far. */
  async read(path: string, sent: Sent = {}): Promise<Got> {
    const token = `pos_${(await this.log.head()).toString(36)}`;
    return this.call('GET', path, { ...sent, headers: { 'quittance-position': token, ...sent.headers } });
  }
}
