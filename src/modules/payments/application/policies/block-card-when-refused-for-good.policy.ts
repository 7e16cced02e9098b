import { Injectable } from '@nestjs/common';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { PaymentEvent } from '../../domain/payment.events.js';
import { paymentAggregate } from '../../domain/payment.js';
import { BlockedCards } from '../blocked-cards.js';
import { paymentIdOf } from '../payment-stream.js';

/** A card that its bank refused for good is not tried again, however we came to hear of the refusal. */
@Injectable()
export class BlockCardWhenRefusedForGood implements Policy<PaymentEvent> {
  readonly name = 'block-card-when-refused-for-good';
  readonly reads = ['PaymentFailed'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly blocked: BlockedCards,
  ) {}

  async on(event: Told<PaymentEvent>): Promise<void> {
    const id = paymentIdOf(event.stream);
    const { state } = await this.streams.load(paymentAggregate, id);
    await this.blocked.remember(id, state);
  }
}
