import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { z } from 'zod';
import { Idempotency, type IdempotentCall } from '../../../../shared/application/idempotency.js';
import { Ids } from '../../../../shared/application/ports/ids.port.js';
import type { LinkId, OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { Scope } from '../../../../shared/infrastructure/http/access.js';
import { Answers, answer, Problems, Says } from '../../../../shared/infrastructure/http/answers.js';
import { IdempotencyKey } from '../../../../shared/infrastructure/http/headers.js';
import { list, listQuery } from '../../../../shared/infrastructure/http/list-query.js';
import { Caller } from '../../../../shared/infrastructure/http/requests.js';
import { AsksStripe } from '../../../../shared/infrastructure/http/server.js';
import { FindOrder } from '../../../orders/index.js';
import { ChargeCard, linkInsteadOf } from '../../application/commands/charge-card.command.js';
import { SendPaymentLink } from '../../application/commands/send-payment-link.command.js';
import type { PaymentRow } from '../../application/projections/payment-row.js';
import { ListTransactions } from '../../application/queries/list-transactions.query.js';
import { TransactionNow } from '../../application/queries/transaction-now.js';
import { chargeOutcome } from './charge-outcome.js';
import { LinkAnswers } from './link-answers.js';
import {
  ChargeCardBody,
  OrderReference,
  PaymentAnswer,
  PaymentLinkAnswer,
  SendPaymentLinkBody,
  TransactionList,
} from './payments.wire.js';

const TransactionQuery = listQuery({});

/** The Transactions tab of a sales order: charge its card, send a payment link, see what happened to its money. */
@Controller('v1/orders/:order')
export class TransactionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
    private readonly idempotency: Idempotency,
    private readonly now: TransactionNow,
    private readonly links: LinkAnswers,
    private readonly ids: Ids,
  ) {}

  @Post('charges')
  @AsksStripe()
  @Says(
    'Charge Card',
    'Repeating the call with the same Idempotency-Key answers with the same payment and moves no money.',
  )
  @Scope('charges:write')
  @Answers(201, PaymentAnswer, 'The card was charged.')
  @Answers(202, PaymentAnswer, 'Not known yet, or the customer must act: ask again, or repeat the call.')
  @Problems(
    'card_declined',
    'card_blocked',
    'authentication_required',
    'amount_exceeds_balance',
    'balance_reserved',
    'order_settled',
    'order_cancelled',
    'payment_in_flight',
    'session_fence_pending',
    'store_disconnected',
    'amount_below_minimum',
    'amount_leaves_unpayable_rest',
    'payment_method_unusable',
    'stripe_error',
  )
  async chargeCard(
    @Caller() caller: Caller,
    @IdempotencyKey() call: IdempotentCall,
    @Param('order', { schema: OrderReference }) order: z.infer<typeof OrderReference>,
    @Body({ schema: ChargeCardBody }) body: z.infer<typeof ChargeCardBody>,
  ) {
    const store = caller.store();
    const ask = {
      store,
      order,
      amount: body.amount ?? null,
      paymentMethod: body.payment_method,
      saveCard: body.save_card ?? false,
      moto: body.moto ?? false,
      onOpenSession: body.on_open_session ?? 'fence',
      onAuthenticationRequired: body.on_authentication_required ?? 'offer',
      returnUrl: body.return_url ?? null,
    };
    const makeId = () => `pay_${this.ids.next()}`;
    const route = `POST /v1/orders/${await this.#idOf(store, order)}/charges`;
    const { value, replayed } = await this.idempotency.once({ ...call, route }, makeId, async ({ id }) => {
      await this.commands.execute(new ChargeCard(id as PaymentId, ask, caller.context()));
      const sent =
        ask.onAuthenticationRequired === 'send_link' ? linkInsteadOf(id as PaymentId, this.ids) : null;
      return this.#outcome(await this.now.payment(store, id as PaymentId), sent, caller);
    });
    return answer(value.payment, { status: value.status, replayed });
  }

  @Post('payment_links')
  @Says(
    'Send Payment Link',
    'The customer is mailed the invoice, the message and the link, unless `send` is false.',
  )
  @Scope('links:write')
  @Answers(201, PaymentLinkAnswer, 'The link is active.')
  @Problems(
    'amount_exceeds_balance',
    'order_settled',
    'order_cancelled',
    'store_disconnected',
    'amount_below_minimum',
    'amount_leaves_unpayable_rest',
  )
  async sendPaymentLink(
    @Caller() caller: Caller,
    @IdempotencyKey() call: IdempotentCall,
    @Param('order', { schema: OrderReference }) order: z.infer<typeof OrderReference>,
    @Body({ schema: SendPaymentLinkBody }) body: z.infer<typeof SendPaymentLinkBody>,
  ) {
    const store = caller.store();
    const ask = {
      store,
      order,
      amount: body.amount ?? null,
      email: body.email ?? null,
      message: body.message ?? null,
      expiresAt: body.expires_at ?? null,
      send: body.send ?? true,
      metadata: body.metadata ?? {},
    };
    const makeId = () => `link_${this.ids.next()}`;
    const route = `POST /v1/orders/${await this.#idOf(store, order)}/payment_links`;
    const { value, replayed } = await this.idempotency.once({ ...call, route }, makeId, async ({ id }) => {
      await this.commands.execute(new SendPaymentLink(id as LinkId, ask, caller.context()));
      return this.links.show(await this.now.link(store, id as LinkId), caller);
    });
    return answer(value, { replayed });
  }

  @Get('transactions')
  @Says('Transactions of an order, newest first', 'Everything that happened to its money.')
  @Scope('orders:read')
  @Answers(200, TransactionList)
  async transactions(
    @Caller() caller: Caller,
    @Param('order', { schema: OrderReference }) reference: z.infer<typeof OrderReference>,
    @Query({ schema: TransactionQuery }) { where: _, ...page }: z.infer<typeof TransactionQuery>,
  ) {
    const store = caller.store();
    const order = await this.#idOf(store, reference);
    const { rows, hasMore } = await this.queries.execute(new ListTransactions(store, { order }, page));
    return list(await Promise.all(rows.map((row) => this.links.showAny(row, caller))), hasMore);
  }

  /** @throws Refusal as `chargeOutcome`, with the link that was sent instead */
  async #outcome(payment: PaymentRow, sent: LinkId | null, caller: Caller) {
    try {
      return chargeOutcome(payment);
    } catch (refusal) {
      if (!sent || !(refusal instanceof Refusal) || refusal.code !== 'authentication_required') throw refusal;
      const link = await this.links.show(await this.now.link(payment.store as StoreId, sent), caller);
      const facts = { ...refusal.facts, payment_link: PaymentLinkAnswer.parse(link) };
      throw new Refusal(refusal.code, refusal.detail, facts);
    }
  }

  /** One order has many addresses: our id, the caller's own, and their spellings. A key is bound to the order. */
  async #idOf(store: StoreId, reference: string): Promise<OrderId> {
    return (await this.queries.execute(new FindOrder({ store, reference }))).id;
  }
}
