import type { RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import type { Intent } from '../twins/stripe-objects.js';
import { Invariant } from './invariant.js';

/** Attempts of a mail before it is given up, the first included. */
const ATTEMPTS = 11;

/** I12: every mail is taken at least once, under one Message-ID, and twice only where an answer was lost. */
export class MailAtLeastOnce extends Invariant {
  readonly name = 'I12 every mail at least once';

  override async atRest(): Promise<void> {
    const { books, inbox, disk } = this.facts;
    const taken = Map.groupBy(inbox.accepted, ({ messageId }) => messageId);
    const known = new Set([...books.mails.values()].map(({ messageId }) => messageId));
    for (const messageId of taken.keys())
      if (!known.has(messageId)) this.broken(`${messageId} is no mail of ours`);
    for (const mail of books.mails.values()) {
      const times = taken.get(mail.messageId)?.length ?? 0;
      const isHopeless = inbox.refusing.has(mail.to) || mail.attempts >= ATTEMPTS;
      if (mail.status === 'failed' && !isHopeless)
        this.broken(`${mail.id} was given up after ${mail.attempts} attempts`);
      if (mail.status === 'sent' && times === 0)
        this.broken(`${mail.id} is said to be sent, and nobody took it`);
      if (this.facts.nodes === 1 && times > 1 + inbox.lostAnswers + this.facts.deaths())
        this.broken(`${mail.id} was taken ${times} times`);
    }
    for (const { type, stream, data } of disk.log) {
      if (type === 'LinkMailRequested' && !books.mails.has(data['mail'] as string))
        this.broken(`${data['mail']} was asked for and never queued`);
      const payment = `pay_${stream.slice('payment-'.length)}`;
      if (type === 'PaymentCaptured' || type === 'OfflinePaymentRecorded')
        this.mailOf(payment, payment, 'receipt');
      if (type === 'RefundSucceeded') this.mailOf(payment, data['refund'] as string, 'refund');
    }
  }

  /** Each fact is told to whoever paid, once. */
  private mailOf(payment: string, about: string, kind: string): void {
    const { books } = this.facts;
    if (!books.orderOf(payment)?.email) return;
    const mails = [...books.mails.values()].filter((mail) => mail.kind === kind && mail.about === about);
    if (mails.length !== 1) this.broken(`${about} has ${mails.length} mails of kind ${kind}`);
  }
}

/** I13: nothing of one store reaches another. */
export class StoresStayApart extends Invariant {
  readonly name = 'I13 stores stay apart';

  override appended({ type, stream, data, metadata }: RecordedEvent): void {
    const { books } = this.facts;
    const [category = ''] = stream.split('-');
    if (type === 'StripeEventApplied') {
      const store = books.payments.get(data['to'] as string)?.store ?? data['to'];
      if (!stream.startsWith(`stripe_evt-${String(store).slice('store_'.length)}.`))
        this.broken(`${stream} was applied to ${data['to']} of ${store}`);
    }
    const store = storeOf(this.facts, category, stream);
    if (store && metadata['store'] && metadata['store'] !== store) {
      this.broken(`${type} of ${stream} belongs to ${store} and says ${metadata['store']}`);
    }
    if (type === 'PaymentInitiated' && books.orders.get(data['order'] as string)?.store !== data['store']) {
      this.broken(`${stream} pays an order of another store`);
    }
    if (type === 'MailQueued') {
      const about = data['about'] as string;
      const owner =
        books.payments.get(about)?.store ?? books.links.get(about)?.store ?? books.orders.get(about)?.store;
      if (owner && owner !== data['store'])
        this.broken(`${stream} tells ${data['store']} about ${about} of ${owner}`);
    }
  }

  override captured({ store, payment }: Intent): void {
    const owner = this.facts.books.payments.get(payment ?? '')?.store;
    if (owner !== store) this.broken(`${payment} of ${owner} was paid in ${store}`);
  }

  override async atRest(): Promise<void> {
    for (const page of this.facts.stripe.pages.values()) {
      const link = this.facts.books.links.get(page.request.link);
      if (link?.store !== page.request.store)
        this.broken(`a page of ${page.request.link} is open in another store`);
    }
  }
}

function storeOf({ books }: StoresStayApart['facts'], category: string, stream: string): string | undefined {
  const id = stream.slice(category.length + 1);
  if (category === 'order') return books.orders.get(`order_${id}`)?.store;
  if (category === 'payment') return books.payments.get(`pay_${id}`)?.store;
  return category === 'link' ? books.links.get(`link_${id}`)?.store : undefined;
}

/** The domain's own rules on links: one open page each, none for a link that is over. */
export class OnePagePerLink extends Invariant {
  readonly name = 'D2 one open page per link';

  /** A customer is sent to this page: whoever ends its payment must know of it. */
  shown(page: string): void {
    if (!this.facts.books.shown.has(page)) this.broken(`${page} is shown, and its link does not know it`);
  }

  override appended({ type, stream }: RecordedEvent): void {
    if (!stream.startsWith('link-')) return;
    const id = `link_${stream.slice('link-'.length)}`;
    const open = [...this.facts.stripe.pages.values()].filter(
      (page) => page.request.link === id && page.status === 'open' && this.facts.books.shown.has(page.id),
    );
    if (type === 'SessionOpened' && open.length > 1) this.broken(`${id} has ${open.length} open pages`);
    if (type === 'LinkRevoked' && open.length > 0) this.broken(`${id} is revoked while its page is open`);
  }
}

/** What does not fit is never only logged: somebody owns it, and hears of it. */
export class MisfitsHaveOwners extends Invariant {
  readonly name = 'D3 what does not fit has an owner';

  override async atRest(): Promise<void> {
    const { books } = this.facts;
    const all = [...books.exceptions.values()];
    for (const { id, status, mail } of all) {
      if (status === 'resolving') this.broken(`${id} is being resolved for ever`);
      const isTold = [...books.mails.values()].some(({ about }) => about === id);
      if (!isTold && !this.isInVain(mail)) this.broken(`nobody was told of ${id}`);
    }
    for (const payment of books.payments.values()) {
      for (const dispute of payment.disputes.keys()) {
        if (!all.some((one) => one.dispute === dispute)) this.broken(`${dispute} is nobody's`);
      }
      for (const { id, status, isOfException } of payment.refunds.values()) {
        if (status !== 'failed' || isOfException) continue;
        if (!all.some(({ refund }) => refund === id)) this.broken(`${id} failed, and it is nobody's`);
      }
    }
    for (const { id, status } of books.mails.values()) {
      if (status === 'failed' && !all.some(({ mail }) => mail === id))
        this.broken(`${id} failed, and it is nobody's`);
    }
    for (const order of books.orders.values()) {
      if (order.netPaid <= order.owed || order.isCancelling) continue;
      const isOwned = all.some((one) => one.order === order.id && one.status === 'open');
      if (!isOwned)
        this.broken(`${order.id} has ${order.netPaid - order.owed} too much, and nobody is to look at it`);
    }
  }

  /** A merchant who cannot be reached by mail is not told so by mail. */
  private isInVain(mail: string | null): boolean {
    const about = this.facts.books.mails.get(mail ?? '')?.about ?? '';
    return about.startsWith('exc_');
  }
}
