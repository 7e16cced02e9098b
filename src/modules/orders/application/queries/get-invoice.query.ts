import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { onOurOwn } from '../../../../shared/application/context.js';
import type { Told } from '../../../../shared/application/projection.js';
import { StoreDirectory } from '../../../stores/index.js';
import type { OrderEvent } from '../../domain/order.events.js';
import { InvoiceNumbers } from '../invoice-numbers.js';
import type { InvoiceView } from '../invoice-view.js';
import { OrderBook } from '../order-book.js';
import { foldView } from '../order-views.js';
import { FindOrder, FindOrderHandler, type OrderReference } from './find-order.query.js';

/** The invoice of an order as of now, never behind: what is due, and what was paid so far. */
export class GetInvoice extends Query<InvoiceView> {
  constructor(readonly reference: OrderReference) {
    super();
  }
}

@QueryHandler(GetInvoice)
export class GetInvoiceHandler implements IQueryHandler<GetInvoice> {
  constructor(
    private readonly finder: FindOrderHandler,
    private readonly book: OrderBook,
    private readonly numbers: InvoiceNumbers,
    private readonly stores: StoreDirectory,
  ) {}

  /** @throws Refusal `not_found` */
  async execute({ reference }: GetInvoice): Promise<InvoiceView> {
    const { id, order } = await this.finder.execute(new FindOrder(reference));
    // A crash right after an order was opened may have left it without its number: whoever looks first gives it one.
    if (!order.invoice) await this.numbers.issue(id, order.store, onOurOwn('boot', id));
    const { name } = await this.stores.get(order.store);
    return invoiceOf(await this.book.history(id), name);
  }
}

function invoiceOf(events: readonly Told<OrderEvent>[], storeName: string): InvoiceView {
  const row = foldView(events);
  const issued = events.findLast((event) => event.type === 'InvoiceIssued');
  if (!row || issued?.type !== 'InvoiceIssued') throw new Error('an order has no invoice');
  const { lines, total, shipping_amount } = row;
  const tax = lines.reduce((sum, line) => sum + line.tax_amount, 0);
  return {
    object: 'invoice',
    ...issued.data,
    livemode: row.livemode,
    issued_at: issued.at,
    due_date: row.due_date,
    store: { id: row.store, name: storeName },
    order: row.id,
    order_number: row.number,
    customer: row.customer,
    currency: row.currency,
    lines,
    shipping_amount,
    subtotal: total - shipping_amount - tax,
    tax,
    total,
    payments: paymentsIn(events),
    refunds: refundsIn(events),
    refunded: row.amount_refunded,
    credited: row.amount_credited,
    disputed: row.amount_disputed,
    moved_to_credit: row.amount_moved_to_credit,
    written_off: row.amount_written_off,
    balance_due: row.balance_due,
    status: row.status === 'cancelled' ? 'cancelled' : row.payment_status,
  };
}

/** What was held for a card or a payment page came by card. */
function paymentsIn(events: readonly Told<OrderEvent>[]): InvoiceView['payments'] {
  const held = new Set(named(events, 'PaymentReserved').map(({ data }) => data.payment));
  const bounced = new Set(named(events, 'PaymentReversed').map(({ data }) => data.payment));
  return named(events, 'PaymentApplied').flatMap(({ data: { payment, captured: amount }, at: date }) => {
    const description = held.has(payment) ? 'Card payment' : 'Payment';
    return bounced.has(payment) ? [] : [{ payment, date, description, amount }];
  });
}

function refundsIn(events: readonly Told<OrderEvent>[]): InvoiceView['refunds'] {
  const failed = new Set(named(events, 'RefundReversed').map(({ data }) => data.refund));
  return named(events, 'RefundApplied').flatMap(({ data: { refund, payment, amount }, at: date }) =>
    failed.has(refund) ? [] : [{ refund, payment, date, amount }],
  );
}

function named<T extends OrderEvent['type']>(events: readonly Told<OrderEvent>[], type: T) {
  return events.filter((event): event is Extract<Told<OrderEvent>, { type: T }> => event.type === type);
}
