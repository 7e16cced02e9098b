import { Injectable } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Outbox } from '../../../../shared/application/outbox.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId, OrderId } from '../../../../shared/domain/ids.js';
import { mailAggregate, type QueuedMail } from '../../../../shared/domain/mail.js';
import { FindOrder } from '../../../orders/index.js';
import { ResendPaymentLink } from '../../../payments/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import { isForMerchant, orderOf } from '../mails-of-ours.js';
import type { Ending } from '../matters.js';
import type { Wished } from './giving-back.js';

/** A mail that could not be delivered, sent anew: to where its reader is to be found now. */
@Injectable()
export class MailingAgain {
  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly stores: StoreDirectory,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  async again({ id, exception, wish, context }: Wished): Promise<Ending | null> {
    const { mail: failed } = exception.subject;
    if (!failed) return null;
    const { state } = await this.streams.load(mailAggregate, failed);
    if (state.status === 'none') return null;
    const { message_id: _, ...mail } = state.mail;
    if (mail.kind === 'payment_link') {
      await this.commands.execute(new ResendPaymentLink(mail.about as LinkId, `${id}:${wish}`, context));
    } else {
      const anew = `mail_${this.ids.derive(`${id}:${wish}`)}` as const;
      await this.outbox.queue({ ...mail, id: anew, to: await this.#reader(mail) }, context);
    }
    return { outcome: 'sent_again', explanation: 'The mail is being sent again.' };
  }

  async #reader(mail: Omit<QueuedMail, 'message_id'>): Promise<QueuedMail['to']> {
    if (isForMerchant(mail)) {
      return { ...mail.to, address: (await this.stores.get(mail.store)).notification_email };
    }
    const order = orderOf(mail);
    const address = order && (await this.#customerOf(order));
    return address ? { ...mail.to, address } : mail.to;
  }

  async #customerOf(order: OrderId): Promise<string | null> {
    return (await this.queries.execute(new FindOrder(order))).order.terms.customer.email;
  }
}
