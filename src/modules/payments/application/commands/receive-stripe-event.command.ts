import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import { bareId } from '../../../../shared/domain/ids.js';
import { type StripeNotice, stripeEventAggregate } from '../../domain/stripe-event.js';

/** Stores what Stripe says has happened, once, and does nothing else: the policy that reads it acts. */
export class ReceiveStripeEvent extends Command<void> {
  constructor(
    readonly notice: StripeNotice,
    readonly origin: Context['origin'],
  ) {
    super();
  }
}

@CommandHandler(ReceiveStripeEvent)
export class ReceiveStripeEventHandler implements ICommandHandler<ReceiveStripeEvent> {
  constructor(private readonly streams: Streams) {}

  async execute({ notice, origin }: ReceiveStripeEvent): Promise<void> {
    const context: Context = {
      actor: { kind: 'stripe', id: notice.account ?? 'unknown' },
      correlationId: notice.event,
      origin,
      store: notice.store,
    };
    const id = stripeEventId(notice);
    await this.streams.handle(stripeEventAggregate, id, { type: 'ReceiveEvent', notice }, context);
  }
}

/** Event ids are Stripe's, so one store's can never meet another's. */
export function stripeEventId({ store, event }: Pick<StripeNotice, 'store' | 'event'>): string {
  return `evt_${bareId(store)}.${event}`;
}
