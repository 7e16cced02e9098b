import { Invariant } from './invariant.js';

const UNFINISHED = new Set(['processing', 'requires_action', 'unknown']);

/** I10: once nothing goes wrong any more, everything that was begun ends. */
export class EverythingEnds extends Invariant {
  readonly name = 'I10 everything ends';

  /** What has not ended yet, in words. */
  unfinished(): readonly string[] {
    const { books, stripe } = this.facts;
    const { orders, payments, links, runs } = books;
    return [
      ...(stripe.back.ahead > 0 ? [`${stripe.back.ahead} things are still to happen at Stripe`] : []),
      ...[...payments.values()].flatMap(({ refunds }) =>
        [...refunds.values()]
          .filter(({ status }) => status === 'requested' || status === 'pending')
          .map(({ id, status }) => `${id} is ${status}`),
      ),
      ...[...orders.values()].flatMap(({ id, held }) =>
        [...held.keys()].map((payment) => `${payment} holds part of ${id}`),
      ),
      ...[...payments.values()]
        .filter(({ status }) => UNFINISHED.has(status))
        .map(({ id, status }) => `${id} is ${status}`),
      // Of what a person has given up nobody here knows that it is still under way, or that its money came.
      ...[...stripe.intents.values()]
        .filter(({ status, payment }) => {
          const isAhead = status === 'processing' || status === 'captured';
          return isAhead && payments.get(payment ?? '')?.captures === 0;
        })
        .map(({ id, payment, status }) => `${id} of ${payment} is ${status}`),
      ...[...stripe.pages.values()]
        .filter(({ status, request }) => status === 'open' && payments.get(request.payment)?.isGivenUp)
        .map(({ id, request }) => `${id} of ${request.payment} is open`),
      ...[...payments.values()]
        .filter(({ status, hasFee, isOffline }) => status === 'captured' && !hasFee && !isOffline)
        .map(({ id }) => `the fee of ${id} is not known`),
      ...[...runs.values()].filter(({ status }) => status === 'running').map(({ id }) => `${id} runs`),
      ...[...links.values()].filter(({ isOpen }) => isOpen).map(({ id }) => `a page of ${id} is open`),
    ];
  }

  unsent(): readonly string[] {
    return [...this.facts.books.mails.values()]
      .filter(({ status }) => status === 'pending')
      .map(({ id }) => `${id} is not sent`);
  }

  override async atRest(): Promise<void> {
    const left = [...this.unfinished(), ...this.unsent()];
    if (left.length > 0) this.broken(left.join('; '));
    const { books, disk } = this.facts;
    const handled = new Set(
      disk.log
        .filter(({ type }) => type === 'StripeEventApplied' || type === 'StripeEventIgnored')
        .map(({ stream }) => stream),
    );
    const lying = disk.log.find(({ type, stream }) => type === 'StripeEventReceived' && !handled.has(stream));
    if (lying) this.broken(`${lying.stream} was received and never handled`);
    for (const order of books.orders.values()) {
      if (!order.isCancelling || order.isCancelled) continue;
      // Only a person can end it where a refund came to nothing or a bank holds the money.
      const ofIt = [...books.payments.values()].filter((payment) => payment.order === order.id);
      const isHeldUp = ofIt.some(({ refunds, disputes }) => {
        return (
          disputes.size > 0 ||
          [...refunds.values()].some(({ status }) => status === 'failed' || status === 'canceled')
        );
      });
      if (!isHeldUp) this.broken(`${order.id} is being cancelled, and nothing holds it up`);
    }
    for (const link of books.links.values()) {
      const order = books.orders.get(link.order);
      // One whose page was asked for and never opened stays as it is until somebody presses Pay again.
      if (link.status === 'active' && !link.isAskedFor && order?.isCancelled)
        this.broken(`${link.id} is active on a cancelled order`);
    }
  }
}
