import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import { Outbox } from '../../../../shared/application/outbox.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { paymentAggregate } from '../../domain/payment.js';
import { PaymentReader } from '../payment-reader.js';
import { paymentIdOf } from '../payment-stream.js';

/** Whoever had the receipt hears that money goes back, once per refund, wherever it was made. */
@Injectable()
export class MailRefundWhenMade implements Policy<PaymentEvent> {
  readonly name = 'mail-refund-when-made';
  readonly reads = ['RefundSucceeded'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly reader: PaymentReader,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<PaymentEvent>): Promise<void> {
    if (event.type !== 'RefundSucceeded') return;
    const payment = paymentIdOf(event.stream);
    const { state } = await this.streams.load(paymentAggregate, payment);
    const to = state.status === 'none' ? null : await this.reader.of(state);
    if (state.status === 'none' || !to) return;
    const { refund: about } = event.data;
    const { store, order } = state.asked;
    const id = `mail_${this.ids.derive(`${about}:refund`)}` as const;
    const mail = { id, kind: 'refund', about, store, to, data: { order, payment } };
    await this.outbox.queue(mail, following(event));
  }
}
