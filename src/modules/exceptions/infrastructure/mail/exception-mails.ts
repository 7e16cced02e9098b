import { Injectable, type OnModuleInit } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Outbox, type OutgoingMail, type RenderedMail } from '../../../../shared/application/outbox.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { ExceptionId, OrderId } from '../../../../shared/domain/ids.js';
import { FindOrder } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import { exceptionIdFor } from '../../application/exception-stream.js';
import { EARLIER_NOTICES, EXCEPTION_MAIL } from '../../application/mails-of-ours.js';
import type { ExceptionRow } from '../../application/projections/exceptions.projection.js';
import { ExceptionNow } from '../../application/queries/exception-now.js';
import { exceptionEmail } from './exception.email.js';

/** What the notices of exceptions say, told anew each time one is sent. */
@Injectable()
export class ExceptionMails implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    private readonly queries: QueryBus,
    private readonly stores: StoreDirectory,
    private readonly now: ExceptionNow,
    private readonly ids: Ids,
  ) {}

  onModuleInit(): void {
    this.outbox.renders(EXCEPTION_MAIL, (mail) => this.#render(mail, mail.about as ExceptionId));
    // Queued before there were exceptions: about a payment, whose exception has been opened since.
    for (const kind of EARLIER_NOTICES) this.outbox.renders(kind, (mail) => this.#earlier(mail));
  }

  async #earlier(mail: OutgoingMail): Promise<RenderedMail> {
    const kinds =
      mail.kind === 'overpayment' ? (['overpaid', 'late_payment'] as const) : [EARLIER_NOTICES[1]];
    for (const kind of kinds) {
      const id = exceptionIdFor(this.ids, kind, mail.about);
      if (await this.now.peek(id)) return this.#render(mail, id);
    }
    throw new Error(`no exception is about ${mail.about} yet`);
  }

  async #render({ store }: OutgoingMail, id: ExceptionId): Promise<RenderedMail> {
    const row = await this.now.find(store, id);
    const { name } = await this.stores.get(store);
    return exceptionEmail({ ...row, store_name: name, order_number: await this.#numberOf(row) });
  }

  async #numberOf({ order }: ExceptionRow): Promise<string | null> {
    if (!order) return null;
    return (await this.queries.execute(new FindOrder(order as OrderId))).order.terms.number;
  }
}
