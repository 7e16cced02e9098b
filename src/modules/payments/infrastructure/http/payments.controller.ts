import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import type { OrderId, PaymentId } from '../../../../shared/domain/ids.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { list, listQuery } from '../../../../shared/infrastructure/http/list-query.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { FindOrder } from '../../../orders/index.js';
import { SyncPayment } from '../../application/commands/sync-payment.command.js';
import { VoidPayment } from '../../application/commands/void-payment.command.js';
import { ListTransactions } from '../../application/queries/list-transactions.query.js';
import { TransactionNow } from '../../application/queries/transaction-now.js';
import { PaymentAnswer, PaymentList, PaymentReference } from './payments.wire.js';

const PaymentQuery = listQuery({
  order: z.string().max(64).optional().describe('Our id of the order, or the caller’s own.'),
  status: PaymentAnswer.shape.status.optional(),
});

@Controller('v1/payments')
export class PaymentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly now: TransactionNow,
  ) {}

  @Get()
  @Says('List payments, newest first', 'Of the whole store. A hosted page that nobody paid on is none.')
  @Scope('orders:read')
  @Answers(200, PaymentList)
  async list(
    @Caller() caller: Caller,
    @Query({ schema: PaymentQuery }) { where, ...page }: z.infer<typeof PaymentQuery>,
  ) {
    const store = caller.store();
    const order = where.order && (await this.#order(caller, where.order));
    const filter = {
      object: 'payment',
      ...(order && { order }),
      ...(where.status && { status: where.status }),
    } as const;
    const { rows, hasMore } = await this.queries.execute(new ListTransactions(store, filter, page));
    return list(rows, hasMore);
  }

  @Get(':id')
  @Says('Read a payment', 'As it is now: the way to learn what became of a charge that answered 202.')
  @Scope('orders:read')
  @Answers(200, PaymentAnswer)
  get(@Caller() caller: Caller, @Param('id', { schema: PaymentReference }) id: PaymentId) {
    return this.now.payment(caller.store(), id);
  }

  @Post(':id/sync')
  @AsksStripe()
  @Says('Look at Stripe now', 'Records what is true there.')
  @Scope('charges:write')
  @Answers(200, PaymentAnswer)
  @Problems('store_disconnected', 'stripe_error', 'stripe_unreachable')
  async sync(@Caller() caller: Caller, @Param('id', { schema: PaymentReference }) id: PaymentId) {
    const { order } = await this.now.payment(caller.store(), id);
    await this.commands.execute(new SyncPayment(id, caller.context({ order })));
    return this.now.payment(caller.store(), id);
  }

  @Post(':id/void')
  @AsksStripe()
  @Says(
    'Give up a payment that has not captured',
    'It is ended at Stripe first, then its hold on the balance ends. `store_disconnected`: Stripe cannot be asked whether it has taken the money. Save a key that works; only of a store that was disconnected is a payment given up unasked, once its own time is over.',
  )
  @Scope('charges:write')
  @Answers(200, PaymentAnswer)
  @Problems('order_settled', 'payment_in_flight', 'store_disconnected', 'stripe_error', 'stripe_unreachable')
  async void(@Caller() caller: Caller, @Param('id', { schema: PaymentReference }) id: PaymentId) {
    const { order } = await this.now.payment(caller.store(), id);
    await this.commands.execute(new VoidPayment(id, caller.context({ order })));
    return this.now.payment(caller.store(), id);
  }

  async #order(caller: Caller, reference: string): Promise<OrderId> {
    const found = await this.queries.execute(new FindOrder({ store: caller.store(), reference }));
    return found.id;
  }
}
