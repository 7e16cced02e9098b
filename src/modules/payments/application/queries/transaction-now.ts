import { Injectable } from '@nestjs/common';
import { type MailRow, mails } from '../../../../shared/application/mails.projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId, MailId, OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { mailAggregate } from '../../../../shared/domain/mail.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { orderAggregate } from '../../../orders/index.js';
import { paymentAggregate } from '../../domain/payment.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';
import type { LinkRow } from '../projections/link-row.js';
import type { PaymentRow } from '../projections/payment-row.js';
import { type TransactionRow, transactions } from '../projections/transactions.projection.js';

type Event = Parameters<typeof transactions.project>[1];

/** One row of the Transactions tab as the log has it at this instant: the projection itself, folded over the streams behind the row. */
@Injectable()
export class TransactionNow {
  constructor(private readonly streams: Streams) {}

  /** @throws Refusal `not_found`, also for one of another store */
  async payment(store: StoreId, id: PaymentId): Promise<PaymentRow> {
    const own = await this.streams.history(paymentAggregate, id);
    const first = own[0];
    const order = first?.type === 'PaymentInitiated' ? first.data.order : null;
    const row = fold(id, [...own, ...(order ? await this.#order(order) : [])]);
    if (row?.object !== 'payment' || row.store !== store)
      throw new Refusal('not_found', 'There is no such payment.');
    return row;
  }

  /** @throws Refusal `not_found`, also for one of another store */
  async link(store: StoreId, id: LinkId): Promise<LinkRow> {
    const row = fold(id, await this.streams.history(paymentLinkAggregate, id));
    if (row?.object === 'payment_link' && row.store === store) return row;
    throw new Refusal('not_found', 'There is no such payment link.');
  }

  /** Where a mail stands; undefined for one that is about to be queued. */
  async mail(id: MailId): Promise<MailRow | undefined> {
    const events = await this.streams.history(mailAggregate, id);
    const project = (row: MailRow | undefined, event: (typeof events)[number]) =>
      mails.project(row, event, id) ?? undefined;
    return events.reduce(project, undefined as MailRow | undefined);
  }

  #order(id: OrderId) {
    return this.streams.history(orderAggregate, id);
  }
}

function fold(
  key: string,
  events: readonly { type: string; position: number }[],
): TransactionRow | undefined {
  const read: ReadonlySet<string> = new Set(transactions.reads);
  const told = events.filter(({ type }) => read.has(type)).sort((a, b) => a.position - b.position) as Event[];
  let row: TransactionRow | undefined;
  for (const event of told) {
    if (transactions.keys(event).includes(key)) row = transactions.project(row, event, key) ?? undefined;
  }
  return row;
}
