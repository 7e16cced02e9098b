import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { paymentAggregate } from '../../domain/payment.js';
import { paymentIdOf } from '../payment-stream.js';
import { Refunds } from '../processes/refunds.process.js';

/** A refund that was written down is made, even if whoever asked for it died in the next instant. */
@Injectable()
export class MakeRefundWhenRequested implements Policy<PaymentEvent> {
  readonly name = 'make-refund-when-requested';
  readonly reads = ['RefundRequested'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly refunds: Refunds,
  ) {}

  async on(event: Told<PaymentEvent>): Promise<void> {
    if (event.type !== 'RefundRequested') return;
    const id = paymentIdOf(event.stream);
    const { refund } = event.data;
    const { state } = await this.streams.load(paymentAggregate, id);
    if (state.status === 'none' || state.refunds.get(refund)?.status !== 'requested') return;
    await this.refunds.resume(id, refund, following(event));
  }
}
