import type { Difference } from '../../../src/modules/reconciliation/domain/difference.js';
import type { RecordedEvent } from '../../../src/shared/application/ports/event-store.port.js';
import { restingRun } from './books.js';
import { Invariant } from './invariant.js';

/** These come with their explanation. */
const HARMLESS = new Set(['made_elsewhere', 'not_booked_yet', 'booked_in_another_period']);

type Completed = Readonly<{ ledger_total: number; stripe_total: number; differences: readonly Difference[] }>;

/** R1: a run names exactly what differs: nothing that is not so, and at rest all that is. */
export class RunsTellTheTruth extends Invariant {
  readonly name = 'R1 a run names exactly what differs';

  override appended({ type, stream, data }: RecordedEvent): void {
    if (type !== 'ReconciliationCompleted') return;
    const { differences } = data as Completed;
    for (const { kind, source, amount } of differences) {
      if (!HARMLESS.has(kind) && !this.forged().has(source ?? ''))
        this.broken(`${stream} says ${kind} of ${source}, by ${amount}`);
    }
  }

  override async atRest(): Promise<void> {
    const { books, stripe } = this.facts;
    for (const { id, store, from, to, outcome } of books.runs.values()) {
      if (!outcome || id !== restingRun(store)) continue;
      const { ledger_total, stripe_total, differences } = outcome;
      const booked = stripe.bookings.all.filter(
        (one) => one.store === store && from <= one.at && one.at < to,
      );
      const sum = booked.reduce((total, { amount }) => total + amount, 0);
      if (stripe_total !== sum) this.broken(`${id} says that Stripe has ${stripe_total}; it has ${sum}`);
      const named = new Set(
        differences.filter(({ kind }) => !HARMLESS.has(kind)).map(({ source }) => source),
      );
      const forged = booked.filter(({ source }) => this.forged().has(source ?? ''));
      for (const { source } of forged)
        if (!named.has(source)) this.broken(`${id} does not name ${source}, which is not ours`);
      const theirs = forged.reduce((total, { amount }) => total + amount, 0);
      if (ledger_total !== sum - theirs)
        this.broken(`${id} says that we have ${ledger_total}; it is ${sum - theirs}`);
    }
  }

  /** Charges that say they are for a payment of ours, and are not. */
  private forged(): ReadonlySet<string> {
    return this.facts.stripe.forged;
  }
}
