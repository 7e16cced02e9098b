import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId, PaymentId, RefundId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import {
  type ExistingPayment,
  paymentAggregate,
  type Refund,
  RequestRefund,
  refundable,
} from '../../../payments/index.js';
import type { ExistingException } from '../../domain/exception.js';
import { refundIdFor } from '../exception-stream.js';
import { Matters } from '../matters.js';
import { asWords, inWords } from '../sums-in-words.js';

/** A refund that an exception made. */
export type Made = Refund & Readonly<{ payment: PaymentId; refund: RefundId }>;

/** What is to be given back of one payment, and what that does to what is owed. */
type Part = Pick<Refund, 'amount' | 'effect' | 'reason'> & Readonly<{ payment: PaymentId }>;

/** One call to resolve an exception. */
export type Wished = Readonly<{
  id: ExceptionId;
  exception: ExistingException;
  wish: string;
  context: Context;
}>;

/**
 * Money on its way back because an exception asked for it. Each refund has an id that follows from the exception, the
 * call and the payment, so going on after a crash makes none twice.
 */
@Injectable()
export class GivingBack {
  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
    private readonly matters: Matters,
    private readonly ids: Ids,
  ) {}

  /** What a call has made so far, whatever became of it. */
  async made({ id, exception, wish }: Omit<Wished, 'context'>): Promise<readonly Made[]> {
    const found: Made[] = [];
    for (const payment of await this.#paymentsOf(exception)) {
      const refund = refundIdFor(this.ids, id, wish, payment);
      const known = (await this.#load(payment))?.refunds.get(refund);
      if (known) found.push({ ...known, payment, refund });
    }
    return found;
  }

  /** As much of the exception's amount as the order still has too much of; null where it has no more. */
  async excess(wished: Wished): Promise<string | null> {
    const { amount, order, currency } = wished.exception.subject;
    if (!order || amount === null || !currency) return null;
    const made = await this.made(wished);
    const sum = made.reduce((all, refund) => all + refund.amount, 0);
    const left = Math.min(amount - sum, await this.#excessOf(wished.exception));
    if (sum === 0 && left <= 0) return null;
    const used = new Set(made.map(({ payment }) => payment));
    // What is given back beyond an excess, should it have shrunk meanwhile, is owed again.
    const terms = { effect: 'reopen', reason: null } as const;
    const parts = left > 0 ? await this.#spread(wished.exception, left, used) : [];
    return this.#make(
      wished,
      parts.map((part) => ({ ...part, ...terms })),
    );
  }

  /** All that is left of the payment: it was not what was asked for, so the debt stands again. */
  async payment(wished: Wished): Promise<string | null> {
    const { payment } = wished.exception.subject;
    if (!payment) return null;
    if ((await this.made(wished)).length > 0) return this.#make(wished, []);
    const state = await this.#load(payment);
    const amount = state ? refundable(state) : 0;
    return this.#make(wished, [{ payment, amount, effect: 'reopen', reason: null }]);
  }

  /** The refund that failed, once more under a new id. */
  async again(wished: Wished): Promise<string | null> {
    const { payment, refund } = wished.exception.subject;
    if (!payment || !refund) return null;
    if ((await this.made(wished)).length > 0) return this.#make(wished, []);
    const failed = (await this.#load(payment))?.refunds.get(refund);
    if (!failed) return null;
    const { amount, effect, reason } = failed;
    return this.#make(wished, [{ payment, amount, effect, reason }]);
  }

  /** @throws Refusal where Stripe would not, or `stripe_unreachable` while it has not said */
  async #make(wished: Wished, parts: readonly Part[]): Promise<string> {
    const { id, exception, wish, context } = wished;
    const about: Context = { ...context, causationId: id };
    for (const { payment, ...terms } of parts) {
      const refund = refundIdFor(this.ids, id, wish, payment);
      const note = context.reason ?? null;
      const ask = { store: exception.subject.store, payment, ...terms, note };
      await this.commands.execute(new RequestRefund(refund, ask, about));
    }
    const made = await this.made(wished);
    for (const { status, failureReason } of made) {
      if (status === 'requested') {
        throw new Refusal('stripe_unreachable', 'Stripe has not answered yet.', { retryable: true });
      }
      if (status === 'pending' || status === 'succeeded') continue;
      throw refusedByStripe(failureReason ?? status);
    }
    const sums = made.map(({ amount, currency }) => inWords(amount, currency));
    return `${sums.join(' and ')} ${sums.length > 1 ? 'were' : 'was'} refunded.`;
  }

  /** What the order has too much of, less refunds that it has not heard of yet. */
  async #excessOf(exception: ExistingException): Promise<number> {
    const { order: id } = exception.subject;
    if (!id) return 0;
    const order = await this.matters.order(id);
    let left = this.matters.excessOf(order);
    for (const payment of order.applied.keys()) {
      for (const [refund, { status, amount }] of (await this.#load(payment))?.refunds ?? []) {
        const isAlive = status !== 'failed' && status !== 'canceled';
        if (isAlive && !order.refunds.has(refund)) left -= amount;
      }
    }
    return left;
  }

  /** Of its own payment first, then of the newest. Money that came past Stripe is given back by hand, not from here. */
  async #spread(exception: ExistingException, amount: number, used: ReadonlySet<PaymentId>) {
    const own = exception.subject.payment;
    const parts: { payment: PaymentId; amount: number }[] = [];
    let left = amount;
    for (const payment of await this.#paymentsOf(exception)) {
      const state = await this.#load(payment);
      const isByHand = state?.asked.method.channel === 'offline' && payment !== own;
      if (!state || isByHand || used.has(payment)) continue;
      const part = Math.min(left, refundable(state));
      if (part > 0) parts.push({ payment, amount: part });
      left -= part;
    }
    if (left === 0) return parts;
    const currency = exception.subject.currency ?? '';
    const [asked, rest] = [amount, left].map((minor) => inWords(minor, currency));
    const detail = `${asked} would have to be refunded, and ${rest} of it can be refunded on no payment of the order.`;
    throw new Refusal('refund_exceeds_captured', detail, { amount, refundable: amount - left, currency });
  }

  async #paymentsOf({ subject: { order, payment } }: ExistingException): Promise<readonly PaymentId[]> {
    const own = payment ? [payment] : [];
    const applied = order ? [...(await this.matters.order(order)).applied.keys()].reverse() : [];
    return [...new Set([...own, ...applied])];
  }

  async #load(id: PaymentId): Promise<ExistingPayment | null> {
    const { state } = await this.streams.load(paymentAggregate, id);
    return state.status === 'none' ? null : state;
  }
}

function refusedByStripe(why: string): Refusal {
  if (why === 'charge_disputed') {
    return new Refusal('payment_disputed', 'The customer’s bank disputes this payment.');
  }
  if (why === 'charge_already_refunded') {
    return new Refusal('refund_exceeds_captured', 'The payment was refunded at Stripe already.');
  }
  return new Refusal('stripe_error', `Stripe did not make the refund: ${asWords(why)}.`);
}
