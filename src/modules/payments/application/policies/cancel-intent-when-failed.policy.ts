import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { paymentAggregate } from '../../domain/payment.js';
import { unlessRefused } from '../gateway-answers.js';
import { paymentIdOf } from '../payment-stream.js';
import { PaymentGateway } from '../ports/payment-gateway.port.js';
import { Observer } from '../processes/observer.process.js';

/** A declined charge must not be paid later: its intent is cancelled at Stripe. Where it captured after all, that is recorded. */
@Injectable()
export class CancelIntentWhenFailed implements Policy<PaymentEvent> {
  readonly name = 'cancel-intent-when-failed';
  readonly reads = ['PaymentFailed'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly gateway: PaymentGateway,
    private readonly observer: Observer,
  ) {}

  async on(event: Told<PaymentEvent>): Promise<void> {
    const id = paymentIdOf(event.stream);
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status !== 'failed' || !payment.intent || payment.intentCanceled) return;
    const context = following(event);
    // A declined intent that Stripe will never let us cancel can be paid by nobody but the merchant.
    const state = await this.gateway.cancelIntent(payment.asked.store, payment.intent).catch(unlessRefused);
    const kind = state?.kind;
    if (kind === 'canceled') {
      await this.streams.handle(paymentAggregate, id, { type: 'RecordIntentCanceled' }, context);
    } else if (kind === 'captured') await this.observer.observe(id, context);
  }
}
