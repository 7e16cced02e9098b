import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Outbox } from '../../../../shared/application/outbox.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import { StoreDirectory } from '../store-directory.js';

/** The kind of mail that only shows that mail arrives. */
export const testNotification = 'store_test_notification';

/** Sends a mail to the store's notification address, so that somebody sees it arrive before it matters. */
export class SendTestNotification extends Command<void> {
  constructor(
    readonly store: StoreId,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(SendTestNotification)
export class SendTestNotificationHandler implements ICommandHandler<SendTestNotification> {
  constructor(
    private readonly directory: StoreDirectory,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  /** @throws Refusal `not_found` */
  async execute({ store, context }: SendTestNotification): Promise<void> {
    const { name, notification_email } = await this.directory.get(store);
    const mail = {
      id: `mail_${this.ids.next()}`,
      kind: testNotification,
      about: store,
      store,
      to: { name, address: notification_email },
      data: { store_name: name },
    } as const;
    await this.outbox.queue(mail, { ...context, store });
  }
}
