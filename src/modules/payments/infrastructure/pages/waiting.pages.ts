import type { Currency } from '../../../../shared/domain/currency.js';
import { Money } from '../../../../shared/domain/money.js';
import { markup } from '../../../../shared/infrastructure/markup/markup.js';
import { oneLine } from '../../../../shared/infrastructure/markup/plain-text.js';
import { facts, type Page, page, saying } from './page.js';

export type ProcessingPageView = Readonly<{
  store_name: string;
  livemode: boolean;
  order_number: string;
  currency: Currency;
  amount: number;
}>;

const LOOK_AGAIN_SECONDS = 3;

/** The customer is back, and Stripe has not said yet what became of the payment. */
export function processingPage({ currency, ...view }: ProcessingPageView): Page {
  const amount = Money.format({ minor: view.amount, currency });
  const order = oneLine(view.order_number);
  return page({
    status: 200,
    title: `Confirming ${amount} for order ${order}`,
    storeName: view.store_name,
    livemode: view.livemode,
    refreshSeconds: LOOK_AGAIN_SECONDS,
    body: markup`${saying('wait', 'Confirming your payment', 'We are waiting for the bank’s answer. It mostly takes a few seconds. There is no need to pay again.')}
<p class="running" role="status"><span></span>This page looks again by itself.</p>
${facts([
  ['Amount', amount],
  ['Order', order],
])}
<p class="until"><a href="">Look now</a>. You can also close this page: you get a receipt by mail.</p>`,
  });
}

export type PendingPageView = Readonly<{ store_name: string; livemode: boolean; order_number: string }>;

/** Another payment of the same order is under way, so nothing can be paid at this moment. */
export function busyPage({ store_name, livemode, order_number }: PendingPageView): Page {
  return page({
    status: 409,
    title: 'Another payment is under way',
    storeName: store_name,
    livemode,
    refreshSeconds: 10,
    body: markup`${saying('wait', 'Another payment is under way', `Somebody is paying for order ${oneLine(order_number)} right now. So that nothing is paid twice, please wait a moment.`)}
<p class="running" role="status"><span></span>This page looks again by itself.</p>
<p class="until"><a href="">Look now</a></p>`,
  });
}

/** The store cannot take payments at this moment. */
export function unavailablePage({ store_name, livemode, order_number }: PendingPageView): Page {
  return page({
    status: 503,
    title: 'Payment is not possible right now',
    storeName: store_name,
    livemode,
    body: saying(
      'stop',
      'Payment is not possible right now',
      markup`${oneLine(store_name)} cannot take card payments at this moment. Nothing was charged for order ${oneLine(order_number)}. Please try again later; your link stays as it is.`,
    ),
  });
}
