import { minuteOf } from '../../../../shared/infrastructure/markup/calendar.js';
import { oneLine } from '../../../../shared/infrastructure/markup/plain-text.js';
import { type Page, page, saying } from './page.js';

/** Why a link takes no payment any more. */
export type Closing = 'expired' | 'revoked' | 'superseded' | 'cancelled' | 'contested';

export type ClosedPageView = Readonly<{
  why: Closing;
  store_name: string;
  livemode: boolean;
  order_number: string;
  expires_at: string;
}>;

type Words = Readonly<{ heading: string; text(store: string, order: string, expiry: string): string }>;

const words: Readonly<Record<Closing, Words>> = {
  expired: {
    heading: 'This link has expired',
    text: (store, order, expiry) =>
      `It could be used until ${expiry}. Ask ${store} for a new one to pay for order ${order}.`,
  },
  revoked: {
    heading: 'This link is no longer in use',
    text: (store, order) =>
      `${store} has withdrawn it. Nothing is charged here. Ask ${store} if you want to pay for order ${order}.`,
  },
  superseded: {
    heading: 'There is nothing to pay here any more',
    text: (store, order) =>
      `Order ${order} has changed since this link was made. If something is left to pay, ${store} sends a new link.`,
  },
  contested: {
    heading: 'There is nothing to pay just now',
    text: (store, order) =>
      `A bank is looking into an earlier payment of order ${order}. ${store} writes to you if something is left to pay.`,
  },
  cancelled: {
    heading: 'The order is cancelled',
    text: (store, order) => `${store} has cancelled order ${order}. There is nothing to pay.`,
  },
};

/** A link that once was good. */
export function closedPage({ why, store_name, livemode, order_number, expires_at }: ClosedPageView): Page {
  const { heading, text } = words[why];
  const says = text(oneLine(store_name), oneLine(order_number), minuteOf(expires_at));
  return page({
    status: 410,
    title: heading,
    storeName: store_name,
    livemode,
    body: saying('stop', heading, says),
  });
}

/** The same for every address that is none: nobody learns whether there ever was such a link. */
export function notFoundPage(): Page {
  return page({
    status: 404,
    title: 'There is no such page',
    storeName: null,
    body: saying(
      'stop',
      'There is no such page',
      'Look whether the address is complete: in a mail it may be broken into two lines. The button in the mail always leads to the right place.',
    ),
  });
}
