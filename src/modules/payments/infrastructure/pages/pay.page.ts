import type { Currency } from '../../../../shared/domain/currency.js';
import { Money } from '../../../../shared/domain/money.js';
import { minuteOf } from '../../../../shared/infrastructure/markup/calendar.js';
import { type Markup, markup } from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine, plainText } from '../../../../shared/infrastructure/markup/plain-text.js';
import { type Page, page } from './page.js';

/** All that the page says on which a customer decides to pay. Amounts in minor units of `currency`. */
export type PayPageView = Readonly<{
  store_name: string;
  livemode: boolean;
  order_number: string;
  currency: Currency;
  /** What would be charged now. */
  amount: number;
  lines: readonly Readonly<{ description: string; quantity: string; amount: number; tax_amount: number }>[];
  shipping_amount: number;
  total: number;
  amount_paid: number;
  /** The operator's own words. */
  message: string | null;
  expires_at: string;
  invoice_number: string | null;
  /** What happened at the last try, in words for the customer. */
  notice: string | null;
  /** Any address of the hosted payment page, `https://checkout.stripe.com`: the button leads there. */
  leads_to: string;
}>;

/** What is owed, for what, and one button. */
export function payPage(view: PayPageView): Page {
  const { currency, expires_at, total, notice, message } = view;
  const money = (minor: number) => Money.format({ minor, currency });
  const amount = money(view.amount);
  const order = oneLine(view.order_number);
  const body = markup`
${notice && markup`<p class="notice" role="alert">${plainText(notice)}</p>`}
<p class="over">Payment for order ${order}</p>
<h1 class="amount">${amount}</h1>
${view.amount !== total && markup`<p class="part">${standing(view)}</p>`}
${message && markup`<blockquote>${plainText(message)}</blockquote>`}
<form method="post"><button>Pay ${amount}</button></form>
<p class="trust"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 10.5V8a5 5 0 0 1 10 0v2.5M5.5 10.5h13v9h-13z"/></svg>You pay on Stripe’s secure page. ${oneLine(view.store_name)} does not see your card number.</p>
${view.lines.length > 0 && ordered(view)}
<p class="until">You can pay here until <time datetime="${expires_at}">${minuteOf(expires_at)}</time>.</p>`;
  return page({
    status: 200,
    title: `Pay ${amount} for order ${order}`,
    storeName: view.store_name,
    livemode: view.livemode,
    body,
    formLeadsTo: view.leads_to,
  });
}

function standing({ amount, total, amount_paid, currency }: PayPageView): string {
  const money = (minor: number) => Money.format({ minor, currency });
  const share = amount === total - amount_paid ? 'The rest' : 'A part';
  return `${share} of ${money(total)}${amount_paid > 0 ? `; ${money(amount_paid)} is paid already` : ''}.`;
}

function ordered({
  lines,
  currency,
  shipping_amount,
  total,
  amount_paid,
  invoice_number,
}: PayPageView): Markup {
  const money = (minor: number) => Money.format({ minor, currency });
  const tax = lines.reduce((sum, line) => sum + line.tax_amount, 0);
  const sums: (readonly [string, number])[] = [
    ...(tax !== 0 ? [['Tax', tax] as const] : []),
    ...(shipping_amount !== 0 ? [['Shipping', shipping_amount] as const] : []),
    ['Total', total],
    ...(amount_paid > 0 ? [['Paid', -amount_paid] as const] : []),
  ];
  return markup`<section class="ordered"><h2>Your order${invoice_number && markup` <small>Invoice ${oneLine(invoice_number)}</small>`}</h2>
<table><thead><tr><th scope="col">What</th><th scope="col">Amount</th></tr></thead>
<tbody>${lines.map(
    ({ description, quantity, amount }) =>
      markup`<tr><td>${oneLine(description)}${quantity !== '1' && markup` <small>× ${oneLine(quantity)}</small>`}</td><td>${money(amount)}</td></tr>`,
  )}</tbody>
<tfoot>${sums.map(([name, minor]) => markup`<tr><th scope="row">${name}</th><td>${money(minor)}</td></tr>`)}</tfoot></table></section>`;
}
