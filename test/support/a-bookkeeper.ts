import type { CommandBus } from '@nestjs/cqrs';
import {
  OpenException,
  OpenExceptionHandler,
} from '../../src/modules/exceptions/application/commands/open-exception.command.js';
import {
  SettleException,
  SettleExceptionHandler,
} from '../../src/modules/exceptions/application/commands/settle-exception.command.js';
import { Opening } from '../../src/modules/exceptions/application/processes/opening.process.js';
import { exceptionCodec } from '../../src/modules/exceptions/infrastructure/event-store/exception.codec.js';
import { SyncPayment } from '../../src/modules/payments/application/commands/sync-payment.command.js';
import { type PaymentCommand, paymentAggregate } from '../../src/modules/payments/domain/payment.js';
import { paymentCodec } from '../../src/modules/payments/infrastructure/event-store/payment.codec.js';
import { RequestReconciliationHandler } from '../../src/modules/reconciliation/application/commands/request-reconciliation.command.js';
import { OpenExceptionsWhenBooksDiffer } from '../../src/modules/reconciliation/application/policies/open-exceptions-when-books-differ.policy.js';
import { ReconcileWhenRequested } from '../../src/modules/reconciliation/application/policies/reconcile-when-requested.policy.js';
import {
  type Payout,
  type Standing,
  StripeBooks,
} from '../../src/modules/reconciliation/application/ports/stripe-books.port.js';
import { Healing } from '../../src/modules/reconciliation/application/processes/healing.process.js';
import { OurLedger } from '../../src/modules/reconciliation/application/processes/our-ledger.js';
import { Reading } from '../../src/modules/reconciliation/application/processes/reading.process.js';
import { Reconciler } from '../../src/modules/reconciliation/application/processes/reconciler.process.js';
import { explainedDifferences } from '../../src/modules/reconciliation/application/projections/explained-differences.projection.js';
import { ledgerEntries } from '../../src/modules/reconciliation/application/projections/ledger-entries.projection.js';
import { reconciliationRuns } from '../../src/modules/reconciliation/application/projections/reconciliation-runs.projection.js';
import {
  GetReconciliation,
  GetReconciliationHandler,
} from '../../src/modules/reconciliation/application/queries/reconciliation-runs.query.js';
import type { Booking } from '../../src/modules/reconciliation/domain/books.js';
import { includes, type Period } from '../../src/modules/reconciliation/domain/period.js';
import { reconciliationAggregate } from '../../src/modules/reconciliation/domain/reconciliation.js';
import { reconciliationCodec } from '../../src/modules/reconciliation/infrastructure/event-store/reconciliation.codec.js';
import { StoreDirectory, type StoreEntry } from '../../src/modules/stores/index.js';
import { type Context, onOurOwn } from '../../src/shared/application/context.js';
import { EventCatalog } from '../../src/shared/application/event-catalog.js';
import { ReadModel } from '../../src/shared/application/read-model.js';
import { Streams } from '../../src/shared/application/streams.js';
import { Subscriptions } from '../../src/shared/application/subscriptions.js';
import type { PaymentId, ReconciliationId, StoreId } from '../../src/shared/domain/ids.js';
import { Refusal } from '../../src/shared/domain/refusal.js';
import { MemoryEventStore } from '../../src/shared/infrastructure/event-store/memory.event-store.js';
import { MemoryReadStore } from '../../src/shared/infrastructure/read-store/memory.read-store.js';
import { askedByCard, captureOf } from './a-payment.js';
import { SeededIds } from './seeded-ids.js';
import { VirtualClock } from './virtual-clock.js';

export const store: StoreId = 'store_1';
const context: Context = onOurOwn('sweep', 'test_1');

/** Stripe's books as a list; each of the next answers can be a failure instead. */
export class ScriptedBooks extends StripeBooks {
  booked: Booking[] = [];
  unbooked = new Map<string, Standing['unbooked']>();
  paidOut: Payout[] = [];
  readonly failures: Error[] = [];
  /** Set: Stripe takes its time. */
  waiting: Promise<never> | undefined;

  override async bookings(_: StoreId, period: Period): Promise<readonly Booking[]> {
    await this.waiting;
    const failure = this.failures.shift();
    if (failure) throw failure;
    return this.booked.filter(({ at }) => includes(period, at));
  }
  override async standing(_: StoreId, source: string): Promise<Standing> {
    const bookings = this.booked.filter((booking) => booking.source === source);
    return { bookings, unbooked: this.unbooked.get(source) ?? [] };
  }
  override async payouts(_: StoreId, period: Period): Promise<readonly Payout[]> {
    return this.paidOut.filter(({ at }) => includes(period, at));
  }
}

class OneStore extends StoreDirectory {
  async find(id: StoreId): Promise<StoreEntry> {
    const [status, account] = ['connected', 'acct_1'] as const;
    return { id, name: 'Lamps & Co', notification_email: 'ops@lamps.test', status, account, livemode: false };
  }
  get(id: StoreId): Promise<StoreEntry> {
    return this.find(id);
  }
  async connected(): Promise<readonly StoreEntry[]> {
    return [await this.find(store)];
  }
}

/** Payments and runs as they are, on a log in memory, beside books of Stripe's that a test writes. */
export class ABookkeeper {
  readonly clock = new VirtualClock('2026-11-20T09:00:00.000Z');
  readonly books = new ScriptedBooks();
  readonly ids = new SeededIds();
  /** What a look at Stripe brings, by payment: commands to the payment. */
  readonly news = new Map<string, readonly PaymentCommand[]>();
  /** What happens at Stripe while it is looked at. */
  onLook: () => void = () => undefined;
  readonly #log = new MemoryEventStore();
  readonly #catalog = new EventCatalog()
    .register(paymentCodec)
    .register(reconciliationCodec)
    .register(exceptionCodec);
  readonly streams = new Streams(this.#log, this.#catalog, this.clock, this.ids);
  readonly stores = new OneStore();
  #life = this.#begun();

  get readModel(): ReadModel {
    return this.#life.readModel;
  }

  /** Runs, day by day, as the scheduler would ask for them. */
  get commands(): CommandBus {
    return this.#life.commands;
  }

  /** The process has died; another one goes on from the log. */
  async restart(): Promise<void> {
    this.#life.reconciler.beforeApplicationShutdown();
    await this.#life.subscriptions.stop();
    this.#life = this.#begun();
  }

  async close(): Promise<void> {
    await this.#life.subscriptions.stop();
  }

  /** A card payment that our log knows, at this moment of its clock. */
  async aPayment(id: PaymentId, amount = 10_000): Promise<void> {
    const asked = { ...askedByCard, amount };
    const capture = { ...captureOf(amount), charge: chargeOf(id), intent: `pi_${id}` };
    await this.#tell(id, { type: 'InitiatePayment', asked });
    await this.#tell(id, { type: 'RecordCapture', capture });
    await this.#tell(id, feeOf(id));
  }

  /** A payment that our log has begun, whose money it has not heard of; a look at Stripe would tell. */
  async anUnheardPayment(id: PaymentId, amount = 10_000, of: StoreId = store): Promise<void> {
    const capture = { ...captureOf(amount), charge: chargeOf(id), intent: `pi_${id}` };
    await this.#tell(id, { type: 'InitiatePayment', asked: { ...askedByCard, amount, store: of } });
    this.news.set(id, [{ type: 'RecordCapture', capture }, feeOf(id)]);
  }

  /** Stripe books the money of a payment, now unless told otherwise. */
  book(id: PaymentId, changes: Partial<Booking> = {}): void {
    const amount = changes.amount ?? 10_000;
    this.books.booked.push({
      id: `txn_${id}`,
      kind: 'charge',
      category: 'charge',
      source: chargeOf(id),
      charge: chargeOf(id),
      payment: id,
      at: this.clock.now().toISOString(),
      amount,
      currency: 'usd',
      balance: { amount, currency: 'usd', fee: 320, net: amount - 320 },
      ...changes,
    });
  }

  async state(id: PaymentId) {
    const { state } = await this.streams.load(paymentAggregate, id);
    if (state.status === 'none') throw new Error(`no payment ${id}`);
    return state;
  }

  /** Written down, and not begun. */
  async request(id: ReconciliationId, period: Period): Promise<void> {
    const asked = { store, livemode: false, ...period, trigger: 'api' } as const;
    await this.streams.handle(reconciliationAggregate, id, { type: 'RequestReconciliation', asked }, context);
  }

  /** Starts whatever reads the log: projections, and the policy that carries out runs. */
  start(): Promise<void> {
    return this.#life.start();
  }

  /** Carries it out here and now. @throws what stands in its way */
  async carryOut(id: ReconciliationId) {
    await this.#life.reconciler.carryOut(id, context);
    return this.run(id);
  }

  run(id: ReconciliationId) {
    return new GetReconciliationHandler(this.streams).execute(new GetReconciliation(store, id));
  }

  /** What happened to exceptions, oldest first. */
  async exceptions(): Promise<readonly (readonly [string, unknown])[]> {
    const all = await this.#log.readAll(0, 10_000);
    return all
      .filter(({ type }) => type.startsWith('Exception'))
      .map(({ type, data }) => [type, data['explanation']]);
  }

  async explain(id: ReconciliationId, difference: string, explanation: string): Promise<void> {
    const command = { type: 'ExplainDifference', difference, explanation } as const;
    await this.streams.handle(reconciliationAggregate, id, command, context);
  }

  async #tell(id: PaymentId, command: PaymentCommand): Promise<void> {
    await this.streams.handle(paymentAggregate, id, command, context);
  }

  #begun() {
    const rows = new MemoryReadStore();
    const readModel = new ReadModel(rows);
    const subscriptions = new Subscriptions(this.#log, rows, this.#catalog, this.clock)
      .addProjection(ledgerEntries)
      .addProjection(reconciliationRuns)
      .addProjection(explainedDifferences);
    const commands = { execute: (command: unknown) => this.#execute(command) } as unknown as CommandBus;
    const ledger = new OurLedger(readModel, subscriptions, this.#log);
    const reading = new Reading(ledger, this.books);
    const healing = new Healing(commands, ledger);
    const reconciler = new Reconciler(this.streams, reading, healing, this.books, readModel, this.clock);
    const start = () =>
      subscriptions
        .addPolicy(new ReconcileWhenRequested(reconciler))
        .addPolicy(new OpenExceptionsWhenBooksDiffer(this.streams, readModel, commands, ledger))
        .start();
    return { readModel, subscriptions, commands, reconciler, start };
  }

  async #execute(command: unknown): Promise<void> {
    if (command instanceof SyncPayment) {
      this.onLook();
      for (const each of this.news.get(command.payment) ?? []) await this.#tell(command.payment, each);
    } else if (command instanceof OpenException) {
      const opening = new Opening(this.streams, this.stores, this.ids);
      await new OpenExceptionHandler(opening).execute(command);
    } else if (command instanceof SettleException) {
      await new SettleExceptionHandler(this.streams, this.ids).execute(command);
    } else if (command instanceof Object && 'payout' in command) {
      const { payment, payout } = command as unknown as { payment: PaymentId; payout: string };
      await this.#tell(payment, { type: 'RecordPayout', payout });
    } else {
      const { streams, stores, clock } = this;
      const handler = new RequestReconciliationHandler(streams, stores, this.#life.reconciler, clock);
      await handler.execute(command as Parameters<typeof handler.execute>[0]);
    }
  }
}

export function keyRefused(): Refusal {
  return new Refusal('store_disconnected', 'Stripe no longer accepts the key.');
}

/** A look at a payment that the key has no right to. */
export function rightMissing(): never {
  throw new Refusal('stripe_error', 'The key may not read payments.', { stripe_code: 'permission_missing' });
}

export function chargeOf(id: PaymentId): string {
  return `ch_${id}`;
}

function feeOf(id: PaymentId): PaymentCommand {
  return {
    type: 'RecordFee',
    fee: { balance_transaction: `txn_${id}`, fee: 320, net: 9_680, currency: 'usd' },
  };
}
