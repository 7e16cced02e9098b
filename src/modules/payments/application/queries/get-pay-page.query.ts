import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { type ExistingOrder, FindOrder, orderAggregate } from '../../../orders/index.js';
import { StoreDirectory, type StoreEntry } from '../../../stores/index.js';
import { type ExistingLink, paymentLinkAggregate } from '../../domain/payment-link.js';
import type { PaymentRow } from '../projections/payment-row.js';
import { type LinkStanding, standing } from './link-standing.js';
import { TransactionNow } from './transaction-now.js';

/** What a customer's page is made of, as it is at this moment. */
export type PayPage = Readonly<{
  store: StoreEntry;
  order: ExistingOrder;
  link: ExistingLink;
  standing: LinkStanding;
  /** The payment made by this link. */
  payment: PaymentRow | null;
  /** When money last came towards the order; its opening where none did. */
  settledAt: string;
}>;

export class GetPayPage extends Query<PayPage> {
  constructor(readonly link: LinkId) {
    super();
  }
}

@QueryHandler(GetPayPage)
export class GetPayPageHandler implements IQueryHandler<GetPayPage> {
  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly stores: StoreDirectory,
    private readonly now: TransactionNow,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `not_found` */
  async execute({ link: id }: GetPayPage): Promise<PayPage> {
    const { state: link } = await this.streams.load(paymentLinkAggregate, id);
    if (link.status === 'none') throw new Refusal('not_found', 'There is no such payment link.');
    const [store, { order }] = await Promise.all([
      this.stores.get(link.store),
      this.queries.execute(new FindOrder(link.order)),
    ]);
    const payment = link.paidBy && (await this.now.payment(link.store, link.paidBy));
    const settledAt = await this.#settledAt(link);
    return { store, order, link, standing: standing(link, order, this.clock.now()), payment, settledAt };
  }

  async #settledAt({ order }: ExistingLink): Promise<string> {
    const events = await this.streams.history(orderAggregate, order);
    return (events.findLast(({ type }) => type === 'PaymentApplied') ?? events[0])?.at ?? '';
  }
}
