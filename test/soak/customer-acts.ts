import { setTimeout as pause } from 'node:timers/promises';
import { CARDS, open, type Page, payByCard, submit, words } from '../../src/cli/tour/customer.js';
import { payAndLeave } from '../support/a-leaving-customer.js';
import type { Case } from './order-life.js';

const TRIES = 8;
const BETWEEN_TRIES_MS = 600;

/** What the customer of an order does, who has nothing but a link: every step may meet a server that is not there. */
export class CustomerActs {
  constructor(private readonly the: Case) {}

  /** Goes on until the page says that it is paid, or their patience ends. Some try a card first that is declined. */
  async pay(): Promise<void> {
    const link = this.#link();
    if (link) await this.#pay(link, this.the.dice.chance(0.3));
  }

  async payInTwoTabs(): Promise<void> {
    const link = this.#link();
    if (link) await Promise.all([this.#pay(link, false), this.#pay(link, false)]);
  }

  /** Opens the hosted page, and either pays and closes the window, or just closes it. */
  async payAndLeave(): Promise<void> {
    const link = this.#link();
    const pays = this.the.dice.chance(0.6);
    if (!link) return;
    try {
      const hosted = await submit(await open(link.url));
      if (pays && isHosted(hosted)) await payAndLeave(hosted);
    } catch {
      // There was no server, or no page: they do not try again.
    }
  }

  async #pay(link: Readonly<{ id: string; url: string }>, hasBadCard: boolean): Promise<void> {
    for (let attempt = 0, bad = hasBadCard; attempt < TRIES; attempt++) {
      try {
        const page = await open(link.url);
        if (page.status === 404 || page.status === 410) return;
        if (!/<form\b/i.test(page.html)) {
          if (/paid/i.test(words(page.html))) return this.#notePaid(link.id);
        } else {
          const hosted = await submit(page);
          if (isHosted(hosted)) await payByCard(hosted, bad ? CARDS.insufficientFunds : CARDS.visa);
          bad = false;
        }
      } catch {
        // The server died under the customer's hands. They try again when it may be back.
      }
      await pause(BETWEEN_TRIES_MS);
    }
  }

  /** The page says so where the link is paid, or its order is settled another way. */
  #notePaid(id: string): void {
    const { the } = this;
    the.acknowledged.note(`the customer of ${id} was told that it is paid`, ({ links, orders }) => {
      const order = orders.get(the.id);
      return links.get(id)?.status === 'paid' || order?.amount_captured > 0;
    });
  }

  #link(): Readonly<{ id: string; url: string }> | undefined {
    const { links, dice } = this.the;
    return links.length > 0 ? dice.pick(links) : undefined;
  }
}

function isHosted({ html }: Page): boolean {
  return /cardnumber/.test(html);
}
