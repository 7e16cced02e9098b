import { Command, CommandHandler, type ICommandHandler, QueryBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { amountsOf, FindOrder, type FoundOrder, SessionFence } from '../../../orders/index.js';
import { StoreDirectory } from '../../../stores/index.js';
import { type ExistingLink, paymentLinkAggregate } from '../../domain/payment-link.js';
import { connectedStore } from '../connected-store.js';
import { Checkout } from '../processes/checkout.process.js';
import { standing } from '../queries/link-standing.js';

/** Stripe lets a hosted page live from 30 minutes to 24 hours. */
const PAGE_LIVES_MS = 60 * 60_000;
const SHORTEST_PAGE_MS = 31 * 60_000;

/** The customer pressed Pay: answers with the hosted page for what is due at this moment, or null where the link cannot be paid. */
export class PayLink extends Command<string | null> {
  constructor(
    readonly link: LinkId,
    readonly context: Context,
  ) {
    super();
  }
}

@CommandHandler(PayLink)
export class PayLinkHandler implements ICommandHandler<PayLink> {
  readonly #paying = new Map<LinkId, Promise<string | null>>();

  constructor(
    private readonly streams: Streams,
    private readonly queries: QueryBus,
    private readonly stores: StoreDirectory,
    private readonly fence: SessionFence,
    private readonly checkout: Checkout,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  /**
   * Two people at one link get the same page.
   * @throws Refusal `balance_reserved` while another payment is under way; GatewayUnreachable, GatewayRefused, GatewayForbidden.
   */
  async execute({ link, context }: PayLink): Promise<string | null> {
    const running = this.#paying.get(link);
    if (running) return running;
    const paying = this.#pay(link, context).finally(() => this.#paying.delete(link));
    this.#paying.set(link, paying);
    return paying;
  }

  async #pay(id: LinkId, asked: Context): Promise<string | null> {
    let link = await this.checkout.load(id);
    const context: Context = { ...asked, store: link.store, order: link.order };
    await connectedStore(this.stores, link.store);
    link = await this.checkout.sync(id, context);
    let found = await this.queries.execute(new FindOrder(link.order));
    if (link.open) {
      const page = await this.checkout.open(id, context);
      const isPayable = standing(link, found.order, this.clock.now()).kind === 'payable';
      if (isPayable && page.url && page.amount === this.#due(link, found, page.amount)) return page.url;
      link = await this.checkout.close(id, context);
      found = await this.queries.execute(new FindOrder(link.order));
    }
    const now = standing(link, found.order, this.clock.now()).kind;
    if (now === 'expired')
      await this.streams.handle(paymentLinkAggregate, id, { type: 'ExpireLink' }, context);
    if (now !== 'payable') return null;
    found = await this.#makeRoom(link, found, context);
    if (standing(link, found.order, this.clock.now()).kind !== 'payable') return null;
    return this.#openPage(id, link, found, context);
  }

  /** What the page should ask for; `held` is what it holds itself. */
  #due(link: ExistingLink, { order }: FoundOrder, held: number): number {
    if (link.amountRule.rule === 'fixed') return link.amountRule.amount;
    const { collectable, available } = amountsOf(order);
    return Math.min(collectable, available + held);
  }

  /** Another link's open page may hold what this one asks for: it is closed first, and what it took is counted. */
  async #makeRoom(link: ExistingLink, found: FoundOrder, context: Context): Promise<FoundOrder> {
    const { collectable, available } = amountsOf(found.order);
    const wanted = link.amountRule.rule === 'fixed' ? link.amountRule.amount : collectable;
    if (available >= wanted) return found;
    await this.fence.close(link.order, context);
    return this.queries.execute(new FindOrder(link.order));
  }

  async #openPage(
    id: LinkId,
    link: ExistingLink,
    found: FoundOrder,
    context: Context,
  ): Promise<string | null> {
    const amount = this.#due(link, found, 0);
    if (amount === 0) {
      throw new Refusal('balance_reserved', 'Another payment of this order is under way.', {
        retryable: true,
      });
    }
    const payment = `pay_${this.ids.next()}` as const;
    const expiresAt = this.#pageExpiry(link);
    const request = { type: 'RequestSession', payment, amount, expiresAt } as const;
    await this.streams.handle(paymentLinkAggregate, id, request, context);
    return (await this.checkout.open(id, context)).url;
  }

  /** Not beyond the link's own end, as far as Stripe lets a page be that short; the sweep closes what is left open. */
  #pageExpiry({ expiresAt }: ExistingLink): string {
    const now = this.clock.now().getTime();
    const left = Date.parse(expiresAt) - now;
    return new Date(now + Math.min(PAGE_LIVES_MS, Math.max(SHORTEST_PAGE_MS, left))).toISOString();
  }
}
