import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Context, following } from '../../../../shared/application/context.js';
import type { Policy } from '../../../../shared/application/policy.js';
import type { Told } from '../../../../shared/application/projection.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { OrderId, PaymentId, StoreId } from '../../../../shared/domain/ids.js';
import { OpenException, SettleException } from '../../../exceptions/index.js';
import type { Difference } from '../../domain/difference.js';
import { includes } from '../../domain/period.js';
import type { Asked, Outcome, ReconciliationEvent } from '../../domain/reconciliation.events.js';
import { reconciliationAggregate } from '../../domain/reconciliation.js';
import { inWords } from '../difference-in-words.js';
import { differenceMatter } from '../difference-matter.js';
import { OurLedger } from '../processes/our-ledger.js';
import { reconciliationIdOf, reconciliationRuns } from '../projections/reconciliation-runs.projection.js';

/** Earlier runs whose differences a newer one may have found to be none. */
const LOOKED_BACK_AT = 100;

/** A difference that nobody has explained needs a person; it no longer does once it is explained or gone. */
@Injectable()
export class OpenExceptionsWhenBooksDiffer implements Policy<ReconciliationEvent> {
  readonly name = 'open-exceptions-when-books-differ';
  readonly reads = ['ReconciliationCompleted', 'DifferenceExplained'] as const;

  constructor(
    private readonly streams: Streams,
    private readonly readModel: ReadModel,
    private readonly commands: CommandBus,
    private readonly ledger: OurLedger,
  ) {}

  async on(event: Told<ReconciliationEvent>): Promise<void> {
    const context = following(event);
    if (event.type === 'DifferenceExplained') {
      const { store, difference, explanation } = event.data;
      return this.#settle(store, difference, `Somebody has explained it: ${explanation}`, context);
    }
    if (event.type !== 'ReconciliationCompleted') return;
    const { state } = await this.streams.load(reconciliationAggregate, reconciliationIdOf(event.stream));
    if (state.status === 'none') return;
    const { differences } = event.data;
    for (const each of differences)
      if (each.explanation === null) await this.#open(state.asked, each, context);
    await this.#settleGone(state.asked, event.data, context);
  }

  async #open({ store, livemode }: Asked, difference: Difference, context: Context): Promise<void> {
    const about = {
      store,
      livemode,
      order: difference.order as OrderId | null,
      payment: difference.payment as PaymentId | null,
      amount: Math.abs(difference.amount),
      currency: difference.currency,
    };
    const matter = differenceMatter(store, difference.id);
    const explanation = inWords(difference);
    await this.commands.execute(new OpenException({ ...matter, about, explanation }, context));
  }

  /** What an earlier run found in this period, and this one does not. */
  async #settleGone(asked: Asked, outcome: Outcome, context: Context): Promise<void> {
    const { store } = asked;
    // A list that was cut off says nothing of what is not on it.
    if (outcome.difference_count > outcome.differences.length) return;
    await this.ledger.catchUp();
    const there = new Set(outcome.differences.map(({ id }) => id));
    const where = { store, status: 'different' };
    const { rows } = await this.readModel.find(reconciliationRuns, { where, limit: LOOKED_BACK_AT });
    for (const { id, at, explanation } of rows.flatMap(({ differences }) => differences)) {
      if (explanation !== null || there.has(id) || !includes(asked, at)) continue;
      await this.#settle(store, id, 'A later run found that the books agree there.', context);
    }
  }

  async #settle(store: StoreId, difference: string, explanation: string, context: Context): Promise<void> {
    const matter = differenceMatter(store, difference);
    const ending = { outcome: 'settled_otherwise', explanation } as const;
    await this.commands.execute(new SettleException(matter, ending, context));
  }
}
