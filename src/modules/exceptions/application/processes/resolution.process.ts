import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Context } from '../../../../shared/application/context.js';
import { Streams } from '../../../../shared/application/streams.js';
import { Turns } from '../../../../shared/application/turns.js';
import { Currency } from '../../../../shared/domain/currency.js';
import type { ExceptionId } from '../../../../shared/domain/ids.js';
import { Refusal, type RefusalCode } from '../../../../shared/domain/refusal.js';
import { DecideLostDispute, type ExcessResolution, ResolveExcess } from '../../../orders/index.js';
import { SyncPayment } from '../../../payments/index.js';
import type { ExceptionAction, Outcome } from '../../domain/exception.events.js';
import { type ExistingException, exceptionAggregate } from '../../domain/exception.js';
import { type Ending, Matters } from '../matters.js';
import { inWords } from '../sums-in-words.js';
import { GivingBack, type Wished } from './giving-back.js';
import { MailingAgain } from './mailing-again.js';

/** Not a no: nobody has answered yet. What was chosen stays chosen, and is gone on with. */
const UNANSWERED: ReadonlySet<RefusalCode> = new Set(['stripe_unreachable', 'overloaded']);

/** What a look that ended nothing says. */
const STILL = 'Stripe was looked at, and it still stands.';

/**
 * Does what was chosen about an exception, and writes down how it ended. Told as often as one likes: each step is
 * "already so" the second time. What concerns one order takes turns, so that no excess is given away twice.
 */
@Injectable()
export class Resolution {
  private readonly turns = new Turns();

  constructor(
    private readonly streams: Streams,
    private readonly commands: CommandBus,
    private readonly matters: Matters,
    private readonly givingBack: GivingBack,
    private readonly mailing: MailingAgain,
  ) {}

  /** Nothing where nothing is chosen. @throws Refusal while Stripe does not answer: it is to be told again */
  async carryOut(id: ExceptionId, context: Context): Promise<void> {
    const { state } = await this.streams.load(exceptionAggregate, id);
    if (state.status !== 'resolving') return;
    await this.turns.take(state.subject.order ?? id, async () => {
      const { state: exception } = await this.streams.load(exceptionAggregate, id);
      if (exception.status !== 'resolving' || !exception.chosen) return;
      const { action, wish } = exception.chosen;
      const { store, order } = exception.subject;
      const about = { ...context, store, ...(order && { order }) };
      await this.#finish(action, { id, exception, wish, context: about });
    });
  }

  async #finish(action: ExceptionAction, wished: Wished): Promise<void> {
    const { id, exception, wish, context } = wished;
    let ending: Ending | null;
    try {
      ending = (await this.#act(action, wished)) ?? (await this.matters.endOf(id, exception));
    } catch (error) {
      if (!(error instanceof Refusal) || UNANSWERED.has(error.code)) throw error;
      const refuse = { type: 'RefuseResolution', wish, code: error.code, why: error.detail } as const;
      await this.streams.handle(exceptionAggregate, id, refuse, context);
      return;
    }
    const command = ending
      ? ({ type: 'CompleteResolution', wish, ...ending } as const)
      : ({ type: 'RefuseResolution', wish, code: null, why: STILL } as const);
    await this.streams.handle(exceptionAggregate, id, command, context);
  }

  /** Null where the action by itself ends nothing: then it counts what has become of the matter. */
  async #act(action: ExceptionAction, wished: Wished): Promise<Ending | null> {
    switch (action) {
      case 'refund_excess':
        return refunded(await this.givingBack.excess(wished));
      case 'refund_payment':
        return refunded(await this.givingBack.payment(wished));
      case 'retry':
        return wished.exception.kind === 'mail_undelivered'
          ? this.mailing.again(wished)
          : refunded(await this.givingBack.again(wished));
      case 'keep_as_credit':
        return this.#resolveExcess('credit', 'kept_as_credit', wished);
      case 'raise_total':
        return this.#resolveExcess('raise_total', 'total_raised', wished);
      case 'collect_again':
        return this.#decideLoss('collect_again', wished);
      case 'write_off':
        return this.#decideLoss('write_off', wished);
      case 'accept':
        return { outcome: 'accepted', explanation: `It was accepted: ${wished.context.reason ?? ''}` };
      case 'look_at_stripe_again':
        return this.#look(wished);
    }
  }

  async #resolveExcess(
    resolution: ExcessResolution,
    outcome: Outcome,
    { id, exception, context }: Wished,
  ): Promise<Ending | null> {
    const { order, amount, currency } = exception.subject;
    if (!order || amount === null || !currency || !Currency.is(currency)) return null;
    const before = await this.matters.order(order);
    const most = this.matters.mostOf(before, resolution);
    const isDone = before.settled.has(id);
    const minor = Math.min(amount, most);
    if (!isDone && minor === 0) return this.#nothingToKeep(exception);
    const ask = { order, resolution, amount: { minor, currency }, reference: id };
    if (!isDone) await this.commands.execute(new ResolveExcess(ask, context));
    const sum = inWords(isDone ? amount : minor, currency);
    const what = resolution === 'credit' ? 'is kept as the customer’s credit' : 'was added to the total';
    return { outcome, explanation: `${sum} ${what}.` };
  }

  /** Where an excess is gone the matter has ended; a refund that failed has not. */
  #nothingToKeep({ kind }: ExistingException): null {
    if (kind !== 'refund_failed') return null;
    const detail = 'The order has no more than is owed, so there is nothing to keep as credit.';
    throw new Refusal('validation_failed', detail, { param: '/action' });
  }

  async #decideLoss(decision: 'collect_again' | 'write_off', { exception, context }: Wished) {
    const { order, dispute } = exception.subject;
    if (order && dispute)
      await this.commands.execute(new DecideLostDispute({ order, dispute, decision }, context));
    return null;
  }

  async #look({ exception, context }: Wished): Promise<null> {
    const { payment } = exception.subject;
    if (payment) await this.commands.execute(new SyncPayment(payment, context));
    return null;
  }
}

function refunded(explanation: string | null): Ending | null {
  return explanation === null ? null : { outcome: 'refunded', explanation };
}
