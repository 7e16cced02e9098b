import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import { Outbox } from '../../../../shared/application/outbox.js';
import type { Policy } from '../../../../shared/application/policy.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import type { OrderEvent } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { paymentAggregate } from '../../domain/payment.js';
import { paymentIdOf } from '../payment-stream.js';

type Trouble = Extract<OrderEvent, { type: 'PaymentApplied' }> | PaymentEvent;

/** Money that does not fit is never only logged: the store's notification address hears of it, once. */
@Injectable()
export class TellMerchantOfTrouble implements Policy<Trouble> {
  readonly name = 'tell-merchant-of-trouble';
  readonly reads = ['PaymentApplied', 'CaptureMismatchDetected'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly stores: StoreDirectory,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  async on(event: Told<Trouble>): Promise<void> {
    if (event.type === 'PaymentApplied' && event.data.excess > 0) {
      await this.#tell('overpayment', event.data.payment, event);
    }
    if (event.type === 'CaptureMismatchDetected') {
      await this.#tell('capture_mismatch', paymentIdOf(event.stream), event);
    }
  }

  async #tell(kind: string, payment: PaymentId, event: Told<Trouble>): Promise<void> {
    const { state } = await this.streams.load(paymentAggregate, payment);
    if (state.status === 'none') return;
    const { store, order } = state.asked;
    const { name, notification_email: address } = await this.stores.get(store);
    const id = `mail_${this.ids.derive(`${payment}:${kind}`)}` as const;
    const mail = { id, kind, about: payment, store, to: { name, address }, data: { order } };
    await this.outbox.queue(mail, following(event));
  }
}
