import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { following } from '../../../../shared/application/context.js';
import { mailIdOf } from '../../../../shared/application/mails.projection.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import { type MailEvent, mailAggregate } from '../../../../shared/domain/mail.js';
import { FindOrder } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import { orderOf } from '../mails-of-ours.js';
import { Opening } from '../processes/opening.process.js';
import { asWords } from '../sums-in-words.js';

/** Somebody did not hear what they had to hear: a link, a receipt, a notice. */
@Injectable()
export class OpenExceptionWhenMailFails implements Policy<MailEvent> {
  readonly name = 'open-exception-when-mail-fails';
  readonly reads = ['MailFailed'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly stores: StoreDirectory,
    private readonly opening: Opening,
  ) {}

  async on(event: Told<MailEvent>): Promise<void> {
    if (event.type !== 'MailFailed') return;
    const id = mailIdOf(event.stream);
    const { state } = await this.streams.load(mailAggregate, id);
    if (state.status === 'none') return;
    const { mail } = state;
    const order = orderOf(mail);
    const { livemode } = await this.stores.get(mail.store);
    const payment = mail.about.startsWith('pay_') ? (mail.about as PaymentId) : null;
    const about = { store: mail.store, livemode, order, payment, mail: id };
    const of = order ? ` of order ${await this.#numberOf(order)}` : '';
    const explanation = `The mail “${asWords(mail.kind)}”${of} could not be delivered: ${withoutAddresses(event.data.error)}`;
    await this.opening.open({ kind: 'mail_undelivered', matter: id, about, explanation }, following(event));
  }

  async #numberOf(order: OrderId): Promise<string> {
    return (await this.queries.execute(new FindOrder(order))).order.terms.number;
  }
}

/** Whose address it was is nobody's business who only looks at the queue. */
function withoutAddresses(error: string): string {
  return error.replace(/\S+@\S+/g, 'the address').slice(0, 200);
}
