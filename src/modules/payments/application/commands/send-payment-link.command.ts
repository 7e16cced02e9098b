import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Outbox } from '../../../../shared/application/outbox.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { checkAmount, FindOrder } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import type { AmountRule } from '../../domain/payment-link.events.js';
import { type ExistingLink, paymentLinkAggregate } from '../../domain/payment-link.js';
import { connectedStore } from '../connected-store.js';
import { LinkTokens } from '../ports/link-tokens.port.js';

const DAY_MS = 24 * 3600_000;
const LIVES_MS = 30 * DAY_MS;
const SHORTEST_MS = 60_000;
const LONGEST_MS = 366 * DAY_MS;

/** Asks a customer for money: a URL of our own, and (unless told not to) a mail with the invoice and a message. */
export class SendPaymentLink extends Command<ExistingLink> {
  constructor(
    readonly link: LinkId,
    readonly ask: Readonly<{
      store: StoreId;
      order: string;
      /** Minor units; null: the balance at the moment of paying. */
      amount: number | null;
      /** null: the customer's own address. */
      email: string | null;
      message: string | null;
      /** RFC 3339; null: in 30 days. */
      expiresAt: string | null;
      send: boolean;
      metadata: Readonly<Record<string, string>>;
    }>,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(SendPaymentLink)
export class SendPaymentLinkHandler implements ICommandHandler<SendPaymentLink> {
  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly stores: StoreDirectory,
    private readonly tokens: LinkTokens,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /** @throws Refusal where the order could not be paid like that now, or nobody can be written to. */
  async execute({ link, ask, context: asked }: SendPaymentLink): Promise<ExistingLink> {
    const { id, order } = await this.queries.execute(
      new FindOrder({ store: ask.store, reference: ask.order }),
    );
    const context: Context = { ...asked, store: ask.store, order: id };
    const existing = await this.streams.load(paymentLinkAggregate, link);
    if (existing.state.status !== 'none') return existing.state;

    await connectedStore(this.stores, ask.store);
    checkAmount(order, ask.amount === null ? null : { minor: ask.amount, currency: order.currency });
    const { customer } = order.terms;
    const email = ask.email ?? customer.email;
    if (ask.send && !email) {
      throw new Refusal('validation_failed', 'The customer has no e-mail address.', { param: '/email' });
    }
    const amountRule: AmountRule =
      ask.amount === null ? { rule: 'balance' } : { rule: 'fixed', amount: ask.amount };
    const created = {
      link,
      order: id,
      store: ask.store,
      livemode: order.livemode,
      currency: order.currency,
      amount_rule: amountRule,
      token_hash: this.tokens.hash(await this.tokens.tokenOf(link)),
      expires_at: this.#expiry(ask.expiresAt),
      recipient: { name: customer.name, email },
      message: ask.message,
      metadata: ask.metadata,
    };
    const mail = ask.send ? (`mail_${this.ids.derive(`${link}:1`)}` as const) : null;
    const messageId = mail && this.outbox.messageId(mail);
    const command = {
      type: 'CreateLink',
      created,
      mail: mail && messageId ? { mail, messageId } : null,
    } as const;
    const { state } = await this.streams.handle(paymentLinkAggregate, link, command, context);
    return state as ExistingLink;
  }

  #expiry(asked: string | null): string {
    const now = this.clock.now().getTime();
    const at = asked === null ? now + LIVES_MS : Date.parse(asked);
    if (at < now + SHORTEST_MS || at > now + LONGEST_MS) {
      throw new Refusal('validation_failed', 'A link lives from a minute to a year.', {
        param: '/expires_at',
      });
    }
    return new Date(at).toISOString();
  }
}
