import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import { type PaymentEvent, paymentAggregate, paymentIdOf } from '../../../payments/index.js';
import { misfitOf } from '../misfits-of-payments.js';
import { Opening } from '../processes/opening.process.js';

/** A capture, a refund or a dispute that went another way than was asked needs a person. */
@Injectable()
export class OpenExceptionsOfPayments implements Policy<PaymentEvent> {
  readonly name = 'open-exceptions-of-payments';
  readonly reads = [
    'CaptureMismatchDetected',
    'DisputeOpened',
    'DisputeEscalated',
    'FundsWithdrawn',
    'DisputeClosed',
  ] as const;

  constructor(
    private readonly streams: Streams,
    private readonly opening: Opening,
  ) {}

  async on(event: Told<PaymentEvent>): Promise<void> {
    const id = paymentIdOf(event.stream);
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'none') return;
    const misfit = misfitOf(id, payment, event);
    if (misfit) await this.opening.open(misfit, following(event));
  }
}
