import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { open, payByCard, submit } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { inWords, verifyDataDir } from '../../src/cli/verify.cli.js';
import { Dice } from '../soak/dice.js';
import { Surroundings } from '../soak/surroundings.js';
import { AStore, eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';
import { capturesOf, stripeAccount } from '../support/stripe-account.js';
import { type Disk, fullDisks, noPagesLeft, readOnly } from './a-disk.js';

const PATIENCE_MS = 60_000;

/** The server on its disk, with Stripe and mail on another one. */
class Shop {
  private constructor(
    readonly disk: Disk,
    readonly around: Surroundings,
    readonly app: RunningApp,
    readonly store: AStore,
    readonly account: string,
    private readonly secretKey: string,
  ) {}

  static async open(disk: Disk): Promise<Shop> {
    const around = await Surroundings.start(0, new Dice(1));
    const env = { ...around.env, SWEEP_INTERVAL_MS: '500' };
    const app = await RunningApp.start(env, disk.nodeArgs, disk.launcher);
    const { id, secretKey } = await around.owner.anAccount();
    const store = await AStore.connectedTo(app, secretKey);
    return new Shop(disk, around, app, store, id, secretKey);
  }

  async captures(order: string): Promise<number> {
    return (await capturesOf(stripeAccount(this.around.stripeUrl, this.secretKey), order)).length;
  }

  async intents(): Promise<number> {
    const stripe = stripeAccount(this.around.stripeUrl, this.secretKey);
    return (await stripe.paymentIntents.list({ limit: 100 })).data.length;
  }

  /** What Stripe last heard when it told us of this. */
  async lastStatusOf(type: string): Promise<number | undefined> {
    const { data } = await this.around.owner.call('GET', 'deliveries');
    return (data as Json[]).find((each) => each.account === this.account && each.type === type)?.lastStatus;
  }

  async close(): Promise<void> {
    await this.app.remove();
    await this.around.end();
  }
}

describe.each([...fullDisks(), readOnly].map((disk) => [disk.name, disk] as const))(
  'while the disk %s',
  (_, disk) => {
    let shop: Shop;
    let order: string;
    let paidAtStripe: string;
    const key = randomUUID();
    beforeAll(async () => {
      shop = await Shop.open(disk);
      order = await shop.store.anOrder();
      paidAtStripe = await shop.store.anOrder();
      const { body: link } = await shop.store.link(paidAtStripe, { send: false });
      const hosted = await submit(await open(link.url));
      await disk.fill(shop.app);
      // The customer pays at Stripe, which knows nothing of our disk; their way back finds no page.
      await payByCard(hosted).catch(() => undefined);
    }, PATIENCE_MS);
    afterAll(() => shop.close());

    test('commands are refused before anything is done, and may be repeated', async () => {
      const before = await shop.intents();
      const charge = await shop.store.charge(order, {}, key);
      expect([charge.status, charge.body.code, charge.body.retryable]).toEqual([503, 'overloaded', true]);
      const link = await shop.store.link(order);
      expect([link.status, link.body.code]).toEqual([503, 'overloaded']);
      const opened = await shop.store.client.put('/v1/orders/SO-LATE', {
        currency: 'usd',
        customer: { name: 'Ada Lovelace' },
        total: 100,
      });
      expect([opened.status, opened.body.code]).toEqual([503, 'overloaded']);
      expect(await shop.intents()).toBe(before);
    });

    test('what is there can be read', async () => {
      expect(await shop.store.order(order)).toMatchObject({ available: 10000, amount_reserved: 0 });
      expect(inWords(await verifyDataDir(disk.folder(shop.app)))).toContain('The log is intact');
    });

    test(
      'webhooks are answered so that Stripe tries again',
      async () => {
        await eventually(
          async () => (await shop.lastStatusOf('checkout.session.completed')) === 503 || undefined,
          PATIENCE_MS,
        );
        expect(await shop.store.order(paidAtStripe)).toMatchObject({ amount_captured: 0 });
      },
      PATIENCE_MS,
    );

    test(
      'and has room again, all goes on without a restart: nothing was lost and nothing done by half',
      async () => {
        await disk.free(shop.app);
        await shop.store.until(paidAtStripe, ({ payment_status }) => payment_status === 'paid', PATIENCE_MS);
        await eventually(
          async () => (await shop.lastStatusOf('checkout.session.completed')) === 200 || undefined,
          PATIENCE_MS,
        );
        expect((await shop.store.charge(order, {}, key)).status).toBe(201);
        expect([await shop.captures(order), await shop.captures(paidAtStripe)]).toEqual([1, 1]);
        expect(await shop.store.order(order)).toMatchObject({ amount_captured: 10000, amount_reserved: 0 });
        expect(inWords(await verifyDataDir(disk.folder(shop.app)))).toContain('The log is intact');
      },
      PATIENCE_MS,
    );
  },
);

test(
  'a disk that fills up at any moment of a charge leaves it undone or to be finished, never twice and never by half',
  async () => {
    const shop = await Shop.open(noPagesLeft());
    const outcomes = new Set<number>();
    for (let pages = 0; pages < 12; pages++) {
      const order = await shop.store.anOrder();
      const key = randomUUID();
      const disk = noPagesLeft(pages);
      await disk.fill(shop.app);
      // What is kept with an order takes room: some of these charges find it, some only at first.
      const metadata = { note: 'x'.repeat(400) };
      await shop.store.client.patch(`/v1/orders/${order}`, { metadata });
      const { status } = await shop.store.charge(order, {}, key);
      outcomes.add(status);
      expect([201, 202, 503]).toContain(status);
      expect(await shop.captures(order)).toBeLessThanOrEqual(1);
      await disk.free(shop.app);
      const repeated = await eventually(async () => {
        const reply = await shop.store.charge(order, {}, key);
        return reply.status === 201 ? reply : undefined;
      }, PATIENCE_MS);
      expect(repeated.body).toMatchObject({ status: 'captured', amount_captured: 10000 });
      await shop.store.until(order, ({ payment_status }) => payment_status === 'paid', PATIENCE_MS);
      expect(await shop.captures(order)).toBe(1);
    }
    expect(outcomes.has(503)).toBe(true);
    expect(outcomes.size).toBeGreaterThan(1);
    expect(inWords(await verifyDataDir(shop.app.dataDir))).toContain('The log is intact');
    await shop.close();
  },
  3 * PATIENCE_MS,
);
