import { Controller, Get, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import type { DisputeId } from '../../../../shared/domain/ids.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { list } from '../../../../shared/infrastructure/http/list-query.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { ListTransactions } from '../../application/queries/list-transactions.query.js';
import { TransactionNow } from '../../application/queries/transaction-now.js';
import { OfPaymentQuery } from './of-payment.query.js';
import { DisputeAnswer, DisputeList } from './refunds.wire.js';

const Id = z.templateLiteral(['dispute_', z.string().regex(/^[0-9a-f]{32}$/)]);
const DisputeQuery = OfPaymentQuery.for(DisputeAnswer.shape.status);

/** What customers' banks dispute. Evidence is given at Stripe; what it says is recorded here. */
@Controller('v1/disputes')
export class DisputesController {
  constructor(
    private readonly queries: QueryBus,
    private readonly now: TransactionNow,
  ) {}

  @Get()
  @Says('List disputes, newest first', 'Questions of banks, `inquiry`, are among them.')
  @Scope('orders:read')
  @Answers(200, DisputeList)
  @Problems('invalid_cursor')
  async list(
    @Caller() caller: Caller,
    @Query({ schema: DisputeQuery }) { where, ...page }: z.infer<typeof DisputeQuery>,
  ) {
    const store = caller.store();
    const filter = {
      object: 'dispute',
      ...(await OfPaymentQuery.filter(this.queries, store, where)),
    } as const;
    const { rows, hasMore } = await this.queries.execute(new ListTransactions(store, filter, page));
    return list(rows, hasMore);
  }

  @Get(':id')
  @Says('Read a dispute', 'As it is now. Its verdict and its money are told apart.')
  @Scope('orders:read')
  @Answers(200, DisputeAnswer)
  get(@Caller() caller: Caller, @Param('id', { schema: Id }) id: DisputeId) {
    return this.now.dispute(caller.store(), id);
  }
}
