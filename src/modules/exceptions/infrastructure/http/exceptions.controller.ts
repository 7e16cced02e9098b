import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { z } from 'zod';
import { Idempotency, type IdempotentCall } from '../../../../shared/application/idempotency.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { ExceptionId, OrderId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, answer, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { IdempotencyKey } from '../../../../shared/infrastructure/http/headers.js';
import { list } from '../../../../shared/infrastructure/http/list-query.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { FindOrder } from '../../../orders/index.js';
import { AssignException } from '../../application/commands/assign-exception.command.js';
import { ResolveException } from '../../application/commands/resolve-exception.command.js';
import type { ExceptionRow } from '../../application/projections/exceptions.projection.js';
import { ExceptionNow } from '../../application/queries/exception-now.js';
import { ListExceptions } from '../../application/queries/list-exceptions.query.js';
import type { ExceptionAction } from '../../domain/exception.events.js';
import {
  AssignExceptionBody,
  ExceptionAnswer,
  ExceptionList,
  ExceptionParam,
  ExceptionQuery,
  ResolveExceptionBody,
} from './exceptions.wire.js';

/** Actions that change what an order asks for need the right to do that, too. */
const CHANGES_THE_ORDER: ReadonlySet<ExceptionAction> = new Set([
  'raise_total',
  'collect_again',
  'write_off',
]);

/** What about money needs a person, and what that person can do about it. */
@Controller('v1/exceptions')
@Scope('orders:read')
export class ExceptionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly idempotency: Idempotency,
    private readonly now: ExceptionNow,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Says('List exceptions, newest first', 'Whatever about money needs a person, or needed one.')
  @Answers(200, ExceptionList)
  @Problems('invalid_cursor')
  async list(
    @Caller() caller: Caller,
    @Query({ schema: ExceptionQuery }) { where, ...page }: z.infer<typeof ExceptionQuery>,
  ) {
    const store = caller.store();
    const { order: reference, ...filter } = where;
    const order = reference === undefined ? undefined : await this.#order(caller, reference);
    const asked = { ...filter, order };
    const { rows, hasMore } = await this.queries.execute(new ListExceptions(store, asked, page));
    return list(
      rows.map((row) => this.#told(row)),
      hasMore,
    );
  }

  @Get(':id')
  @Says('Read an exception', 'What happened, whose turn it is, and what can be done.')
  @Answers(200, ExceptionAnswer)
  async get(@Caller() caller: Caller, @Param('id', { schema: ExceptionParam }) id: ExceptionId) {
    return this.#told(await this.now.find(caller.store(), id));
  }

  @Post(':id/resolve')
  @AsksStripe()
  @HttpCode(200)
  @Says(
    'Do something about an exception',
    'Who did it and why stands in the history. `raise_total`, `collect_again` and `write_off` need `orders:write` too. Where Stripe does not answer, it stays `resolving` until it has.',
  )
  @Scope('refunds:write')
  @Answers(200, ExceptionAnswer, 'Resolved; or `resolving`, or open again where looking ended nothing.')
  @Problems(
    'exception_resolved',
    'refund_exceeds_captured',
    'payment_disputed',
    'order_cancelled',
    'payment_in_flight',
    'store_disconnected',
    'link_paid',
    'link_closed',
    'stripe_error',
  )
  async resolve(
    @Caller() caller: Caller,
    @IdempotencyKey() call: IdempotentCall,
    @Param('id', { schema: ExceptionParam }) id: ExceptionId,
    @Body({ schema: ResolveExceptionBody }) { action, reason }: z.infer<typeof ResolveExceptionBody>,
  ) {
    const store = caller.store();
    if (CHANGES_THE_ORDER.has(action)) mustMay(caller, 'orders:write');
    const context = await this.#context(caller, id, reason);
    const makeId = () => `wish_${this.ids.next()}`;
    const { value, replayed } = await this.idempotency.once(call, makeId, async ({ id: wish }) => {
      await this.commands.execute(new ResolveException(id, { action, wish }, context));
      return this.#told(await this.now.find(store, id));
    });
    return answer(value, { replayed });
  }

  @Post(':id/assign')
  @HttpCode(200)
  @Says('Say whose turn it is')
  @Scope('refunds:write')
  @Answers(200, ExceptionAnswer)
  @Problems('exception_resolved')
  async assign(
    @Caller() caller: Caller,
    @Param('id', { schema: ExceptionParam }) id: ExceptionId,
    @Body({ schema: AssignExceptionBody }) { owner }: z.infer<typeof AssignExceptionBody>,
  ) {
    await this.commands.execute(new AssignException(id, owner, await this.#context(caller, id)));
    return this.#told(await this.now.find(caller.store(), id));
  }

  /** @throws Refusal `not_found`, also for an exception of another store */
  async #context(caller: Caller, id: ExceptionId, reason?: string) {
    const { order } = await this.now.find(caller.store(), id);
    return caller.context({ reason, order: order ?? undefined });
  }

  async #order(caller: Caller, reference: string): Promise<OrderId> {
    const found = await this.queries.execute(new FindOrder({ store: caller.store(), reference }));
    return found.id;
  }

  #told(row: ExceptionRow) {
    const until = row.resolved_at ? Date.parse(row.resolved_at) : this.clock.now().getTime();
    const age_seconds = Math.max(0, Math.floor((until - Date.parse(row.opened_at)) / 1000));
    return { ...row, age_seconds };
  }
}

/** @throws Refusal `forbidden_scope` */
function mustMay(caller: Caller, scope: 'orders:write'): void {
  if (caller.may(scope)) return;
  throw new Refusal('forbidden_scope', `This action needs the scope ${scope}, too.`, {
    required_scope: scope,
  });
}
