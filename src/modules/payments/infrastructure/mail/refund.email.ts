import type { Currency } from '../../../../shared/domain/currency.js';
import { Money } from '../../../../shared/domain/money.js';
import { facts, heading, letter } from '../../../../shared/infrastructure/mail/letter.js';
import { markup } from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine, withoutLinks } from '../../../../shared/infrastructure/markup/plain-text.js';
import { cardName, type ShownCard } from '../card-name.js';
import type { MailText } from './payment-link.email.js';

/** All that a customer is told of money that goes back to them. Amounts in minor units of `currency`. */
export type RefundMailView = Readonly<{
  store_name: string;
  order_number: string;
  customer_name: string;
  currency: Currency;
  amount: number;
  /** The card it goes back to; null for money that came past Stripe. */
  card: ShownCard | null;
  refund: string;
}>;

/** Says that money is on its way back, how much, where to, and for what. */
export function refundEmail(view: RefundMailView): MailText {
  const [store, order, customer] = [view.store_name, view.order_number, view.customer_name].map((text) =>
    withoutLinks(oneLine(text)),
  ) as [string, string, string];
  const amount = Money.format({ minor: view.amount, currency: view.currency });
  const rows = [
    ['Refunded', amount],
    ...(view.card ? [['To', cardName(view.card)] as const] : []),
    ['Order', order],
    ['Refund', view.refund],
  ] as const;
  const greeting = customer ? `Hello ${customer},` : 'Hello,';
  const what = `${store} has refunded ${amount} of what you paid for order ${order}.`;
  const when = view.card ? 'Your bank shows it within five to ten days.' : '';
  const why = `You get this mail because of your order ${order} at ${store}.`;
  const list = rows.map(([name, value]) => `${name}: ${value}`).join('\n');
  return {
    fromName: oneLine(view.store_name),
    subject: oneLine(`${view.store_name}: refund for order ${view.order_number}, ${amount}`),
    text: `${[greeting, `${what} ${when}`.trim(), list, why].join('\n\n')}\n`,
    html: letter({
      title: `Refund for order ${order}`,
      preview: what,
      storeName: store,
      body: markup`${heading(`Refund for order ${order}`, amount)}
<p style="margin:0 0 20px">${greeting}</p>
<p style="margin:0 0 24px">${what} ${when}</p>
${facts(rows)}`,
      footer: markup`<p style="margin:0">${why}</p>`,
    }),
  };
}
