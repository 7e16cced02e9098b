import { Injectable } from '@nestjs/common';
import { type MailRow, mails } from '../../../../shared/application/mails.projection.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import type {
  DisputeId,
  LinkId,
  MailId,
  OrderId,
  PaymentId,
  RefundId,
  StoreId,
} from '../../../../shared/domain/ids.js';
import { mailAggregate } from '../../../../shared/domain/mail.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { orderAggregate } from '../../../orders/index.js';
import { paymentAggregate } from '../../domain/payment.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';
import type { DisputeRow } from '../projections/dispute-row.js';
import type { LinkRow } from '../projections/link-row.js';
import type { PaymentRow } from '../projections/payment-row.js';
import type { RefundRow } from '../projections/refund-row.js';
import { type TransactionRow, transactions } from '../projections/transactions.projection.js';

type Event = Parameters<typeof transactions.project>[1];

/** One row of the Transactions tab as the log has it at this instant: the projection itself, folded over the streams behind the row. */
@Injectable()
export class TransactionNow {
  constructor(
    private readonly streams: Streams,
    private readonly rows: ReadModel,
  ) {}

  /** @throws Refusal `not_found`, also for one of another store */
  async payment(store: StoreId, id: PaymentId): Promise<PaymentRow> {
    const own = await this.streams.history(paymentAggregate, id);
    const first = own[0];
    const begun = first?.type === 'PaymentInitiated' || first?.type === 'OfflinePaymentRecorded';
    const order = begun ? first.data.order : null;
    const row = fold(id, [...own, ...(order ? await this.#order(order) : [])]);
    if (row?.object !== 'payment' || row.store !== store)
      throw new Refusal('not_found', 'There is no such payment.');
    return row;
  }

  /** A refund of a payment that is known. @throws Refusal `not_found`, also for one of another store */
  async refundOf(store: StoreId, payment: PaymentId, id: RefundId): Promise<RefundRow> {
    const row = fold(id, await this.streams.history(paymentAggregate, payment));
    if (row?.object === 'refund' && row.store === store) return row;
    throw new Refusal('not_found', 'There is no such refund.');
  }

  /** Its row says which payment it is of; that payment's history, how it stands. @throws Refusal as `refundOf` */
  async refund(store: StoreId, id: RefundId): Promise<RefundRow> {
    const row = await this.rows.get(transactions, id);
    if (row?.object === 'refund') return this.refundOf(store, row.payment as PaymentId, id);
    throw new Refusal('not_found', 'There is no such refund.');
  }

  /** As `refund`. @throws Refusal `not_found`, also for one of another store */
  async dispute(store: StoreId, id: DisputeId): Promise<DisputeRow> {
    const known = await this.rows.get(transactions, id);
    const payment = known?.object === 'dispute' ? (known.payment as PaymentId) : null;
    const row = payment && fold(id, await this.streams.history(paymentAggregate, payment));
    if (row && row.object === 'dispute' && row.store === store) return row;
    throw new Refusal('not_found', 'There is no such dispute.');
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
