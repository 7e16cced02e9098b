import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { paymentIdOf } from '../payment-stream.js';
import { Settlement } from '../processes/settlement.process.js';

/** The order and the link hear of a payment's end, and of its way back, even if whoever recorded it died in the next instant. */
@Injectable()
export class SettleWhenPaymentEnds implements Policy<PaymentEvent> {
  readonly name = 'settle-when-payment-ends';
  readonly reads = [
    'PaymentCaptured',
    'PaymentFailed',
    'PaymentVoided',
    'OfflinePaymentRecorded',
    'OfflinePaymentReversed',
    'RefundPending',
    'RefundSucceeded',
    'RefundFailed',
    'RefundCanceled',
    'DisputeOpened',
    'DisputeEscalated',
    'FundsWithdrawn',
    'FundsReinstated',
    'DisputeClosed',
  ] as const;

  constructor(private readonly settlement: Settlement) {}

  async on(event: Told<PaymentEvent>): Promise<void> {
    await this.settlement.settle(paymentIdOf(event.stream), following(event));
  }
}
