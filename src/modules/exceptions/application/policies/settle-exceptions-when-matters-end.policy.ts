import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId } from '../../../../shared/domain/ids.js';
import { type OrderEvent, orderAggregate, orderIdOf } from '../../../orders/index.js';
import { type PaymentEvent, paymentIdOf } from '../../../payments/index.js';
import type { ExceptionEvent, ExceptionKind } from '../../domain/exception.events.js';
import { exceptionAggregate } from '../../domain/exception.js';
import { exceptionIdFor, exceptionIdOf, failedRefund } from '../exception-stream.js';
import { Matters } from '../matters.js';
import { overpaymentsOf } from '../overpayments.js';

type News = OrderEvent | PaymentEvent | ExceptionEvent;

/**
 * An exception whose matter ended without it is closed with what happened. It is looked at when the matter moves and
 * when the exception is opened, so whichever comes later sees both.
 */
@Injectable()
export class SettleExceptionsWhenMattersEnd implements Policy<News> {
  readonly name = 'settle-exceptions-when-matters-end';
  readonly reads = [
    'PaymentStatusChanged',
    'LostDisputeDecided',
    'ActionRequired',
    'PaymentCaptured',
    'PaymentFailed',
    'PaymentVoided',
    'RefundRequested',
    'ExternalRefundDetected',
    'RefundPending',
    'RefundSucceeded',
    'DisputeEscalated',
    'DisputeClosed',
    'ExceptionOpened',
    'ResolutionRefused',
  ] as const;

  constructor(
    private readonly streams: Streams,
    private readonly matters: Matters,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<News>): Promise<void> {
    for (const id of await this.#concerned(event)) {
      const { state: exception } = await this.streams.load(exceptionAggregate, id);
      if (exception.status !== 'open') continue;
      const ending = await this.matters.endOf(id, exception);
      if (!ending) continue;
      const { store, order } = exception.subject;
      const context = { ...following(event), store, ...(order && { order }) };
      await this.streams.handle(exceptionAggregate, id, { type: 'SettleException', ...ending }, context);
    }
  }

  async #concerned(event: Told<News>): Promise<readonly ExceptionId[]> {
    switch (event.type) {
      case 'ExceptionOpened':
      case 'ResolutionRefused':
        return [exceptionIdOf(event.stream)];
      case 'PaymentStatusChanged':
        return event.data.from === 'overpaid' ? this.#overpayments(event.stream) : [];
      case 'LostDisputeDecided':
        return [this.#id('dispute_lost', event.data.dispute)];
      case 'RefundRequested':
      case 'ExternalRefundDetected':
        return [this.#id('capture_mismatch', paymentIdOf(event.stream))];
      case 'RefundPending':
      case 'RefundSucceeded': {
        const { refund, stripe_refund } = event.data;
        return [stripe_refund, null].map((at) => this.#id('refund_failed', failedRefund(refund, at)));
      }
      case 'DisputeEscalated':
      case 'DisputeClosed': {
        const { dispute } = event.data;
        const questions = [`${dispute}:inquiry`, dispute].map((matter) => this.#id('dispute_opened', matter));
        return [...questions, this.#id('dispute_lost', dispute)];
      }
      default:
        return [this.#id('outcome_unknown', paymentIdOf(event.stream))];
    }
  }

  async #overpayments(stream: string): Promise<readonly ExceptionId[]> {
    const history = await this.streams.history(orderAggregate, orderIdOf(stream));
    return overpaymentsOf(history).map(({ kind, matter }) => this.#id(kind, matter));
  }

  #id(kind: ExceptionKind, matter: string): ExceptionId {
    return exceptionIdFor(this.ids, kind, matter);
  }
}
