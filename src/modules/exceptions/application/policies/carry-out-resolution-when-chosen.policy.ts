import { Injectable } from '@nestjs/common';
import { type Context, following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ExceptionId } from '../../../../shared/domain/ids.js';
import { type PaymentEvent, paymentAggregate, paymentIdOf } from '../../../payments/index.js';
import type { ExceptionEvent } from '../../domain/exception.events.js';
import { exceptionAggregate } from '../../domain/exception.js';
import { askedBy, exceptionIdOf } from '../exception-stream.js';
import { Resolution } from '../processes/resolution.process.js';

/**
 * What was chosen about an exception is done, even if whoever chose it died in the next instant, and is finished when
 * Stripe's word about its refund comes late.
 */
@Injectable()
export class CarryOutResolutionWhenChosen implements Policy<ExceptionEvent | PaymentEvent> {
  readonly name = 'carry-out-resolution-when-chosen';
  readonly reads = [
    'ResolutionChosen',
    'RefundPending',
    'RefundSucceeded',
    'RefundFailed',
    'RefundCanceled',
  ] as const;

  constructor(
    private readonly streams: Streams,
    private readonly resolution: Resolution,
  ) {}

  async on(event: Told<ExceptionEvent | PaymentEvent>): Promise<void> {
    const id = event.type === 'ResolutionChosen' ? exceptionIdOf(event.stream) : await this.#askerOf(event);
    if (id) await this.resolution.carryOut(id, await this.#onBehalf(id, event));
  }

  async #askerOf(event: Told<ExceptionEvent | PaymentEvent>): Promise<ExceptionId | null> {
    if (!('refund' in event.data)) return null;
    const { refund } = event.data;
    const history = await this.streams.history(paymentAggregate, paymentIdOf(event.stream));
    const request = history.find(({ type, data }) => type === 'RefundRequested' && data.refund === refund);
    return request ? askedBy(request) : null;
  }

  /** Whoever chose it did it, for their reason, also where it is finished without them. */
  async #onBehalf(id: ExceptionId, event: Told<ExceptionEvent | PaymentEvent>): Promise<Context> {
    const context = following(event);
    const history = await this.streams.history(exceptionAggregate, id);
    const chosen = history.findLast(({ type }) => type === 'ResolutionChosen');
    if (!chosen) return context;
    const { actor_kind, actor_id, actor_name, reason } = chosen.metadata;
    const kind = (actor_kind ?? 'system') as Context['actor']['kind'];
    const actor = { kind, id: actor_id ?? 'quittance', ...(actor_name && { name: actor_name }) };
    return { ...context, actor, ...(reason && { reason }) };
  }
}
