import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Context } from '../../../../shared/application/context.js';
import { Clock } from '../../../../shared/application/ports/clock.port.js';
import { ReadModel } from '../../../../shared/application/read-model.js';
import { Slots } from '../../../../shared/application/slots.js';
import { Streams } from '../../../../shared/application/streams.js';
import type { ReconciliationId, StoreId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';
import { type Comparison, compare, unexplainedFirst } from '../../domain/comparison.js';
import { type Period, shifted } from '../../domain/period.js';
import type { Asked } from '../../domain/reconciliation.events.js';
import { type ReconciliationCommand, reconciliationAggregate } from '../../domain/reconciliation.js';
import { BooksForbidden, BooksRefused, StripeBooks } from '../ports/stripe-books.port.js';
import { explainedDifferences, explainedKey } from '../projections/explained-differences.projection.js';
import { toOutcome } from '../reconciliation-outcome.js';
import { Healing, withoutNews } from './healing.process.js';
import { Reading } from './reading.process.js';

/** Money is paid out some days after it came. */
const PAID_OUT_WITHIN_MS = 7 * 24 * 3_600_000;

/** All days of all stores end at the same time. */
const AT_ONCE = 8;

/** The process ends; the next one goes on. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Carries out a run: reads both books, makes good what can be made good, compares, and writes down what is left. */
@Injectable()
export class Reconciler implements BeforeApplicationShutdown {
  readonly #slots = new Slots(AT_ONCE);
  readonly #end = Promise.withResolvers<never>();
  readonly #running = new Map<ReconciliationId, Promise<void>>();

  constructor(
    private readonly streams: Streams,
    private readonly reading: Reading,
    private readonly healing: Healing,
    private readonly books: StripeBooks,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {
    this.#end.promise.catch(() => undefined);
  }

  /** A long run holds up no stop: it is begun again, and has changed nothing that would not be true anyway. */
  beforeApplicationShutdown(): void {
    this.#end.reject(new Interrupted('the process ends'));
  }

  /**
   * Once per run, however many ask; nothing where it is done.
   * @throws BooksUnreachable, LedgerBehind, Refusal `stripe_unreachable`: it may be asked again later
   */
  carryOut(id: ReconciliationId, context: Context): Promise<void> {
    const running = this.#running.get(id);
    if (running) return running;
    const run = Promise.race([this.#inTurn(id, context), this.#end.promise]).finally(() =>
      this.#running.delete(id),
    );
    this.#running.set(id, run);
    return run;
  }

  async #inTurn(id: ReconciliationId, context: Context): Promise<void> {
    await this.#slots.enter();
    try {
      await this.#run(id, context);
    } finally {
      this.#slots.leave();
    }
  }

  async #run(id: ReconciliationId, context: Context): Promise<void> {
    const { state } = await this.streams.load(reconciliationAggregate, id);
    if (state.status !== 'running') return;
    const { asked } = state;
    const about = { ...context, store: asked.store };
    try {
      const outcome = toOutcome(asked, await this.#compare(asked, about));
      await this.#record(id, { type: 'RecordOutcome', outcome }, about);
    } catch (error) {
      if (!isForGood(error, asked.trigger)) throw error;
      await this.#record(id, { type: 'RecordFailure', why: error.message }, about);
    }
  }

  async #compare({ store, from, to }: Asked, context: Context): Promise<Comparison> {
    const period: Period = { from, to };
    const paidOut = { from, to: this.#notAhead(shifted(to, PAID_OUT_WITHIN_MS), to) };
    const payouts = await this.books.payouts(store, paidOut);
    let both = await this.reading.read(store, period, payouts);
    if (await this.healing.heal(store, both, context))
      both = withoutNews(await this.reading.read(store, period, payouts), both);
    await this.healing.recordPayouts(store, payouts, context);
    return this.#withWhatIsKnown(store, compare(both, period));
  }

  /** What somebody has explained once needs no second explanation. */
  async #withWhatIsKnown(store: StoreId, comparison: Comparison): Promise<Comparison> {
    const open = comparison.differences.filter(({ explanation }) => explanation === null);
    const keys = open.map(({ id }) => explainedKey(store, id));
    const known = await this.readModel.getMany(explainedDifferences, keys);
    const differences = comparison.differences.map((each) => {
      const said = known.get(explainedKey(store, each.id))?.explanation;
      return each.explanation === null && said ? { ...each, explanation: said } : each;
    });
    return { ...comparison, differences: unexplainedFirst(differences) };
  }

  /** The earlier of two instants that are not before `least`; what is ahead of now holds nothing. */
  #notAhead(at: string, least: string): string {
    const now = this.clock.now().toISOString();
    return at < now ? at : now < least ? least : now;
  }

  async #record(id: ReconciliationId, command: ReconciliationCommand, context: Context): Promise<void> {
    await this.streams.handle(reconciliationAggregate, id, command, context);
  }
}

/**
 * A key can be replaced and a right be given. Nobody would ask for the run of a day again, so it waits for that; whoever
 * has asked for a run is told at once.
 */
function isForGood(error: unknown, trigger: Asked['trigger']): error is Error {
  const isShut = error instanceof Refusal && error.code === 'store_disconnected';
  const canBeMended = isShut || error instanceof BooksForbidden;
  return canBeMended ? trigger === 'api' : error instanceof BooksRefused;
}
