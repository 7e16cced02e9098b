import { Body, Controller, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import { Idempotency } from '../../../../shared/application/idempotency.js';
import type { OrderId } from '../../../../shared/domain/ids.js';
import { Money } from '../../../../shared/domain/money.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, answer, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { IfMatch, OptionalIdempotencyKey } from '../../../../shared/infrastructure/http/headers.js';
import { bodyHash } from '../../../../shared/infrastructure/http/json-body.js';
import { list } from '../../../../shared/infrastructure/http/list-query.js';
import { Precondition } from '../../../../shared/infrastructure/http/precondition.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { CancelOrder } from '../../application/commands/cancel-order.command.js';
import { ImportOrder } from '../../application/commands/import-order.command.js';
import { ReviseOrder } from '../../application/commands/revise-order.command.js';
import { WriteOffBalance } from '../../application/commands/write-off-balance.command.js';
import type { OrderChange } from '../../application/order-aggregate.js';
import { OrderViews } from '../../application/order-views.js';
import { FindOrder } from '../../application/queries/find-order.query.js';
import { GetOrder } from '../../application/queries/get-order.query.js';
import { GetOrderHistory } from '../../application/queries/get-order-history.query.js';
import { ListOrders } from '../../application/queries/list-orders.query.js';
import { HistoryAnswer, OrderAnswer, OrderListAnswer } from './order.answers.js';
import {
  CancelOrderBody,
  HistoryQuery,
  ImportOrderBody,
  NewReference,
  OrderQuery,
  OrdersQuery,
  Reference,
  ReviseOrderBody,
  WriteOffBody,
} from './order.requests.js';

/** Sales orders, addressed by our id or the caller's own. */
@Controller('v1/orders')
@Scope('orders:read')
export class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly views: OrderViews,
    private readonly idempotency: Idempotency,
  ) {}

  @Put(':id')
  @Says(
    'Import an order',
    'The address holds your own id of it. The same call again changes nothing; other terms replace the earlier ones.',
  )
  @Scope('orders:write')
  @Answers(201, OrderAnswer, 'The order is new.')
  @Answers(200, OrderAnswer, 'The order has these terms now.')
  @Problems(
    'currency_unsupported',
    'currency_mismatch',
    'lines_do_not_add_up',
    'order_cancelled',
    'payment_in_flight',
    'session_fence_pending',
    'stripe_error',
  )
  async import(
    @Caller() caller: Caller,
    @Param('id', { schema: NewReference }) id: z.infer<typeof NewReference>,
    @Body({ schema: ImportOrderBody }) body: z.infer<typeof ImportOrderBody>,
  ) {
    const { currency, number = id, total = null, ...terms } = body;
    const ask = { store: caller.store(), externalId: id, currency, terms: { ...terms, number, total } };
    const change = await this.commands.execute(new ImportOrder(ask, caller.context()));
    return this.#answer(change, change.created ? 201 : 200);
  }

  @Get()
  @Says('List orders, newest first')
  @Answers(200, OrderListAnswer)
  @Problems('invalid_cursor')
  async list(
    @Caller() caller: Caller,
    @Query({ schema: OrdersQuery }) { where, ...page }: z.infer<typeof OrdersQuery>,
  ) {
    const { rows, hasMore } = await this.queries.execute(new ListOrders(caller.store(), where, page));
    return list(rows, hasMore);
  }

  @Get(':id')
  @Says('Read an order', 'Now, as of a past moment, or at one of its revisions.')
  @Answers(200, OrderAnswer)
  async get(
    @Caller() caller: Caller,
    @Param('id', { schema: Reference }) id: z.infer<typeof Reference>,
    @Query({ schema: OrderQuery }) { as_of, revision }: z.infer<typeof OrderQuery>,
  ) {
    const until = as_of || revision ? { asOf: as_of ?? null, revision: revision ?? null } : null;
    return this.queries.execute(new GetOrder(caller.store(), id, until));
  }

  @Patch(':id')
  @AsksStripe()
  @Says(
    'Change some of an order’s terms',
    'Where the total changes, payment pages that customers have open are closed first.',
  )
  @Scope('orders:write')
  @Answers(200, OrderAnswer)
  @Problems(
    'lines_do_not_add_up',
    'order_cancelled',
    'payment_in_flight',
    'revision_mismatch',
    'session_fence_pending',
    'stripe_error',
  )
  async revise(
    @Caller() caller: Caller,
    @Param('id', { schema: Reference }) id: z.infer<typeof Reference>,
    @Body({ schema: ReviseOrderBody }) { reason, ...body }: z.infer<typeof ReviseOrderBody>,
    @IfMatch() seen: Precondition,
  ) {
    const { store, order } = await this.#find(caller, id);
    const stated = Object.entries(body).filter(([, value]) => value !== undefined);
    const changes = Object.fromEntries(stated) as ReviseOrder['ask']['changes'];
    const revise = new ReviseOrder({ order, store, changes, seen }, caller.context({ reason, order }));
    return this.#answer(await this.commands.execute(revise));
  }

  @Post(':id/cancel')
  @AsksStripe()
  @HttpCode(200)
  @Says(
    'Cancel an order',
    'Nothing more is asked for, and what was still due is written off. With `refund_all` the order is `cancelling` ' +
      'until everything that was paid has gone back. Money is kept only for a `reason`.',
  )
  @Scope('orders:write')
  @Answers(200, OrderAnswer)
  @Problems(
    'order_cancelled',
    'payment_disputed',
    'payment_in_flight',
    'revision_mismatch',
    'session_fence_pending',
    'stripe_error',
  )
  async cancel(
    @Caller() caller: Caller,
    @Param('id', { schema: Reference }) id: z.infer<typeof Reference>,
    @Body({ schema: CancelOrderBody }) { refund_policy: policy, reason }: z.infer<typeof CancelOrderBody>,
    @IfMatch() seen: Precondition,
  ) {
    const { store, order } = await this.#find(caller, id);
    const cancel = new CancelOrder({ order, store, policy, seen }, caller.context({ reason, order }));
    return this.#answer(await this.commands.execute(cancel));
  }

  @Post(':id/write_off')
  @AsksStripe()
  @HttpCode(200)
  @Says(
    'Write off what is due',
    'Part or all of it is no longer asked for. Payment pages that customers have open are closed first.',
  )
  @Scope('orders:write')
  @Answers(200, OrderAnswer)
  @Problems(
    'amount_exceeds_balance',
    'amount_leaves_unpayable_rest',
    'idempotency_key_reused',
    'order_cancelled',
    'order_settled',
    'payment_disputed',
    'payment_in_flight',
    'revision_mismatch',
    'session_fence_pending',
    'stripe_error',
  )
  async writeOff(
    @Caller() caller: Caller,
    @OptionalIdempotencyKey() key: string | null,
    @Param('id', { schema: Reference }) id: z.infer<typeof Reference>,
    @Body({ schema: WriteOffBody }) body: z.infer<typeof WriteOffBody>,
    @IfMatch() seen: Precondition,
  ) {
    const { store, order, currency } = await this.#find(caller, id);
    const { amount: minor, reason } = body;
    const context = caller.context({ reason, order });
    const amount = minor === null ? null : Money.of(minor, currency);
    const reference = key === null ? {} : { reference: `${context.actor.id} ${key}` };
    if (key !== null) await this.#bind(order, `${context.actor.id}@${store}`, key, body);
    const ask = { order, store, amount, seen, ...reference };
    return this.#answer(await this.commands.execute(new WriteOffBalance(ask, context)));
  }

  /** @throws Refusal `idempotency_key_reused` where the key has written off something else */
  async #bind(order: OrderId, caller: string, key: string, body: object): Promise<void> {
    const call = { caller, route: `POST /v1/orders/${order}/write_off`, key, bodyHash: bodyHash(body) };
    await this.idempotency.begin(call, () => order);
  }

  @Get(':id/history')
  @Says(
    'History of an order, newest first',
    'Everything that happened to it and to its money: who, when and why.',
  )
  @Answers(200, HistoryAnswer)
  @Problems('invalid_cursor')
  async history(
    @Caller() caller: Caller,
    @Param('id', { schema: Reference }) id: z.infer<typeof Reference>,
    @Query({ schema: HistoryQuery }) page: z.infer<typeof HistoryQuery>,
  ) {
    const asked = new GetOrderHistory(caller.store(), id, page);
    const { events, hasMore } = await this.queries.execute(asked);
    return list(events, hasMore);
  }

  async #find(caller: Caller, reference: string) {
    const store = caller.store();
    const { id, order } = await this.queries.execute(new FindOrder({ store, reference }));
    return { store, order: id, currency: order.currency };
  }

  /** The order after a write, from its own events: no reader needs to have caught up. */
  async #answer({ id, position }: OrderChange, status = 200) {
    return answer(await this.views.of(id), { status, position });
  }
}
