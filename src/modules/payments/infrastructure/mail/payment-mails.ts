import { Injectable, type OnModuleInit } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Outbox, type OutgoingMail, type RenderedMail } from '../../../../shared/application/outbox.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Currency } from '../../../../shared/domain/currency.js';
import type { LinkId, OrderId, PaymentId, RefundId } from '../../../../shared/domain/ids.js';
import { amountsOf, FindOrder, GetInvoice, InvoiceDocuments } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import { LinkTokens } from '../../application/ports/link-tokens.port.js';
import { GetPayPage } from '../../application/queries/get-pay-page.query.js';
import { TransactionNow } from '../../application/queries/transaction-now.js';
import { paymentLinkEmail } from './payment-link.email.js';
import { receiptEmail } from './receipt.email.js';
import { refundEmail } from './refund.email.js';

const nothingAttached = { attachments: [] } as const;

/** What the mails of payments say, told anew each time one is sent. */
@Injectable()
export class PaymentMails implements OnModuleInit {
  constructor(
    private readonly outbox: Outbox,
    private readonly queries: QueryBus,
    private readonly stores: StoreDirectory,
    private readonly documents: InvoiceDocuments,
    private readonly tokens: LinkTokens,
    private readonly now: TransactionNow,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.outbox.renders('payment_link', (mail) => this.#paymentLink(mail));
    this.outbox.renders('receipt', (mail) => this.#receipt(mail));
    this.outbox.renders('refund', (mail) => this.#refund(mail));
  }

  async #paymentLink({ about }: OutgoingMail): Promise<RenderedMail> {
    const id = about as LinkId;
    const { store, order, link, standing } = await this.queries.execute(new GetPayPage(id));
    const invoice = await this.queries.execute(new GetInvoice(link.order));
    const { netPaid, balanceDue } = amountsOf(order);
    const fixed = link.amountRule.rule === 'fixed' ? link.amountRule.amount : balanceDue;
    const text = paymentLinkEmail({
      store_name: store.name,
      order_number: order.terms.number,
      customer_name: link.recipient.name,
      currency: link.currency,
      amount: standing.kind === 'payable' ? standing.amount : fixed,
      total: order.terms.total,
      amount_paid: netPaid,
      message: link.message,
      url: await this.tokens.urlOf(id),
      expires_at: link.expiresAt,
      invoice_number: invoice.number,
    });
    const content = await this.documents.pdf(invoice);
    const filename = `invoice-${invoice.number}.pdf`;
    return { ...text, attachments: [{ filename, contentType: 'application/pdf', content }] };
  }

  async #receipt({ about, store }: OutgoingMail): Promise<RenderedMail> {
    const payment = await this.now.payment(store, about as PaymentId);
    const captured = payment.currency_captured ?? payment.currency;
    const { order } = await this.queries.execute(new FindOrder(payment.order as OrderId));
    const text = receiptEmail({
      store_name: (await this.stores.get(store)).name,
      order_number: order.terms.number,
      customer_name: order.terms.customer.name,
      currency: Currency.is(captured) ? captured : order.currency,
      amount: payment.amount_captured,
      card: payment.card,
      paid_at: payment.captured_at ?? this.clock.now().toISOString(),
      balance_due: amountsOf(order).balanceDue,
      payment: payment.id,
    });
    return { ...text, ...nothingAttached };
  }

  async #refund({ about, store, data }: OutgoingMail): Promise<RenderedMail> {
    const id = String(data['payment']) as PaymentId;
    const refund = await this.now.refundOf(store, id, about as RefundId);
    const { order } = await this.queries.execute(new FindOrder(refund.order as OrderId));
    const text = refundEmail({
      store_name: (await this.stores.get(store)).name,
      order_number: order.terms.number,
      customer_name: order.terms.customer.name,
      currency: Currency.is(refund.currency) ? refund.currency : order.currency,
      amount: refund.amount,
      card: (await this.now.payment(store, id)).card,
      refund: refund.id,
    });
    return { ...text, ...nothingAttached };
  }
}
