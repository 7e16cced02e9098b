import type { Json, Reply } from '../../src/cli/tour/quittance.client.js';
import { stripeAccount } from '../support/stripe-account.js';
import { type Case, look } from './order-life.js';

/** What may happen to money after it came, here and at Stripe. */
export class LaterActs {
  #calls = 0;
  /** Cash that somebody has asked to take back: it may be gone, whatever we were told. */
  readonly #reversing = new Set<string>();

  constructor(
    private readonly the: Case,
    private readonly stripeUrl: string,
  ) {}

  /** A part of a captured payment or all of it goes back; some ask several times at once under one key. */
  async refund(): Promise<void> {
    const { the } = this;
    const payment = await this.#captured();
    if (!payment) return;
    const amount = the.dice.chance(0.5)
      ? payment.amount_captured
      : the.dice.between(1, payment.amount_captured);
    const body = { amount, reason: 'requested_by_customer', effect: the.dice.pick(['credit', 'reopen']) };
    const key = this.#key('refund');
    const post = () => the.clerk.client.post(`/v1/payments/${payment.id}/refunds`, body, { key });
    const times = the.dice.chance(0.25) ? 3 : 1;
    const replies = await Promise.all(Array.from({ length: times }, () => the.clerk.ask('refund', post)));
    for (const reply of replies) this.#noteRefund(reply, amount);
    const ids = new Set(replies.flatMap((reply) => (reply && reply.status < 300 ? [reply.body.id] : [])));
    if (ids.size > 1) the.acknowledged.surprise(`one key made several refunds: ${[...ids].join(', ')}`);
  }

  #noteRefund(reply: Reply | undefined, amount: number): void {
    if (!reply || reply.status > 202) return;
    const { id } = reply.body;
    this.the.acknowledged.note(
      `${id} of ${amount} was asked for`,
      ({ refunds }) => refunds.get(id)?.amount === amount,
    );
  }

  /** Cash over the counter. */
  async payOffline(): Promise<void> {
    const { the } = this;
    const available = Number((await look(the))?.available ?? 0);
    if (available < 200) return;
    const body = { amount: the.dice.between(1, available / 2), method: 'cash', reference: 'till 3' };
    const key = this.#key('offline');
    const path = `/v1/orders/${the.id}/offline_payments`;
    const reply = await the.clerk.ask('offline', () => the.clerk.client.post(path, body, { key }));
    if (reply?.status !== 201) return;
    const { id } = reply.body;
    the.acknowledged.note(`${id} came past Stripe`, ({ payments }) => {
      const { amount, amount_captured } = payments.get(id) ?? {};
      const isGone = this.#reversing.has(id) && amount_captured === 0;
      return amount === body.amount && (amount_captured === amount || isGone);
    });
  }

  /** The merchant refunds in Stripe's own dashboard: nobody asks us. */
  async refundAtStripe(): Promise<void> {
    const { the } = this;
    const payment = await this.#captured();
    if (!payment) return;
    const amount = the.dice.between(1, payment.amount_captured);
    const stripe = stripeAccount(this.stripeUrl, the.store.secretKey);
    const refund = { payment_intent: payment.stripe.payment_intent, amount };
    await stripe.refunds.create(refund).catch(() => undefined);
  }

  /** The cheque bounced. */
  async reverse(): Promise<void> {
    const { the } = this;
    const list = await the.clerk.read(`/v1/payments?order=${the.id}&status=captured&limit=100`);
    const cash = (list?.data ?? []).find(({ channel }: Json) => channel === 'offline');
    if (!cash) return;
    const path = `/v1/payments/${cash.id}/reverse`;
    const key = this.#key('reverse');
    const post = () => the.clerk.client.post(path, { reason: 'It bounced' }, { key });
    this.#reversing.add(cash.id);
    const reply = await the.clerk.ask('reverse', post);
    if (reply?.status !== 200) return;
    const { status } = reply.body;
    the.acknowledged.note(
      `${cash.id} was ${status}`,
      ({ payments }) => payments.get(cash.id)?.status === status,
    );
  }

  /** Whoever owns an open exception of the order does what it offers. */
  async resolve(): Promise<void> {
    const { the } = this;
    const order = await the.clerk.read(`/v1/orders/${the.id}`);
    const list = await the.clerk.read('/v1/exceptions?status=open&limit=100');
    const mine = (list?.data ?? []).filter(
      (each: Json) => each.order === order?.id && each.actions.length > 0,
    );
    if (mine.length === 0) return;
    const { id, actions } = the.dice.pick<Json>(mine);
    const action = the.dice.pick<string>(actions);
    const body = { action, reason: 'Agreed on the phone' };
    if (action === 'raise_total') the.raise.asked = true;
    const key = this.#key('resolve');
    const post = () => the.clerk.client.post(`/v1/exceptions/${id}/resolve`, body, { key });
    const reply = await the.clerk.ask('resolve', post);
    if (reply?.status !== 200) return;
    the.acknowledged.note(`${id} was ${reply.body.status}`, ({ exceptions }) => exceptions.has(id));
  }

  async #captured(): Promise<Json | undefined> {
    const { the } = this;
    const list = await the.clerk.read(`/v1/payments?order=${the.id}&status=captured&limit=100`);
    const taken = (list?.data ?? []).filter(({ channel }: Json) => channel !== 'offline');
    return taken.length > 0 ? the.dice.pick(taken) : undefined;
  }

  #key(what: string): string {
    this.#calls += 1;
    return `${this.the.id}-${what}-${this.#calls}`;
  }
}
