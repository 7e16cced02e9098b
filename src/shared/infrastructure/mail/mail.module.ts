import {
  type BeforeApplicationShutdown,
  Global,
  Module,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { EventCatalog } from '../../application/event-catalog.js';
import { mails } from '../../application/mails.projection.js';
import { MailOrigin, Outbox } from '../../application/outbox.js';
import { Mailer } from '../../application/ports/mailer.port.js';
import { Subscriptions } from '../../application/subscriptions.js';
import { Config } from '../config/config.js';
import { mailCodec } from './mail.codec.js';
import { SmtpMailer } from './smtp.mailer.js';

/** Mail: the outbox, and the server it sends to. Needs Config, Streams, ReadModel, Subscriptions and Clock. */
@Global()
@Module({
  providers: [
    Outbox,
    {
      provide: Mailer,
      inject: [Config],
      useFactory: (config: Config) => new SmtpMailer(() => config.smtpUrl),
    },
    { provide: MailOrigin, inject: [Config], useFactory: ({ mailFrom }: Config) => ({ address: mailFrom }) },
  ],
  exports: [Outbox, Mailer],
})
export class MailModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly catalog: EventCatalog,
    private readonly subscriptions: Subscriptions,
    private readonly outbox: Outbox,
    private readonly mailer: Mailer,
  ) {}

  onModuleInit(): void {
    this.catalog.register(mailCodec);
    this.subscriptions.addProjection(mails).addPolicy(this.outbox.policy);
  }

  onApplicationBootstrap(): void {
    this.outbox.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.outbox.stop();
    if (this.mailer instanceof SmtpMailer) this.mailer.close();
  }
}
