import type { Currency } from '../../../../shared/domain/currency.js';
import { Money } from '../../../../shared/domain/money.js';
import { markup } from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine } from '../../../../shared/infrastructure/markup/plain-text.js';
import { facts, heading, letter } from './letter.js';
import type { MailText } from './payment-link.email.js';

/** Money that does not fit, as the merchant hears of it. Amounts in minor units of the order's `currency`. */
export type TroubleMailView = Readonly<{
  kind: 'overpayment' | 'capture_mismatch';
  store_name: string;
  order_number: string;
  currency: Currency;
  /** What was asked for, and what was captured, as text: the capture may be in another currency. */
  asked: string;
  captured: string;
  /** The part above the balance. */
  excess: number;
  payment: string;
  payment_intent: string | null;
}>;

/** To the store's notification address: what happened, and which payment to look at. */
export function troubleEmail(view: TroubleMailView): MailText {
  const order = oneLine(view.order_number);
  const store = oneLine(view.store_name);
  const excess = Money.format({ minor: view.excess, currency: view.currency });
  const what =
    view.kind === 'overpayment'
      ? `Order ${order} was paid ${excess} too much.`
      : `For order ${order}, Stripe captured ${view.captured} where ${view.asked} was asked for.`;
  const then =
    view.kind === 'overpayment'
      ? 'The money was taken and is recorded. Decide whether to give it back.'
      : 'It is recorded as what really came. Compare the payment at Stripe with the order.';
  const rows = [
    ['Asked for', view.asked],
    ['Captured', view.captured],
    ...(view.excess > 0 ? [['Too much', excess] as const] : []),
    ['Payment', view.payment],
    ...(view.payment_intent ? [['At Stripe', view.payment_intent] as const] : []),
  ] as const;
  const title =
    view.kind === 'overpayment' ? `Overpaid: order ${order}` : `Other amount captured: order ${order}`;
  return {
    fromName: 'Quittance',
    subject: oneLine(`${store}: ${title}`),
    text: `${[what, then, rows.map(([name, value]) => `${name}: ${value}`).join('\n')].join('\n\n')}\n`,
    html: letter({
      title,
      preview: what,
      storeName: store,
      body: markup`${heading(store, title)}<p style="margin:0 0 20px">${what} ${then}</p>${facts(rows)}`,
      footer: markup`<p style="margin:0">You get this mail because this is the notification address of ${store}.</p>`,
    }),
  };
}
