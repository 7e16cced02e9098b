import type { Currency } from '../../../../shared/domain/currency.js';
import { Money } from '../../../../shared/domain/money.js';
import { facts, heading, letter } from '../../../../shared/infrastructure/mail/letter.js';
import { minuteOf } from '../../../../shared/infrastructure/markup/calendar.js';
import { markup } from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine, withoutLinks } from '../../../../shared/infrastructure/markup/plain-text.js';
import { cardName, type ShownCard } from '../card-name.js';
import type { MailText } from './payment-link.email.js';

/** All that a receipt says. Amounts in minor units of `currency`. */
export type ReceiptMailView = Readonly<{
  store_name: string;
  order_number: string;
  customer_name: string;
  currency: Currency;
  amount: number;
  card: ShownCard | null;
  paid_at: string;
  /** What the order still owes after this payment. */
  balance_due: number;
  /** Names the payment, for questions about it. */
  payment: string;
}>;

/** Says that money arrived, from which card, for what, and what is left to pay. */
export function receiptEmail(view: ReceiptMailView): MailText {
  const { currency, balance_due } = view;
  const [store, order, customer] = [view.store_name, view.order_number, view.customer_name].map((text) =>
    withoutLinks(oneLine(text)),
  ) as [string, string, string];
  const amount = Money.format({ minor: view.amount, currency });
  const left = Money.format({ minor: balance_due, currency });
  const rows = [
    ['Paid', amount],
    ['On', minuteOf(view.paid_at)],
    ...(view.card ? [['With', cardName(view.card)] as const] : []),
    ['Order', order],
    ['Receipt', view.payment],
    ['Left to pay', left],
  ] as const;
  const greeting = customer ? `Hello ${customer},` : 'Hello,';
  const thanks = `Thank you. ${store} has received your payment of ${amount} for order ${order}.`;
  const standing = balance_due > 0 ? `${left} of the order is left to pay.` : 'The order is fully paid.';
  const why = `You get this receipt because of your order ${order} at ${store}.`;
  return {
    fromName: oneLine(view.store_name),
    subject: oneLine(`${view.store_name}: receipt for order ${view.order_number}, ${amount}`),
    text: `${[greeting, `${thanks} ${standing}`, rows.map(([name, value]) => `${name}: ${value}`).join('\n'), why].join('\n\n')}\n`,
    html: letter({
      title: `Receipt for order ${order}`,
      preview: `${thanks} ${standing}`,
      storeName: store,
      body: markup`${heading(`Receipt for order ${order}`, amount)}
<p style="margin:0 0 20px">${greeting}</p>
<p style="margin:0 0 24px">${thanks} ${standing}</p>
${facts(rows)}`,
      footer: markup`<p style="margin:0">${why}</p>`,
    }),
  };
}
