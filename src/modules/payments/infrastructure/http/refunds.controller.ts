import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { Idempotency, type IdempotentCall } from '../../../../shared/application/idempotency.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { PaymentId, RefundId } from '../../../../shared/domain/ids.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, answer, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { IdempotencyKey } from '../../../../shared/infrastructure/http/headers.js';
import { list } from '../../../../shared/infrastructure/http/list-query.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { RequestRefund } from '../../application/commands/request-refund.command.js';
import { ListTransactions } from '../../application/queries/list-transactions.query.js';
import { TransactionNow } from '../../application/queries/transaction-now.js';
import { OfPaymentQuery } from './of-payment.query.js';
import { PaymentReference } from './payments.wire.js';
import { refundOutcome } from './refund-outcome.js';
import { RefundAnswer, RefundList, RequestRefundBody } from './refunds.wire.js';

const Id = z.templateLiteral(['refund_', z.string().regex(/^[0-9a-f]{32}$/)]);
const RefundQuery = OfPaymentQuery.for(RefundAnswer.shape.status);

/** Money on its way back to customers. */
@Controller('v1')
export class RefundsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly idempotency: Idempotency,
    private readonly now: TransactionNow,
    private readonly ids: Ids,
  ) {}

  @Post('payments/:payment/refunds')
  @AsksStripe()
  @Says(
    'Refund a payment, all of it or a part',
    'Repeating the call with the same Idempotency-Key answers with the same refund and gives nothing back twice.',
  )
  @Scope('refunds:write')
  @Answers(201, RefundAnswer, 'Made, or on its way.')
  @Problems(
    'refund_exceeds_captured',
    'payment_disputed',
    'currency_mismatch',
    'currency_unsupported',
    'store_disconnected',
    'stripe_error',
  )
  async refund(
    @Caller() caller: Caller,
    @IdempotencyKey() call: IdempotentCall,
    @Param('payment', { schema: PaymentReference }) payment: PaymentId,
    @Body({ schema: RequestRefundBody }) body: z.infer<typeof RequestRefundBody>,
  ) {
    const store = caller.store();
    const { amount = null, currency = null, reason = null, effect, note = null } = body;
    const ask = { store, payment, amount, currency, reason, effect: effect ?? 'credit', note };
    const { order } = await this.now.payment(store, payment);
    const context = caller.context({ order, reason: note ?? undefined });
    const makeId = () => `refund_${this.ids.next()}`;
    const { value, replayed } = await this.idempotency.once(call, makeId, async ({ id }) => {
      await this.commands.execute(new RequestRefund(id as RefundId, ask, context));
      return refundOutcome(await this.now.refundOf(store, payment, id as RefundId));
    });
    return answer(value, { replayed });
  }

  @Get('refunds')
  @Says('List refunds, newest first', 'Those that were made at Stripe itself too.')
  @Scope('orders:read')
  @Answers(200, RefundList)
  @Problems('invalid_cursor')
  async list(
    @Caller() caller: Caller,
    @Query({ schema: RefundQuery }) { where, ...page }: z.infer<typeof RefundQuery>,
  ) {
    const store = caller.store();
    const filter = {
      object: 'refund',
      ...(await OfPaymentQuery.filter(this.queries, store, where)),
    } as const;
    const { rows, hasMore } = await this.queries.execute(new ListTransactions(store, filter, page));
    return list(rows, hasMore);
  }

  @Get('refunds/:id')
  @Says('Read a refund', 'As it is now: the way to learn what became of one that is on its way.')
  @Scope('orders:read')
  @Answers(200, RefundAnswer)
  get(@Caller() caller: Caller, @Param('id', { schema: Id }) id: RefundId) {
    return this.now.refund(caller.store(), id);
  }
}
