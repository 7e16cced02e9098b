import { join } from 'node:path';
import {
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Claims } from './application/claims.js';
import { EventCatalog } from './application/event-catalog.js';
import { mails } from './application/mails.projection.js';
import { MailOrigin, Outbox } from './application/outbox.js';
import { Clock } from './application/ports/clock.port.js';
import { EventStore } from './application/ports/event-store.port.js';
import { Ids } from './application/ports/ids.port.js';
import { Mailer } from './application/ports/mailer.port.js';
import { ReadStore } from './application/ports/read-store.port.js';
import { SecretVault } from './application/ports/secret-vault.port.js';
import { ReadModel } from './application/read-model.js';
import { Streams } from './application/streams.js';
import { Subscriptions } from './application/subscriptions.js';
import { SystemClock } from './infrastructure/clock/system.clock.js';
import { Config } from './infrastructure/config/config.js';
import { SqliteEventStore } from './infrastructure/event-store/sqlite.event-store.js';
import { Metrics } from './infrastructure/http/metrics.js';
import { UuidIds } from './infrastructure/ids/uuid.ids.js';
import { Log } from './infrastructure/logging/log.js';
import { mailCodec } from './infrastructure/mail/mail.codec.js';
import { SmtpMailer } from './infrastructure/mail/smtp.mailer.js';
import { SqliteReadStore } from './infrastructure/read-store/sqlite.read-store.js';
import { WalWatch } from './infrastructure/sqlite/wal-watch.js';
import { SqliteSecretVault } from './infrastructure/vault/sqlite.secret-vault.js';

const services = [Claims, EventCatalog, Outbox, ReadModel, Streams, Subscriptions];

/** What is let go of last, once nobody reads or writes any more. */
class OpenFiles {
  constructor(private readonly files: readonly { close(): void | Promise<void> }[]) {}

  async close(): Promise<void> {
    for (const file of this.files) await file.close();
  }
}

/** What every module stands on; each port's adapter is chosen here, by configuration, and nowhere else. */
@Module({})
export class SharedModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly subscriptions: Subscriptions,
    private readonly outbox: Outbox,
    private readonly files: OpenFiles,
    private readonly walWatch: WalWatch,
    log: Log,
  ) {
    this.catalog.register(mailCodec);
    this.subscriptions.addProjection(mails).addPolicy(this.outbox.policy);
    this.subscriptions.listenToFaults((reader, failure, { event, attempts }) =>
      log.fault('a reader of the log failed', failure, {
        policy: reader,
        stream: event?.stream,
        position: event?.position,
        attempt: attempts,
      }),
    );
  }

  static with(config: Config): DynamicModule {
    const { dataDir, mailFrom } = config;
    const log = SqliteEventStore.open(join(dataDir, 'log.db'));
    // Asked late: the inbox's port is known by the time that a mail is sent.
    const mailer = new SmtpMailer(() => config.smtpUrl);
    const rows = SqliteReadStore.open(join(dataDir, 'read.db'));
    const vault = new SqliteSecretVault(dataDir);
    const adapters = [
      { provide: Clock, useClass: SystemClock },
      { provide: Ids, useClass: UuidIds },
      { provide: EventStore, useValue: log },
      { provide: ReadStore, useValue: rows },
      { provide: SecretVault, useValue: vault },
      { provide: Mailer, useValue: mailer },
      { provide: MailOrigin, useValue: { address: mailFrom } },
    ];
    const wals = new Map([
      ['log.db', log.wal],
      ['read.db', rows.wal],
    ]);
    const walWatch = {
      provide: WalWatch,
      inject: [Log, Metrics],
      useFactory: (lines: Log, { registry }: Metrics) => new WalWatch(wals, lines, registry),
    };
    const files = { provide: OpenFiles, useValue: new OpenFiles([mailer, vault, rows, log]) };
    return {
      module: SharedModule,
      global: true,
      providers: [...adapters, ...services, walWatch, files],
      exports: [...adapters.map(({ provide }) => provide), ...services],
    };
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.subscriptions.start();
    this.outbox.start();
    this.walWatch.start();
  }

  /** Readers first, then what they read from. */
  async onApplicationShutdown(): Promise<void> {
    await this.outbox.stop();
    await this.subscriptions.stop();
    this.walWatch.stop();
    await this.files.close();
  }
}
