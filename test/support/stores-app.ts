import { Global, Module } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { StoreResource } from '../../src/modules/stores/application/projections/stores.projection.js';
import { StoreWatch } from '../../src/modules/stores/application/store-watch.js';
import { OpenPayments } from '../../src/modules/stores/index.js';
import { StoresModule } from '../../src/modules/stores/stores.module.js';
import { Claims } from '../../src/shared/application/claims.js';
import { EventCatalog } from '../../src/shared/application/event-catalog.js';
import { mails } from '../../src/shared/application/mails.projection.js';
import { MailOrigin, Outbox } from '../../src/shared/application/outbox.js';
import { Authenticator, type Grant } from '../../src/shared/application/ports/access.port.js';
import { Clock } from '../../src/shared/application/ports/clock.port.js';
import { EventStore } from '../../src/shared/application/ports/event-store.port.js';
import { Ids } from '../../src/shared/application/ports/ids.port.js';
import { type Mail, Mailer } from '../../src/shared/application/ports/mailer.port.js';
import { ReadStore } from '../../src/shared/application/ports/read-store.port.js';
import { SecretVault } from '../../src/shared/application/ports/secret-vault.port.js';
import { ReadModel } from '../../src/shared/application/read-model.js';
import { Streams } from '../../src/shared/application/streams.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import type { StoreId } from '../../src/shared/domain/ids.js';
import { SCOPES } from '../../src/shared/domain/scope.js';
import { Config } from '../../src/shared/infrastructure/config/config.js';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { EdgeModule } from '../../src/shared/infrastructure/http/edge.module.js';
import { configureHttp, httpAdapter } from '../../src/shared/infrastructure/http/server.js';
import { UuidIds } from '../../src/shared/infrastructure/ids/uuid.ids.js';
import { mailCodec } from '../../src/shared/infrastructure/mail/mail.codec.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { MemorySecretVault } from '../../src/shared/infrastructure/vault/memory.secret-vault.js';

export const ALL_STORES = 'key-to-all-stores';

/** Stands still until it is moved; its sleepers wake at once, so that nothing waits for it. */
class SettableClock extends Clock {
  at = Date.parse('2026-11-23T10:00:00.000Z');
  now(): Date {
    return new Date(this.at);
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(ms, 20));
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** One key reaches all stores; any other `store_…` is a key to just that store. */
class KeysByName extends Authenticator {
  async authenticate(secret: string): Promise<Grant | undefined> {
    const stores = secret === ALL_STORES ? ('all' as const) : [secret as StoreId];
    return { actor: { kind: 'api_key', id: 'key_1' }, scopes: SCOPES, stores };
  }
}

export class SecretNames extends MemorySecretVault {
  readonly names = new Set<string>();
  override put(name: string, secret: string): Promise<void> {
    this.names.add(name);
    return super.put(name, secret);
  }
  override remove(name: string): Promise<void> {
    this.names.delete(name);
    return super.remove(name);
  }
}

/** Takes every mail and keeps it. */
class CollectedMails extends Mailer {
  readonly mails: Mail[] = [];
  async send(mail: Mail): Promise<void> {
    this.mails.push(mail);
  }
}

const shared = [
  { provide: Clock, useClass: SettableClock },
  { provide: Ids, useClass: UuidIds },
  { provide: EventStore, useClass: MemoryEventStore },
  { provide: ReadStore, useClass: MemoryReadStore },
  { provide: SecretVault, useClass: SecretNames },
  { provide: EventCatalog, useFactory: () => new EventCatalog().register(mailCodec) },
  { provide: Mailer, useClass: CollectedMails },
  { provide: MailOrigin, useValue: { address: 'payments@quittance.test' } },
  Outbox,
  { provide: Authenticator, useClass: KeysByName },
  { provide: OpenPayments, useValue: { endAll: async () => undefined } satisfies OpenPayments },
  Streams,
  Claims,
  ReadModel,
  Subscriptions,
];

@Global()
@Module({ imports: [CqrsModule.forRoot()], providers: shared, exports: shared })
class SharedForTests {}

type Wire = StoreResource & Readonly<{ code: string; param: string; data: readonly StoreResource[] }>;
export type Got = Readonly<{ status: number; headers: Record<string, unknown>; body: Wire; text: string }>;

/** The stores module behind the real edge, over in-memory stores, with the real SDK towards some Stripe. */
export class StoresApp {
  private constructor(
    private readonly app: NestFastifyApplication,
    private readonly config: Config,
  ) {}

  static async boot(
    stripe: Readonly<{ url: string; platformKey: string; clientId: string }>,
    log?: EventStore,
  ): Promise<StoresApp> {
    const config = Config.read({
      LOG_LEVEL: 'silent',
      STRIPE_API_URL: stripe.url,
      STRIPE_PLATFORM_KEY: stripe.platformKey,
      STRIPE_CLIENT_ID: stripe.clientId,
    });
    const building = Test.createTestingModule({
      imports: [EdgeModule.with(config), SharedForTests, StoresModule],
    });
    if (log) building.overrideProvider(EventStore).useValue(log);
    const testing = await building.compile();
    const app = testing.createNestApplication<NestFastifyApplication>(httpAdapter(), { bodyParser: false });
    await configureHttp(app);
    await app.init();
    const subscriptions = app.get(Subscriptions);
    subscriptions.addProjection(mails).addPolicy(app.get(Outbox).policy);
    await subscriptions.start();
    return new StoresApp(app, config);
  }

  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.app.get(type as never) as T;
  }
  get commands(): CommandBus {
    return this.app.get(CommandBus);
  }
  /** What was sent, oldest first. */
  get mails(): readonly Mail[] {
    return (this.app.get(Mailer) as CollectedMails).mails;
  }
  get secrets(): ReadonlySet<string> {
    return (this.app.get(SecretVault) as SecretNames).names;
  }

  /** Another port: the next look finds another public address. */
  moveTo(port: number): void {
    this.config.learn({ port });
  }

  pass(ms: number): void {
    (this.app.get(Clock) as SettableClock).at += ms;
  }

  look(): Promise<void> {
    return this.app.get(StoreWatch).look('sweep');
  }

  /** Every reader has seen the whole log. */
  async caughtUp(): Promise<void> {
    for (let waited = 0; (await this.app.get(Subscriptions).lag()) > 0; waited += 5) {
      if (waited > 2_000) throw new Error('the readers do not catch up');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async close(): Promise<void> {
    await this.app.get(Subscriptions).stop();
    await this.app.close();
  }

  async call(
    method: 'GET' | 'PATCH' | 'POST',
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Got> {
    const answer = await this.app.inject({
      method,
      url: path,
      headers: {
        authorization: `Bearer ${ALL_STORES}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { payload: JSON.stringify(body) }),
    });
    const isJson = /json/.test(String(answer.headers['content-type']));
    const { statusCode: status, payload: text } = answer;
    return { status, headers: answer.headers, body: (isJson ? answer.json() : {}) as Wire, text };
  }
}
