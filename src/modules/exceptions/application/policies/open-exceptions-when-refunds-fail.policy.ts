import { Injectable } from '@nestjs/common';
import { type Context, following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId, PaymentId, RefundId } from '../../../../shared/domain/ids.js';
import {
  type ExistingPayment,
  type PaymentEvent,
  paymentAggregate,
  paymentIdOf,
  type Refund,
} from '../../../payments/index.js';
import type { ExceptionEvent } from '../../domain/exception.events.js';
import { exceptionAggregate } from '../../domain/exception.js';
import { askedBy, exceptionIdOf, failedRefund, refundIdFor } from '../exception-stream.js';
import { GivingBack } from '../processes/giving-back.js';
import { Opening } from '../processes/opening.process.js';
import { asWords, inWords } from '../sums-in-words.js';

/**
 * Money that could not be given back needs a person. A refund that an exception asked for is that exception's own
 * trouble until it is resolved: so both ends are watched, and whichever comes later sees the failure.
 */
@Injectable()
export class OpenExceptionsWhenRefundsFail implements Policy<PaymentEvent | ExceptionEvent> {
  readonly name = 'open-exceptions-when-refunds-fail';
  readonly reads = ['RefundFailed', 'RefundCanceled', 'ExceptionResolved'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly opening: Opening,
    private readonly givingBack: GivingBack,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<PaymentEvent | ExceptionEvent>): Promise<void> {
    if (event.type === 'ExceptionResolved')
      return this.#lookAgain(exceptionIdOf(event.stream), following(event));
    if (event.type !== 'RefundFailed' && event.type !== 'RefundCanceled') return;
    const payment = paymentIdOf(event.stream);
    const { refund } = event.data;
    const history = await this.streams.history(paymentAggregate, payment);
    const request = history.find(({ type, data }) => type === 'RefundRequested' && data.refund === refund);
    const asker = request && askedBy(request);
    if (asker && (await this.#isItsOwnTrouble(asker, payment, refund))) return;
    await this.#open(payment, refund, following(event));
  }

  async #isItsOwnTrouble(asker: ExceptionId, payment: PaymentId, refund: RefundId): Promise<boolean> {
    const { state: exception } = await this.streams.load(exceptionAggregate, asker);
    if (exception.status === 'none') return false;
    for (const wish of exception.wishes.keys()) {
      if (refundIdFor(this.ids, asker, wish, payment) === refund)
        return exception.status !== 'resolved' || this.#wasSeen(asker, wish, payment, refund);
    }
    return false;
  }

  /** What was refunded when it was resolved may have failed while that was being written down. */
  async #lookAgain(id: ExceptionId, context: Context): Promise<void> {
    const { state: exception } = await this.streams.load(exceptionAggregate, id);
    if (exception.status !== 'resolved') return;
    for (const wish of exception.wishes.keys()) {
      for (const { payment, refund, status } of await this.givingBack.made({ id, exception, wish })) {
        if (hasFailed(status) && !(await this.#wasSeen(id, wish, payment, refund)))
          await this.#open(payment, refund, context);
      }
    }
  }

  /**
   * Whether the failure was known when its call was refused, or to whoever decided later. A call may be refused for
   * another reason, its refund be made all the same, and fail when the exception has ended with it.
   */
  async #wasSeen(id: ExceptionId, wish: string, payment: PaymentId, refund: RefundId): Promise<boolean> {
    const history = await this.streams.history(exceptionAggregate, id);
    const refused = history.find(({ type, data }) => type === 'ResolutionRefused' && data.wish === wish);
    if (!refused) return false;
    const ofPayment = await this.streams.history(paymentAggregate, payment);
    const failed = ofPayment.findLast(
      ({ type, data }) => (type === 'RefundFailed' || type === 'RefundCanceled') && data.refund === refund,
    );
    if (!failed || failed.position < refused.position) return true;
    const ended = history.findLast(({ type }) => type === 'ExceptionResolved');
    if (ended?.type !== 'ExceptionResolved' || ended.data.action === null) return false;
    const chosen = history.findLast(({ type }) => type === 'ResolutionChosen');
    return chosen !== undefined && failed.position < chosen.position;
  }

  async #open(id: PaymentId, refundId: RefundId, context: Context): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    const refund = payment.status === 'none' ? undefined : payment.refunds.get(refundId);
    if (payment.status === 'none' || !refund || !hasFailed(refund.status)) return;
    await this.opening.open(
      {
        kind: 'refund_failed',
        matter: failedRefund(refundId, refund.stripeRefund),
        about: aboutRefund(id, payment, refundId),
        explanation: explain(payment, refundId),
      },
      context,
    );
  }
}

function aboutRefund(id: PaymentId, { asked, refunds }: ExistingPayment, refund: RefundId) {
  const { store, order, livemode } = asked;
  const { amount = null, currency = null } = refunds.get(refund) ?? {};
  return { store, order, livemode, payment: id, refund, amount, currency };
}

/** One that was cancelled at Stripe gave nothing back either. */
function hasFailed(status: Refund['status']): boolean {
  return status === 'failed' || status === 'canceled';
}

function explain({ asked, refunds }: ExistingPayment, id: RefundId): string {
  const refund = refunds.get(id);
  const what = refund ? `of ${inWords(refund.amount, refund.currency)} ` : '';
  if (refund?.status === 'canceled')
    return `The refund ${what}on order ${asked.order_number} was cancelled at Stripe.`;
  return `The refund ${what}on order ${asked.order_number} failed: ${asWords(refund?.failureReason ?? 'unknown')}.`;
}
