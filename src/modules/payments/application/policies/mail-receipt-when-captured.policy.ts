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

/** Every payment has its receipt: to whom the link was sent, else to the order's customer. */
@Injectable()
export class MailReceiptWhenCaptured implements Policy<PaymentEvent> {
  readonly name = 'mail-receipt-when-captured';
  readonly reads = ['PaymentCaptured', 'OfflinePaymentRecorded'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly reader: PaymentReader,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<PaymentEvent>): Promise<void> {
    const payment = paymentIdOf(event.stream);
    const { state } = await this.streams.load(paymentAggregate, payment);
    if (state.status === 'none') return;
    const { order, store } = state.asked;
    const to = await this.reader.of(state);
    if (!to) return;
    const id = `mail_${this.ids.derive(`${payment}:receipt`)}` as const;
    await this.outbox.queue(
      { id, kind: 'receipt', about: payment, store, to, data: { order } },
      following(event),
    );
  }
}
