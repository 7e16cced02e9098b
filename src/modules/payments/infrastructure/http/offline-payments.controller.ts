import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { Idempotency, type IdempotentCall } from '../../../../shared/application/idempotency.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, answer, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { IdempotencyKey } from '../../../../shared/infrastructure/http/headers.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { FindOrder } from '../../../orders/index.js';
import { RecordOfflinePayment } from '../../application/commands/record-offline-payment.command.js';
import { ReverseOfflinePayment } from '../../application/commands/reverse-offline-payment.command.js';
import { TransactionNow } from '../../application/queries/transaction-now.js';
import { OrderReference, PaymentAnswer, PaymentReference } from './payments.wire.js';
import { RecordOfflinePaymentBody, ReversePaymentBody } from './refunds.wire.js';

/** Money that came past Stripe, on the same ledger as any other. */
@Controller('v1')
export class OfflinePaymentsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly idempotency: Idempotency,
    private readonly now: TransactionNow,
    private readonly ids: Ids,
    private readonly clock: Clock,
  ) {}

  @Post('orders/:order/offline_payments')
  @AsksStripe()
  @Says(
    'Record money that came past Stripe',
    'Cash, a transfer, a cheque. More than is due is kept as excess.',
  )
  @Scope('charges:write')
  @Answers(201, PaymentAnswer, 'It counts towards the order.')
  @Problems('order_cancelled')
  async record(
    @Caller() caller: Caller,
    @IdempotencyKey() call: IdempotentCall,
    @Param('order', { schema: OrderReference }) order: z.infer<typeof OrderReference>,
    @Body({ schema: RecordOfflinePaymentBody }) body: z.infer<typeof RecordOfflinePaymentBody>,
  ) {
    const store = caller.store();
    const { amount, method: kind, reference = null, received_at = null } = body;
    const found = await this.queries.execute(new FindOrder({ store, reference: order }));
    const route = `POST /v1/orders/${found.id}/offline_payments`;
    const makeId = () => `pay_${this.ids.next()}`;
    const method = { kind, reference, received_at: this.#instant(received_at) };
    const { value, replayed } = await this.idempotency.once({ ...call, route }, makeId, async ({ id }) => {
      const record = { store, order, amount, method };
      await this.commands.execute(new RecordOfflinePayment(id as PaymentId, record, caller.context()));
      return this.now.payment(store, id as PaymentId);
    });
    return answer(value, { replayed });
  }

  @Post('payments/:id/reverse')
  @HttpCode(200)
  @Says(
    'Reverse a payment that came past Stripe',
    'It was no money after all. Money at Stripe is refunded instead.',
  )
  @Scope('charges:write')
  @Answers(200, PaymentAnswer)
  @Problems('refund_exceeds_captured')
  async reverse(
    @Caller() caller: Caller,
    @Param('id', { schema: PaymentReference }) id: PaymentId,
    @Body({ schema: ReversePaymentBody }) { reason }: z.infer<typeof ReversePaymentBody>,
  ) {
    const store = caller.store();
    const { order } = await this.now.payment(store, id);
    await this.commands.execute(new ReverseOfflinePayment(id, reason, caller.context({ order, reason })));
    return this.now.payment(store, id);
  }

  #instant(received: string | null): string {
    const now = this.clock.now();
    if (received === null) return now.toISOString();
    if (Date.parse(received) > now.getTime()) {
      throw new Refusal('validation_failed', 'Money cannot have come in the future.', {
        param: '/received_at',
      });
    }
    return new Date(received).toISOString();
  }
}
