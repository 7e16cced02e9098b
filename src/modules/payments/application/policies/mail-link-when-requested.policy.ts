import { Injectable } from '@nestjs/common';
import { following } from '../../../../shared/application/context.js';
import { Outbox } from '../../../../shared/application/outbox.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentLinkEvent } from '../../domain/payment-link.events.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';
import { linkIdOf } from '../payment-stream.js';

/** A link that was asked to be mailed is mailed: the outbox keeps trying from here. */
@Injectable()
export class MailLinkWhenRequested implements Policy<PaymentLinkEvent> {
  readonly name = 'mail-link-when-requested';
  readonly reads = ['LinkMailRequested'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly outbox: Outbox,
  ) {}

  async on(event: Told<PaymentLinkEvent>): Promise<void> {
    if (event.type !== 'LinkMailRequested') return;
    const id = linkIdOf(event.stream);
    const { state: link } = await this.streams.load(paymentLinkAggregate, id);
    if (link.status === 'none' || !link.recipient.email) return;
    const { name, email: address } = link.recipient;
    const mail = {
      id: event.data.mail,
      kind: 'payment_link',
      about: id,
      store: link.store,
      to: { name, address },
    };
    await this.outbox.queue({ ...mail, data: { order: link.order } }, following(event));
  }
}
