import type { Currency } from '../../../../shared/domain/currency.js';
import { Money } from '../../../../shared/domain/money.js';
import { button, facts, heading, letter, words } from '../../../../shared/infrastructure/mail/letter.js';
import { minuteOf } from '../../../../shared/infrastructure/markup/calendar.js';
import { markup } from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine, plainText, withoutLinks } from '../../../../shared/infrastructure/markup/plain-text.js';

/** All that the mail with a payment link says. Amounts in minor units of `currency`. */
export type PaymentLinkMailView = Readonly<{
  store_name: string;
  order_number: string;
  customer_name: string;
  currency: Currency;
  /** What the link asks for now. */
  amount: number;
  total: number;
  amount_paid: number;
  /** The operator's own words. */
  message: string | null;
  url: string;
  expires_at: string;
  /** Of the invoice attached; null where none is. */
  invoice_number: string | null;
}>;

/** A mail as text and as HTML; what is attached is added by whoever sends it. */
export type MailText = Readonly<{ fromName: string; subject: string; text: string; html: string }>;

/** The invoice and the link to pay it. */
export function paymentLinkEmail(view: PaymentLinkMailView): MailText {
  const { currency, url, invoice_number } = view;
  const [store, order, customer] = [view.store_name, view.order_number, view.customer_name].map((text) =>
    withoutLinks(oneLine(text)),
  ) as [string, string, string];
  const message = view.message && withoutLinks(plainText(view.message));
  const [amount, total, paid] = [view.amount, view.total, view.amount_paid].map((minor) =>
    Money.format({ minor, currency }),
  ) as [string, string, string];
  const isPart = view.amount !== view.total;
  const rows = [
    ['Order', order] as const,
    ...(isPart ? [['Order total', total] as const] : []),
    ...(view.amount_paid > 0 ? [['Paid so far', paid] as const] : []),
    ['To pay now', amount] as const,
  ];
  const greeting = customer ? `Hello ${customer},` : 'Hello,';
  const asks = `${store} asks you to pay ${amount}${isPart ? ` of ${total}` : ''} for order ${order}.`;
  const attached = invoice_number && `Invoice ${oneLine(invoice_number)} is attached.`;
  const until = `You can pay with this link until ${minuteOf(view.expires_at)}.`;
  const why = `You get this mail because of your order ${order} at ${store}. The link is yours: whoever has it can pay this order and see its invoice.`;
  return {
    fromName: oneLine(view.store_name),
    subject: oneLine(`${view.store_name}: payment for order ${view.order_number}, ${amount}`),
    text: `${[
      greeting,
      asks,
      message,
      `Pay ${amount} by card:\n${url}`,
      rows.map(([name, value]) => `${name}: ${value}`).join('\n'),
      attached,
      until,
      why,
    ]
      .filter(Boolean)
      .join('\n\n')}\n`,
    html: letter({
      title: `Payment for order ${order}`,
      preview: `${asks} ${attached ?? ''}`,
      storeName: store,
      body: markup`${heading(`Payment for order ${order}`, amount)}
<p style="margin:0 0 20px">${greeting}</p>
<p style="margin:0 0 24px">${asks}</p>
${message && words(message)}
${button(url, `Pay ${amount}`)}
${facts(rows)}
<p class="soft" style="margin:20px 0 0;font-size:14px;color:#5a6660">${attached} ${until}</p>`,
      footer: markup`<p style="margin:0 0 10px">The button does not work? Open this address:<br><a class="plain" href="${url}" style="color:#0b6b52;overflow-wrap:anywhere;word-break:break-all">${url}</a></p>
<p style="margin:0">${why}</p>`,
    }),
  };
}
