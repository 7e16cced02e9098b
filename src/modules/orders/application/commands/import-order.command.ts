import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Currency } from '../../../../shared/domain/currency.js';
import type { OrderId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { StoreDirectory } from '../../../stores/index.js';
import type { Customer, Terms } from '../../domain/order.events.js';
import { checkTerms, totalOf } from '../../domain/terms.js';
import { InvoiceNumbers } from '../invoice-numbers.js';
import type { OrderChange } from '../order-aggregate.js';
import { OrderBook } from '../order-book.js';
import { OrderChanges, seenAnything } from '../order-changes.js';
import { OrderReferences } from '../order-references.js';

export type StatedCustomer = Omit<Customer, 'id'>;
export type StatedTerms = Readonly<
  Omit<Terms, 'customer' | 'total'> & {
    customer: StatedCustomer;
    /** null: what the lines come to. */
    total: number | null;
  }
>;

/** An order from the order system, under its id there: opened at first, revised to exactly these terms later. */
export class ImportOrder extends Command<OrderChange & Readonly<{ created: boolean }>> {
  constructor(
    readonly ask: Readonly<{ store: StoreId; externalId: string; currency: string; terms: StatedTerms }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ImportOrder)
export class ImportOrderHandler implements ICommandHandler<ImportOrder> {
  constructor(
    private readonly references: OrderReferences,
    private readonly stores: StoreDirectory,
    private readonly book: OrderBook,
    private readonly changes: OrderChanges,
    private readonly invoices: InvoiceNumbers,
  ) {}

  /** @throws Refusal where the terms contradict themselves, or a payment under way stands against a new total. */
  async execute({ ask, context: asked }: ImportOrder): Promise<OrderChange & { created: boolean }> {
    const { store, externalId, currency } = ask;
    if (!Currency.is(currency)) {
      const detail = `${currency} is not a currency that Stripe charges.`;
      throw new Refusal('currency_unsupported', detail, { param: '/currency', currency });
    }
    const { livemode } = await this.stores.get(store);
    checkTerms(this.#termsOf('order_', ask), currency);
    const id = await this.references.claim(store, externalId);
    const terms = this.#termsOf(id, ask);
    const command = { type: 'ImportOrder', store, livemode, externalId, currency, terms } as const;
    const context = { ...asked, store };
    const isNew = (await this.book.load(id)).status === 'none';
    const change = isNew
      ? await this.book.handle(id, command, context)
      : await this.changes.handle(id, command, context, seenAnything);
    const created = change.events.some(({ type }) => type === 'OrderOpened');
    if (change.order.invoice) return { ...change, created };
    const issued = await this.invoices.issue(id, store, context);
    return { ...issued, events: [...change.events, ...issued.events], created };
  }

  #termsOf(id: OrderId, { store, terms }: ImportOrder['ask']): Terms {
    const customer = {
      ...terms.customer,
      id: this.references.customer(store, terms.customer.external_id, id),
    };
    return { ...terms, customer, total: terms.total ?? totalOf(terms) };
  }
}
