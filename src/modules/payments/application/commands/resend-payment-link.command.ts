import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Outbox } from '../../../../shared/application/outbox.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';

/** Sends the same link once more, in a new mail. */
export class ResendPaymentLink extends Command<void> {
  constructor(
    readonly link: LinkId,
    /** The same wish twice is one mail; null: each call is a wish of its own. */
    readonly wish: string | null,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(ResendPaymentLink)
export class ResendPaymentLinkHandler implements ICommandHandler<ResendPaymentLink> {
  constructor(
    private readonly streams: Streams,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal `link_paid`, `link_closed`; `validation_failed` where there is nobody to write to */
  async execute({ link, wish, context }: ResendPaymentLink): Promise<void> {
    const { state } = await this.streams.load(paymentLinkAggregate, link);
    if (state.status !== 'none' && !state.recipient.email) {
      throw new Refusal('validation_failed', 'The link was made without an e-mail address.', {
        param: '/email',
      });
    }
    if (state.status !== 'none' && Date.parse(state.expiresAt) <= this.clock.now().getTime()) {
      throw new Refusal('link_closed', 'The link has expired.', { link_status: 'expired' });
    }
    const mail = `mail_${wish === null ? this.ids.next() : this.ids.derive(`${link}:${wish}`)}` as const;
    const command = { type: 'RequestMail', mail: { mail, messageId: this.outbox.messageId(mail) } } as const;
    await this.streams.handle(paymentLinkAggregate, link, command, context);
  }
}
