import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Ids } from '../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../shared/application/streams.js';
import type { DisputeId, ExceptionId, OrderId, PaymentId } from '../../../shared/domain/ids.js';
import { amountsOf, type ExcessResolution, type ExistingOrder, FindOrder } from '../../orders/index.js';
import { type ExistingPayment, paymentAggregate, refundedOf } from '../../payments/index.js';
import type { Outcome } from '../domain/exception.events.js';
import type { ExistingException } from '../domain/exception.js';
import { exceptionIdFor } from './exception-stream.js';
import { asWords } from './sums-in-words.js';

/** How a matter has ended. */
export type Ending = Readonly<{ outcome: Outcome; explanation: string }>;

/** What an exception is about, as it is now: whether it has come right by itself, or by other means. */
@Injectable()
export class Matters {
  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly ids: Ids,
  ) {}

  /** Null while somebody still has to do something. */
  async endOf(id: ExceptionId, exception: ExistingException): Promise<Ending | null> {
    const { order, payment } = exception.subject;
    switch (exception.kind) {
      case 'overpaid':
      case 'late_payment':
        return order && endOfExcess(await this.order(order));
      case 'dispute_lost':
        return (
          this.#endOfDispute(id, exception, await this.#payment(payment)) ??
          (order && endOfLoss(exception, await this.order(order)))
        );
      case 'dispute_opened':
        return this.#endOfDispute(id, exception, await this.#payment(payment));
      case 'capture_mismatch':
        return endOfMismatch(await this.#payment(payment));
      case 'refund_failed':
        return endOfRefund(exception, await this.#payment(payment));
      case 'outcome_unknown':
        return endOfPayment(await this.#payment(payment));
      case 'mail_undelivered':
      case 'reconciliation_difference':
        return null;
    }
  }

  async order(id: OrderId): Promise<ExistingOrder> {
    return (await this.queries.execute(new FindOrder(id))).order;
  }

  /** What of it is too much, in minor units. */
  excessOf(order: ExistingOrder): number {
    return amountsOf(order).overpaid;
  }

  /** What of it can be resolved so: on an order that keeps nothing, all that it has may become credit. */
  mostOf(order: ExistingOrder, resolution: ExcessResolution): number {
    const { netPaid, overpaid } = amountsOf(order);
    const keepsNothing = order.cancelled === 'refund_all' || order.cancelled === 'keep_credit';
    return resolution === 'credit' && keepsNothing ? Math.max(0, netPaid) : overpaid;
  }

  async #payment(id: PaymentId | null): Promise<ExistingPayment | null> {
    if (!id) return null;
    const { state } = await this.streams.load(paymentAggregate, id);
    return state.status === 'none' ? null : state;
  }

  #endOfDispute(
    id: ExceptionId,
    { kind, subject: { dispute } }: ExistingException,
    payment: ExistingPayment | null,
  ): Ending | null {
    const status = dispute && payment?.disputes.get(dispute)?.status;
    if (!dispute || !status || status === 'inquiry') return null;
    if (kind === 'dispute_lost') {
      return status === 'won' ? { outcome: 'won', explanation: 'The dispute was won after all.' } : null;
    }
    if (status !== 'inquiry_closed' && this.#isQuestion(id, dispute)) {
      return { outcome: 'escalated', explanation: 'The bank’s question has become a dispute.' };
    }
    if (status === 'open') return null;
    const how = status === 'inquiry_closed' ? 'was closed without a dispute' : `was ${status}`;
    return { outcome: status, explanation: `The dispute ${how}.` };
  }

  #isQuestion(id: ExceptionId, dispute: DisputeId): boolean {
    return id === exceptionIdFor(this.ids, 'dispute_opened', `${dispute}:inquiry`);
  }
}

function endOfExcess(order: ExistingOrder): Ending | null {
  if (amountsOf(order).overpaid > 0) return null;
  return { outcome: 'settled_otherwise', explanation: 'The order is no longer overpaid.' };
}

function endOfLoss({ subject: { dispute } }: ExistingException, order: ExistingOrder): Ending | null {
  const decision = dispute && order.disputes.get(dispute)?.decision;
  if (!decision) return null;
  return decision === 'write_off'
    ? { outcome: 'written_off', explanation: 'What the dispute took was written off.' }
    : { outcome: 'collected_again', explanation: 'What the dispute took may be asked for again.' };
}

function endOfMismatch(payment: ExistingPayment | null): Ending | null {
  if (!payment?.captured || refundedOf(payment) < payment.captured.amount) return null;
  return { outcome: 'settled_otherwise', explanation: 'The payment was refunded.' };
}

function endOfRefund(
  { subject: { refund } }: ExistingException,
  payment: ExistingPayment | null,
): Ending | null {
  const status = refund && payment?.refunds.get(refund)?.status;
  if (status !== 'pending' && status !== 'succeeded') return null;
  return { outcome: 'went_through', explanation: 'The refund was made after all.' };
}

function endOfPayment(payment: ExistingPayment | null): Ending | null {
  const status = payment?.status;
  if (!status || status === 'unknown') return null;
  if (status === 'captured' || status === 'failed' || status === 'voided') {
    const how = { captured: 'took the money', failed: 'failed', voided: 'ended without money' }[status];
    return { outcome: status, explanation: `The payment ${how}.` };
  }
  return { outcome: 'settled_otherwise', explanation: `The payment is ${asWords(status)}.` };
}
