import type { RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import { gone, isOut, type StripeRefund } from '../twins/stripe-money-back.js';
import { Invariant } from './invariant.js';
import { sum } from './order-book.js';

/** I1 the other way round: what was asked for once goes back once, and never more than came. */
export class NoDoubleRefund extends Invariant {
  readonly name = 'I1 no double refund';

  override refunded({ ours, intent, id }: StripeRefund): void {
    const { books, stripe } = this.facts;
    if (ours === null) return;
    const same = stripe.back.refunds.filter((one) => one.ours === ours && one.status !== 'failed');
    if (same.length > 1) this.broken(`${ours} went back as ${same.map((one) => one.id).join(' and ')}`);
    const asked = books.payments.get(intent.payment ?? '')?.refunds.get(ours);
    if (!asked) this.broken(`${id} gives back money that nobody here had asked to give back`);
  }
}

/** I2 the other way round: whatever went back, or was taken, is in the log exactly once, and nothing else is. */
export class NoLostRefund extends Invariant {
  readonly name = 'I2 no lost refund';

  override appended({ type, stream, data }: RecordedEvent): void {
    if (type !== 'RefundApplied') return;
    const times = this.facts.disk
      .read(stream)
      .filter((event) => event.type === 'RefundApplied' && event.data['refund'] === data['refund']);
    if (times.length > 1) this.broken(`${data['refund']} is counted twice`);
  }

  override async atRest(): Promise<void> {
    const { books, stripe } = this.facts;
    for (const intent of stripe.intents.values()) {
      const payment = books.payments.get(intent.payment ?? '');
      if (intent.status !== 'captured' || !payment) continue;
      for (const { id, status } of stripe.back.refunds.filter((one) => one.intent === intent)) {
        const known = [...payment.refunds.values()].filter((one) => one.stripeRefund === id);
        if (known.length !== 1) this.broken(`${id} of ${payment.id} is in the log ${known.length} times`);
        if (known[0]?.status !== status) this.broken(`${id} is ${status}, the log says ${known[0]?.status}`);
      }
      const order = books.orders.get(payment.order);
      const counted = sum(
        [...(order?.refunds.values() ?? [])]
          .filter((one) => one.payment === payment.id && !one.isReversed)
          .map(({ amount }) => amount),
      );
      const back = gone(stripe.back.refunds, intent);
      if (counted !== back) this.broken(`${back} of ${payment.id} went back, its order counts ${counted}`);
    }
    for (const order of books.orders.values()) this.disputesOf(order.id);
  }

  private disputesOf(order: string): void {
    const { books, stripe } = this.facts;
    const taken = stripe.back.disputes.filter(
      (one) => isOut(one) && books.payments.get(one.intent.payment ?? '')?.order === order,
    );
    const out = sum(taken.map(({ intent }) => intent.amount));
    const known = books.orders.get(order)?.withdrawn;
    if (known !== out) this.broken(`banks hold ${out} of ${order}, its books say ${known}`);
  }
}
