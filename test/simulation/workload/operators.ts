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
import type { Context } from '../../../src/shared/application/context.js';
import type { LinkId, OrderId, PaymentId, StoreId } from '../../../src/shared/domain/ids.js';
import { simulatedStores } from '../twins/known.store-directory.js';
import { CARDS } from '../twins/stripe-objects.js';
import type { Reply } from '../world/app-node.js';
import type { App } from '../world/wiring.js';
import type { World } from '../world/world.js';

const TRIES = 4;

/** People with an API key: they charge, send links, change their minds, and repeat calls that got no answer. */
export class Operators {
  private calls = 0;

  constructor(private readonly world: World) {}

  async importOrder(): Promise<void> {
    const { random } = this.world;
    const { id: store } = random.pick(simulatedStores);
    const name = `SO-${++this.calls}`;
    const ask = { store, externalId: name, currency: 'usd', terms: terms(name, random.between(100, 20_000)) };
    await this.call('import', (app, key) => app.bus.execute(new ImportOrder(ask, by(key))));
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
    await this.once('charge', 'pay', (app, id, context) =>
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
    await this.once('send link', 'link', (app, id, context) =>
      app.bus.execute(new SendPaymentLink(id as LinkId, ask, context)),
    );
  }

  async revoke(): Promise<void> {
    const link = this.someLink();
    if (link) await this.call('revoke', (app, key) => app.bus.execute(new RevokePaymentLink(link, by(key))));
  }

  async resend(): Promise<void> {
    const link = this.someLink();
    if (link)
      await this.call('resend', (app, key) => app.bus.execute(new ResendPaymentLink(link, key, by(key))));
  }

  async voidPayment(): Promise<void> {
    const payment = this.somePayment();
    if (payment) await this.call('void', (app, key) => app.bus.execute(new VoidPayment(payment, by(key))));
  }

  /** Somebody charges and thinks better of it before there is an answer. */
  async chargeAndVoid(): Promise<void> {
    const charged = this.charge();
    await this.wait(this.world.random.between(5, 150));
    await Promise.all([charged, this.voidPayment()]);
  }

  async sync(): Promise<void> {
    const payment = this.somePayment();
    if (payment) await this.call('sync', (app, key) => app.bus.execute(new SyncPayment(payment, by(key))));
  }

  async cancel(): Promise<void> {
    const order = this.someOrder();
    if (!order) return;
    const ask = {
      order: order.id as OrderId,
      store: order.store as StoreId,
      policy: 'none' as const,
      seen: seenAnything,
    };
    await this.call('cancel', (app, key) => app.bus.execute(new CancelOrder(ask, by(key))));
  }

  async revise(): Promise<void> {
    const order = this.someOrder();
    if (!order) return;
    const changes = { total: this.world.random.between(100, 20_000) };
    const ask = { order: order.id as OrderId, store: order.store as StoreId, changes, seen: seenAnything };
    await this.call('revise', (app, key) => app.bus.execute(new ReviseOrder(ask, by(key))));
  }

  /** Somebody on the account takes money of their own and says that it is for a payment of ours, here or elsewhere. */
  async forge(): Promise<void> {
    const { random, stripe, coverage } = this.world;
    const payment = this.somePayment();
    if (!payment) return;
    const { id: store } = random.pick(simulatedStores);
    coverage.count('T3 copied metadata');
    stripe.forge(store, payment, random.between(50, 5_000), 'usd');
  }

  /** A call under an Idempotency-Key, repeated until it is answered, and now and then once more. */
  private async once(
    what: string,
    prefix: 'pay' | 'link',
    work: (app: App, id: string, context: Context) => Promise<unknown>,
  ): Promise<void> {
    const { random, ids } = this.world;
    await this.call(
      what,
      async (app, key) => {
        const call = { caller: 'key_1', route: what, key, bodyHash: what };
        const make = () => `${prefix}_${ids.next()}`;
        return app.idempotency.once(call, make, ({ id }) => work(app, id, by(key)));
      },
      random.happens(0.25) ? 2 : 1,
    );
  }

  private async call(
    what: string,
    work: (app: App, key: string) => Promise<unknown>,
    times = 1,
  ): Promise<void> {
    const { random, coverage } = this.world;
    const key = `key ${++this.calls}`;
    let left = times;
    for (let tries = 0; tries < TRIES && left > 0; tries++) {
      const isAgain = tries > 0;
      if (isAgain) coverage.count('T25 call repeated under its key');
      const asked = this.world.someNode().ask((app) => work(app, key));
      const reply: Reply<unknown> = await asked;
      coverage.count(`${what}: ${reply.kind === 'refused' ? reply.code : reply.kind}`);
      if (reply.kind !== 'silence') left -= 1;
      await this.wait(random.happens(0.5) ? random.between(10, 2_000) : random.between(10, 120_000));
    }
  }

  private someOrder() {
    return this.some([...this.world.books.orders.values()]);
  }

  someLink(): LinkId | undefined {
    return this.some([...this.world.books.links.keys()] as LinkId[]);
  }

  private somePayment(): PaymentId | undefined {
    return this.some([...this.world.books.payments.keys()] as PaymentId[]);
  }

  /** Mostly the newest: what is under way is what people are busy with. */
  private some<T>(all: readonly T[]): T | undefined {
    const { random } = this.world;
    if (all.length === 0) return undefined;
    return random.happens(0.5) ? all.at(-1) : random.pick(all);
  }

  private someAmount(due: number): number | null {
    const { random } = this.world;
    return random.happens(0.5) ? null : random.between(50, Math.max(50, due));
  }

  private soon(minutes: number): string {
    return new Date(this.world.kernel.now + minutes * 60_000).toISOString();
  }

  private wait(ms: number): Promise<void> {
    return this.world.kernel.pause(this.world.outside, ms, 'operator');
  }
}

function by(key: string): Context {
  return { actor: { kind: 'api_key', id: 'key_1' }, correlationId: key, origin: 'api' };
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
