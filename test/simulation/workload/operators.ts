import { CancelOrder } from '../../../src/modules/orders/application/commands/cancel-order.command.js';
import { ImportOrder } from '../../../src/modules/orders/application/commands/import-order.command.js';
import { ReviseOrder } from '../../../src/modules/orders/application/commands/revise-order.command.js';
import { seenAnything } from '../../../src/modules/orders/application/order-changes.js';
import { ChargeCard } from '../../../src/modules/payments/application/commands/charge-card.command.js';
import { ResendPaymentLink } from '../../../src/modules/payments/application/commands/resend-payment-link.command.js';
import { RevokePaymentLink } from '../../../src/modules/payments/application/commands/revoke-payment-link.command.js';
import { SendPaymentLink } from '../../../src/modules/payments/application/commands/send-payment-link.command.js';
import { SyncPayment } from '../../../src/modules/payments/application/commands/sync-payment.command.js';
import { VoidPayment } from '../../../src/modules/payments/application/commands/void-payment.command.js';
import type { LinkId, OrderId, PaymentId, StoreId } from '../../../src/shared/domain/ids.js';
import { simulatedStores } from '../twins/simulated.store-directory.js';
import { CARDS } from '../twins/stripe-objects.js';
import type { World } from '../world/world.js';
import type { Calls } from './calls.js';

/** People who sell: they charge, send links, and change their minds. */
export class Operators {
  constructor(
    private readonly world: World,
    private readonly calls: Calls,
  ) {}

  async importOrder(): Promise<void> {
    const { random } = this.world;
    const { id: store } = random.pick(simulatedStores);
    const name = `SO-${this.calls.next()}`;
    const ask = {
      store,
      externalId: name,
      currency: 'usd',
      terms: terms(name, random.between(100, 20_000)),
    };
    await this.calls.ask('import', (app, context) => app.bus.execute(new ImportOrder(ask, context)));
  }

  async charge(): Promise<void> {
    const { random } = this.world;
    const order = this.someOrder();
    if (!order) return;
    const ask = {
      store: order.store as StoreId,
      order: order.id,
      amount: this.someAmount(order.owed),
      paymentMethod: random.happens(0.5) ? 'pm_good' : random.pick(CARDS),
      saveCard: false,
      moto: false,
      onOpenSession: random.happens(0.8) ? ('fence' as const) : ('reject' as const),
      onAuthenticationRequired: random.happens(0.3) ? ('send_link' as const) : ('offer' as const),
      returnUrl: random.happens(0.7) ? 'https://shop.test/back' : null,
    };
    await this.calls.once('charge', 'pay', (app, id, context) =>
      app.bus.execute(new ChargeCard(id as PaymentId, ask, context)),
    );
  }

  async sendLink(): Promise<void> {
    const { random } = this.world;
    const order = this.someOrder();
    if (!order) return;
    const ask = {
      store: order.store as StoreId,
      order: order.id,
      amount: this.someAmount(order.owed),
      email: null,
      message: null,
      expiresAt: random.happens(0.2) ? this.soon(random.between(2, 120)) : null,
      send: random.happens(0.8),
      metadata: {},
    };
    await this.calls.once('send link', 'link', (app, id, context) =>
      app.bus.execute(new SendPaymentLink(id as LinkId, ask, context)),
    );
  }

  async revoke(): Promise<void> {
    const link = this.someLink();
    if (!link) return;
    await this.calls.ask('revoke', (app, context) => app.bus.execute(new RevokePaymentLink(link, context)));
  }

  async resend(): Promise<void> {
    const link = this.someLink();
    if (!link) return;
    await this.calls.ask('resend', (app, context) =>
      app.bus.execute(new ResendPaymentLink(link, context.correlationId, context)),
    );
  }

  async voidPayment(payment = this.somePayment()): Promise<void> {
    if (!payment) return;
    await this.calls.ask('void', (app, context) => app.bus.execute(new VoidPayment(payment, context)));
  }

  /** Somebody charges and thinks better of it before there is an answer. */
  async chargeAndVoid(): Promise<void> {
    const charged = this.charge();
    await this.calls.wait(this.world.random.between(20, 200));
    const newest = [...this.world.books.payments.keys()].at(-1) as PaymentId | undefined;
    await Promise.all([charged, this.voidPayment(newest)]);
  }

  async sync(): Promise<void> {
    const payment = this.somePayment();
    if (!payment) return;
    await this.calls.ask('sync', (app, context) => app.bus.execute(new SyncPayment(payment, context)));
  }

  async cancel(): Promise<void> {
    const order = this.someOrder();
    if (!order) return;
    const ask = {
      order: order.id as OrderId,
      store: order.store as StoreId,
      policy: this.world.random.pick(['none', 'keep_credit', 'refund_all'] as const),
      seen: seenAnything,
    };
    await this.calls.ask('cancel', (app, context) => app.bus.execute(new CancelOrder(ask, context)));
  }

  async revise(): Promise<void> {
    const order = this.someOrder();
    if (!order) return;
    const changes = { total: this.world.random.between(100, 20_000) };
    const ask = { order: order.id as OrderId, store: order.store as StoreId, changes, seen: seenAnything };
    await this.calls.ask('revise', (app, context) => app.bus.execute(new ReviseOrder(ask, context)));
  }

  someLink(): LinkId | undefined {
    return this.calls.some(this.world.books.links.keys()) as LinkId | undefined;
  }

  private someOrder() {
    return this.calls.some(this.world.books.orders.values());
  }

  private somePayment(): PaymentId | undefined {
    return this.calls.some(this.world.books.payments.keys()) as PaymentId | undefined;
  }

  private someAmount(due: number): number | null {
    const { random } = this.world;
    return random.happens(0.5) ? null : random.between(50, Math.max(50, due));
  }

  private soon(minutes: number): string {
    return new Date(this.world.kernel.now + minutes * 60_000).toISOString();
  }
}

function terms(number: string, total: number) {
  const customer = {
    external_id: null,
    name: 'Ada',
    email: `${number}@customer.test`,
    phone: null,
    address: null,
  };
  return { number, customer, lines: [], shipping_amount: 0, total, due_date: null, metadata: {} };
}
