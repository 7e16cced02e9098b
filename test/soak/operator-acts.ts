import type { Json, Reply } from '../../src/cli/tour/quittance.client.js';
import { type Case, look } from './order-life.js';

const GOOD_CARDS = [
  'pm_card_visa',
  'pm_card_mastercard',
  'pm_card_visa_debit',
  'pm_card_pendingRefund',
  'pm_card_refundFail',
];
const BAD_CARDS = [
  'pm_card_visa_chargeDeclined',
  'pm_card_visa_chargeDeclinedInsufficientFunds',
  'pm_card_visa_chargeDeclinedLostCard',
  'pm_card_chargeDeclinedProcessingError',
];
const LEAST = 100;
/** Kinds of exceptions that keep a cancelled order from its end until a person has seen to them. */
const HOLDS_UP: ReadonlySet<string> = new Set(['refund_failed', 'dispute_opened', 'dispute_lost']);

/** What the operator of an order does over the API, and what must be so once it was answered. */
export class OperatorActs {
  #calls = 0;

  constructor(private readonly the: Case) {}

  async import(): Promise<boolean> {
    const { the } = this;
    const total = the.dice.between(10, 600) * 100;
    the.totals.add(total);
    const terms = {
      number: the.id,
      currency: 'usd',
      customer: { external_id: `c-${the.id}`, name: 'Ada Lovelace', email: the.email },
      total,
    };
    const put = () => the.clerk.client.put(`/v1/orders/${the.id}`, terms);
    const reply = await the.clerk.ask('import', put, 0);
    if (!reply || reply.status > 201) return false;
    the.acknowledged.note(`order ${the.id} was opened`, ({ orders }) => orders.has(the.id));
    this.#noteTotals();
    return true;
  }

  async charge(): Promise<void> {
    const amount = await this.#somethingOf();
    if (amount) await this.#charge({ amount, payment_method: this.the.dice.pick(GOOD_CARDS) });
  }

  async chargeTheRest(): Promise<void> {
    await this.#charge({ payment_method: 'pm_card_visa' });
  }

  async chargeDeclined(): Promise<void> {
    const amount = await this.#somethingOf();
    if (amount) await this.#charge({ amount, payment_method: this.the.dice.pick(BAD_CARDS) });
  }

  /** Its holder tells the bank afterwards that they know nothing of it. */
  async chargeDisputed(): Promise<void> {
    const amount = await this.#somethingOf();
    const cards = ['pm_card_createDispute', 'pm_card_createDisputeInquiry'];
    if (amount) await this.#charge({ amount, payment_method: this.the.dice.pick(cards) });
  }

  /** The card's bank asks its holder, who says yes, says no, or is not there. */
  async chargeAuthenticated(): Promise<void> {
    const { dice } = this.the;
    const amount = await this.#somethingOf();
    if (!amount) return;
    const isPresent = dice.chance(0.8);
    const answer = dice.weighed({ complete: 6, fail: 2, nothing: 2 });
    const reply = await this.#charge({
      amount,
      payment_method: 'pm_card_authenticationRequired',
      ...(isPresent && { return_url: 'https://shop.test/thanks' }),
    });
    const bank = reply?.body?.next_action?.url;
    if (!bank || answer === 'nothing') return;
    const body = new URLSearchParams({ outcome: answer });
    await fetch(bank, { method: 'POST', body, redirect: 'manual' }).catch(() => undefined);
  }

  /** Two operators charge all of it at the same time, each under a key of their own. */
  async race(): Promise<void> {
    await Promise.all([this.chargeTheRest(), this.chargeTheRest()]);
  }

  async sendLink(): Promise<void> {
    const { the } = this;
    const amount = the.dice.chance(0.5) ? await this.#somethingOf() : undefined;
    const body = { ...(amount && { amount }), send: the.dice.chance(0.6), message: 'Thank you!' };
    const key = this.#key('link');
    const path = `/v1/orders/${the.id}/payment_links`;
    const reply = await the.clerk.ask('link', () => the.clerk.client.post(path, body, { key }));
    if (reply?.status !== 201) return;
    const { id, url, rule, amount: asked } = reply.body as Json;
    the.links.push({ id, url });
    the.acknowledged.note(`${id} asks for ${asked ?? 'the balance'}`, ({ links }) => {
      const found = links.get(id);
      return found?.rule === rule && found.amount === asked;
    });
  }

  async revokeLink(): Promise<void> {
    const { the } = this;
    const link = the.links.length > 0 ? the.dice.pick(the.links) : undefined;
    if (!link) return;
    const reply = await this.#post('revoke', `/v1/payment_links/${link.id}/revoke`);
    if (reply?.status !== 200) return;
    const { status } = reply.body;
    the.acknowledged.note(`${link.id} was ${status}`, ({ links }) => links.get(link.id)?.status === status);
  }

  async resendLink(): Promise<void> {
    const { links, dice } = this.the;
    if (links.length > 0) await this.#post('resend', `/v1/payment_links/${dice.pick(links).id}/resend`);
  }

  async voidPayment(): Promise<void> {
    const { the } = this;
    if (the.payments.size === 0) return;
    const id = the.dice.pick([...the.payments]);
    const reply = await this.#post('void', `/v1/payments/${id}/void`);
    if (reply?.status !== 200 || reply.body.status !== 'voided') return;
    the.acknowledged.note(`${id} was voided`, ({ payments }) => payments.get(id)?.status === 'voided');
  }

  async syncPayment(): Promise<void> {
    const { payments, dice } = this.the;
    if (payments.size > 0) await this.#post('sync', `/v1/payments/${dice.pick([...payments])}/sync`);
  }

  async changeTotal(): Promise<void> {
    const { the } = this;
    const total = the.dice.between(10, 600) * 100;
    the.totals.add(total);
    const path = `/v1/orders/${the.id}`;
    const reply = await the.clerk.ask('total', () => the.clerk.client.patch(path, { total }));
    if (reply?.status === 200) the.totals.clear();
    if (reply?.status === 200) the.totals.add(total);
    else if (reply) the.totals.delete(total);
  }

  async cancel(): Promise<void> {
    const { the } = this;
    const body = {
      refund_policy: the.dice.pick(['none', 'keep_credit', 'refund_all']),
      reason: 'Ordered twice',
    };
    const reply = await this.#post('cancel', `/v1/orders/${the.id}/cancel`, body);
    if (reply?.status !== 200) return;
    the.acknowledged.note(`order ${the.id} was cancelled, or a person has to`, ({ orders, exceptions }) => {
      const { id, status } = orders.get(the.id) ?? {};
      // Where a refund came to nothing or a bank holds the money, only a person can end it, and is told.
      const isHeldUp = [...exceptions.values()].some(({ order, kind }) => order === id && HOLDS_UP.has(kind));
      return status === 'cancelled' || (status === 'cancelling' && isHeldUp);
    });
  }

  /** Some charges are sent several times at once under one key, as impatient clients do. */
  async #charge(body: Json): Promise<Reply | undefined> {
    const { the } = this;
    const key = this.#key('charge');
    const path = `/v1/orders/${the.id}/charges`;
    const post = () => the.clerk.client.post(path, body, { key });
    const times = the.dice.chance(0.25) ? the.dice.between(2, 4) : 1;
    const replies = await Promise.all(Array.from({ length: times }, () => the.clerk.ask('charge', post)));
    for (const reply of replies) this.#noteCharge(reply);
    const ids = new Set(replies.flatMap((reply) => paymentOf(reply)?.id ?? []));
    if (ids.size > 1) the.acknowledged.surprise(`one key made several payments: ${[...ids].join(', ')}`);
    return replies.find((reply) => reply !== undefined);
  }

  #noteCharge(reply: Reply | undefined): void {
    const { the } = this;
    const payment = paymentOf(reply);
    if (!reply || !payment) return;
    const { id, amount } = payment;
    the.payments.add(id);
    if (reply.status === 201)
      the.acknowledged.note(`${id} captured ${amount}`, ({ payments }) => {
        const found = payments.get(id);
        return found?.status === 'captured' && found.amount_captured === amount;
      });
    else if (reply.status === 202)
      the.acknowledged.note(`${id} was begun`, ({ payments }) => payments.get(id)?.amount === amount);
    else if (payment.status === 'failed' || payment.status === 'voided')
      the.acknowledged.note(`${id} took no money`, ({ payments }) => {
        return payments.get(id)?.status === payment.status && payments.get(id)?.amount_captured === 0;
      });
  }

  /** A part of what is available, or all of it; nothing where nothing is. */
  async #somethingOf(): Promise<number | undefined> {
    const order = await look(this.the);
    const available = Number(order?.available ?? 0);
    if (available < 2 * LEAST || this.the.dice.chance(0.2)) return available >= LEAST ? available : undefined;
    const part = this.the.dice.between(LEAST, available - LEAST);
    return part;
  }

  #post(what: string, path: string, body: unknown = {}): Promise<Reply | undefined> {
    return this.the.clerk.ask(what, () => this.the.clerk.client.post(path, body));
  }

  #noteTotals(): void {
    const { the } = this;
    the.acknowledged.note(`the total of order ${the.id} is one that was asked for last`, ({ orders }) => {
      const total = orders.get(the.id)?.total;
      return the.totals.has(total) || (the.raise.asked && total > Math.min(...the.totals));
    });
  }

  #key(what: string): string {
    this.#calls += 1;
    return `${this.the.id}-${what}-${this.#calls}-${this.the.dice.between(0, 1e9)}`;
  }
}

/** The payment that an answer is about, whether it went well or not. */
function paymentOf(reply: Reply | undefined): Json | undefined {
  const { body } = reply ?? {};
  if (body?.object === 'payment') return body;
  return body?.payment?.object === 'payment' ? body.payment : undefined;
}
