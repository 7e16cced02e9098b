import { ResolveException } from '../../../src/modules/exceptions/application/commands/resolve-exception.command.js';
import { actionsOf } from '../../../src/modules/exceptions/domain/actions.js';
import type { ExceptionKind } from '../../../src/modules/exceptions/domain/exception.events.js';
import { WriteOffBalance } from '../../../src/modules/orders/application/commands/write-off-balance.command.js';
import { seenAnything } from '../../../src/modules/orders/application/order-changes.js';
import { RecordOfflinePayment } from '../../../src/modules/payments/application/commands/record-offline-payment.command.js';
import { RequestRefund } from '../../../src/modules/payments/application/commands/request-refund.command.js';
import { ReverseOfflinePayment } from '../../../src/modules/payments/application/commands/reverse-offline-payment.command.js';
import { RequestReconciliation } from '../../../src/modules/reconciliation/application/commands/request-reconciliation.command.js';
import { Currency } from '../../../src/shared/domain/currency.js';
import type {
  ExceptionId,
  OrderId,
  PaymentId,
  ReconciliationId,
  RefundId,
  StoreId,
} from '../../../src/shared/domain/ids.js';
import { simulatedStores } from '../twins/simulated.store-directory.js';
import type { World } from '../world/world.js';
import type { Calls } from './calls.js';

const DOLLARS = 'usd';

/** People who look after money that came: they give it back, write it off, and decide about what does not fit. */
export class Accountants {
  constructor(
    private readonly world: World,
    private readonly calls: Calls,
  ) {}

  async refund(): Promise<void> {
    const { random, books } = this.world;
    const payment = this.calls.some(
      [...books.payments.values()].filter(({ status }) => status === 'captured'),
    );
    if (!payment) return;
    const ask = {
      store: payment.store as StoreId,
      payment: payment.id as PaymentId,
      amount: random.happens(0.5) ? null : random.between(1, payment.amount),
      reason: null,
      effect: random.pick(['credit', 'reopen'] as const),
      note: null,
    };
    await this.calls.once('refund', 'refund', (app, id, context) =>
      app.bus.execute(new RequestRefund(id as RefundId, ask, context)),
    );
  }

  async recordCash(): Promise<void> {
    const { random, books, kernel } = this.world;
    const order = this.calls.some(books.orders.values());
    if (!order) return;
    const method = {
      kind: 'cash',
      reference: null,
      received_at: new Date(kernel.now).toISOString(),
    } as const;
    const amount = random.between(50, Math.max(50, order.owed));
    const ask = { store: order.store as StoreId, order: order.id, amount, method };
    await this.calls.once('record cash', 'pay', (app, id, context) =>
      app.bus.execute(new RecordOfflinePayment(id as PaymentId, ask, context)),
    );
  }

  async reverseCash(): Promise<void> {
    const payment = this.calls.some(
      [...this.world.books.payments.values()].filter(({ isOffline }) => isOffline),
    );
    if (!payment) return;
    await this.calls.ask('reverse cash', (app, context) => {
      const about = { ...context, store: payment.store, order: payment.order };
      return app.bus.execute(new ReverseOfflinePayment(payment.id as PaymentId, 'it bounced', about));
    });
  }

  async writeOff(): Promise<void> {
    const order = this.calls.some(this.world.books.orders.values());
    if (!order || !Currency.is(DOLLARS)) return;
    const minor = this.world.random.between(1, Math.max(1, order.owed));
    const amount = this.world.random.happens(0.5) ? null : { minor, currency: DOLLARS };
    await this.calls.ask('write off', (app, context) => {
      const whose = { order: order.id as OrderId, store: order.store as StoreId };
      const ask = { ...whose, amount, seen: seenAnything, reference: context.correlationId };
      return app.bus.execute(new WriteOffBalance(ask, context));
    });
  }

  async reconcile(): Promise<void> {
    const { random, lifetime } = this.world;
    const { id: store } = random.pick(simulatedStores);
    const run: ReconciliationId = `recon_${this.calls.next()}`;
    await this.calls.ask('reconcile', (app, context) => {
      const about = { ...context, store };
      return app.bus.execute(new RequestReconciliation(run, store, lifetime, 'api', about, 5_000));
    });
  }

  /** Whoever owns what does not fit decides about it. */
  async resolve(): Promise<void> {
    const { random, books } = this.world;
    const open = [...books.exceptions.values()].filter(({ status }) => status === 'open');
    const exception = this.calls.some(open);
    if (!exception) return;
    const action = random.pick(actionsOf(exception.kind as ExceptionKind));
    await this.calls.ask(`resolve ${exception.kind}`, (app, context) => {
      const about = { ...context, store: exception.store };
      const ask = { action, wish: context.correlationId };
      return app.bus.execute(new ResolveException(exception.id as ExceptionId, ask, about));
    });
  }
}
