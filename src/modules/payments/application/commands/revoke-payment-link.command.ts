import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';
import { onceClosed } from '../gateway-answers.js';
import { Checkout } from '../processes/checkout.process.js';

/** Makes a link useless at once. A page the customer has open is closed at Stripe first. */
export class RevokePaymentLink extends Command<void> {
  constructor(
    readonly link: LinkId,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(RevokePaymentLink)
export class RevokePaymentLinkHandler implements ICommandHandler<RevokePaymentLink> {
  constructor(
    private readonly streams: Streams,
    private readonly checkout: Checkout,
  ) {}

  /** @throws Refusal `link_paid` where the customer was faster, `session_fence_pending` where Stripe is silent, `stripe_error` where it will not close the page. */
  async execute({ link, context }: RevokePaymentLink): Promise<void> {
    await onceClosed(this.checkout.close(link, context));
    await this.streams.handle(paymentLinkAggregate, link, { type: 'RevokeLink' }, context);
  }
}
