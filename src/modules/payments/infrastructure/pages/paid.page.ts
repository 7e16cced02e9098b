import type { Currency } from '../../../../shared/domain/currency.js';
import { Money } from '../../../../shared/domain/money.js';
import { minuteOf } from '../../../../shared/infrastructure/markup/calendar.js';
import { markup } from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine } from '../../../../shared/infrastructure/markup/plain-text.js';
import { cardName, type ShownCard } from '../card-name.js';
import { facts, type Page, page, saying } from './page.js';

/** A receipt. Amounts in minor units of `currency`. */
export type PaidPageView = Readonly<{
  store_name: string;
  livemode: boolean;
  order_number: string;
  currency: Currency;
  amount: number;
  paid_at: string;
  card: ShownCard | null;
  /** What the order still owes after it. */
  balance_due: number;
  /** Names the payment, for questions about it. */
  payment: string;
}>;

/** To whoever has just paid. */
export function paidPage(view: PaidPageView): Page {
  return receipt(view, 'Paid. Thank you!', 'has received your payment.');
}

/** To whoever opens a link that is paid: the receipt, and no way to pay again. */
export function alreadyPaidPage(view: PaidPageView): Page {
  return receipt(view, 'Already paid', 'has your payment. There is nothing more to do here.');
}

function receipt(view: PaidPageView, heading: string, says: string): Page {
  const { currency, paid_at, card, balance_due } = view;
  const amount = Money.format({ minor: view.amount, currency });
  const left = Money.format({ minor: balance_due, currency });
  const store = oneLine(view.store_name);
  const order = oneLine(view.order_number);
  const rows = [
    ['Amount', markup`<strong>${amount}</strong>`],
    ['Paid on', markup`<time datetime="${paid_at}">${minuteOf(paid_at)}</time>`],
    ...(card ? [['Paid with', cardName(card)] as const] : []),
    ['Order', order],
    ['Left to pay', balance_due > 0 ? left : `${left}, fully paid`],
    ['Receipt', markup`<code>${view.payment}</code>`],
  ] as const;
  return page({
    status: 200,
    title: `${amount} paid for order ${order}`,
    storeName: view.store_name,
    livemode: view.livemode,
    body: markup`${saying('done', heading, `${store} ${says}`)}${facts(rows)}`,
  });
}
