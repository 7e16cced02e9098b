import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import { Currency } from '../../../../shared/domain/currency.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';
import {
  ApplyDispute,
  ApplyPayment,
  ApplyRefund,
  ReleaseReservation,
  ReversePayment,
  ReverseRefund,
} from '../../../orders/index.js';
import { type ExistingPayment, paymentAggregate } from '../../domain/payment.js';
import { paymentLinkAggregate } from '../../domain/payment-link.js';

/** How a payment's end reaches its order and its link. Told as often as one likes: each step is "already so" the second time. */
@Injectable()
export class Settlement {
  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
  ) {}

  async settle(id: PaymentId, context: Context): Promise<void> {
    const { state: payment } = await this.streams.load(paymentAggregate, id);
    if (payment.status === 'captured') await this.#apply(id, payment, context);
    if (payment.status === 'failed' || payment.status === 'voided') await this.#release(id, payment, context);
    if (payment.status === 'captured') await this.#takeBack(id, payment, context);
  }

  /** What went back, by refunds and by disputes. Money that never counted towards the order is not taken from it. */
  async #takeBack(id: PaymentId, payment: ExistingPayment, context: Context): Promise<void> {
    const { order, currency } = payment.asked;
    if (payment.captured?.currency !== currency) return;
    for (const [refund, { status, amount: minor, effect }] of payment.refunds) {
      if (status === 'pending' || status === 'succeeded') {
        const amount = { minor, currency };
        await this.commands.execute(new ApplyRefund({ order, refund, payment: id, amount, effect }, context));
      }
      if (status === 'failed' || status === 'canceled')
        await this.commands.execute(new ReverseRefund({ order, refund, why: status }, context));
    }
    for (const [dispute, { status: standing, withdrawn: minor }] of payment.disputes) {
      const status = standing === 'inquiry_closed' ? 'closed' : standing;
      const withdrawn = { minor, currency };
      await this.commands.execute(
        new ApplyDispute({ order, dispute, payment: id, status, withdrawn }, context),
      );
    }
  }

  async #apply(id: PaymentId, { asked, captured }: ExistingPayment, context: Context): Promise<void> {
    if (!captured) throw new Error(`captured payment ${id} has no money`);
    const { amount: minor, currency } = captured;
    if (Currency.is(currency) && currency === asked.currency) {
      await this.commands.execute(
        new ApplyPayment({ order: asked.order, payment: id, captured: { minor, currency } }, context),
      );
    } else {
      // Money in another currency counts towards nothing here: CaptureMismatchDetected tells the merchant.
      await this.commands.execute(
        new ReleaseReservation(
          { order: asked.order, payment: id, why: 'captured_in_other_currency' },
          context,
        ),
      );
    }
    if (asked.method.channel !== 'link') return;
    const paid = { type: 'RecordPaid', payment: id } as const;
    await this.streams.handle(paymentLinkAggregate, asked.method.link, paid, context);
  }

  async #release(
    id: PaymentId,
    { asked, status, voidedBecause }: ExistingPayment,
    context: Context,
  ): Promise<void> {
    if (asked.method.channel === 'offline') {
      const why = voidedBecause ?? status;
      await this.commands.execute(new ReversePayment({ order: asked.order, payment: id, why }, context));
      return;
    }
    await this.commands.execute(
      new ReleaseReservation({ order: asked.order, payment: id, why: status }, context),
    );
    if (asked.method.channel !== 'link') return;
    const { link, session } = asked.method;
    const why = voidedBecause === 'session_not_opened' ? 'not_opened' : 'expired';
    await this.streams.handle(paymentLinkAggregate, link, { type: 'EndSession', session, why }, context);
  }
}
