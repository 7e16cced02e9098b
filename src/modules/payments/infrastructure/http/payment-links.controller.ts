import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import type { LinkId } from '../../../../shared/domain/ids.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { OptionalIdempotencyKey } from '../../../../shared/infrastructure/http/headers.js';
import { list, listQuery } from '../../../../shared/infrastructure/http/list-query.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { FindOrder } from '../../../orders/index.js';
import { ResendPaymentLink } from '../../application/commands/resend-payment-link.command.js';
import { RevokePaymentLink } from '../../application/commands/revoke-payment-link.command.js';
import { ListTransactions } from '../../application/queries/list-transactions.query.js';
import { TransactionNow } from '../../application/queries/transaction-now.js';
import { LinkAnswers } from './link-answers.js';
import { NoBody, PaymentLinkAnswer, PaymentLinkList } from './payments.wire.js';

const Id = z.templateLiteral(['link_', z.string().regex(/^[0-9a-f]{32}$/)]);
const LinkQuery = listQuery({
  order: z.string().max(64).optional().describe('Our id of the order, or the caller’s own.'),
});

@Controller('v1/payment_links')
export class PaymentLinksController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly now: TransactionNow,
    private readonly links: LinkAnswers,
  ) {}

  @Get()
  @Says('List payment links, newest first')
  @Scope('orders:read')
  @Answers(200, PaymentLinkList)
  async list(
    @Caller() caller: Caller,
    @Query({ schema: LinkQuery }) { where, ...page }: z.infer<typeof LinkQuery>,
  ) {
    const store = caller.store();
    const order =
      where.order && (await this.queries.execute(new FindOrder({ store, reference: where.order }))).id;
    const filter = { object: 'payment_link', ...(order && { order }) } as const;
    const { rows, hasMore } = await this.queries.execute(new ListTransactions(store, filter, page));
    const shown = rows.map((row) => this.links.showAny(row, caller));
    return list(await Promise.all(shown), hasMore);
  }

  @Get(':id')
  @Says('Read a payment link', 'With what became of its mail, and the payment that was made by it.')
  @Scope('orders:read')
  @Answers(200, PaymentLinkAnswer)
  async get(@Caller() caller: Caller, @Param('id', { schema: Id }) id: LinkId) {
    return this.links.show(await this.now.link(caller.store(), id), caller);
  }

  @Post(':id/resend')
  @Says('Mail the same link again')
  @Scope('links:write')
  @Answers(200, PaymentLinkAnswer)
  @Problems('link_paid', 'link_closed')
  async resend(
    @Caller() caller: Caller,
    @OptionalIdempotencyKey() key: string | null,
    @Param('id', { schema: Id }) id: LinkId,
    @Body({ schema: NoBody }) _: z.infer<typeof NoBody>,
  ) {
    const { order } = await this.now.link(caller.store(), id);
    await this.commands.execute(new ResendPaymentLink(id, key, caller.context({ order })));
    return this.get(caller, id);
  }

  @Post(':id/revoke')
  @AsksStripe()
  @Says('Make a link useless at once', 'A page that the customer has open is closed at Stripe first.')
  @Scope('links:write')
  @Answers(200, PaymentLinkAnswer)
  @Problems('link_paid', 'session_fence_pending', 'store_disconnected', 'stripe_error')
  async revoke(
    @Caller() caller: Caller,
    @Param('id', { schema: Id }) id: LinkId,
    @Body({ schema: NoBody }) _: z.infer<typeof NoBody>,
  ) {
    const { order } = await this.now.link(caller.store(), id);
    await this.commands.execute(new RevokePaymentLink(id, caller.context({ order })));
    return this.get(caller, id);
  }
}
