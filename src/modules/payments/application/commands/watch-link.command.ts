import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { toRefusal } from '../gateway-answers.js';
import { Checkout } from '../processes/checkout.process.js';

/** The customer is back: looks at Stripe what became of the page. Without an answer, webhook or sweep will tell. */
export class WatchLink extends Command<void> {
  constructor(
    readonly link: LinkId,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(WatchLink)
export class WatchLinkHandler implements ICommandHandler<WatchLink> {
  constructor(private readonly checkout: Checkout) {}

  async execute({ link: id, context }: WatchLink): Promise<void> {
    const link = await this.checkout.load(id);
    const about: Context = { ...context, store: link.store, order: link.order };
    try {
      await this.checkout.sync(id, about);
    } catch (error) {
      const refusal = toRefusal(error);
      if (!(refusal instanceof Refusal) || refusal.code === 'not_found') throw error;
    }
  }
}
