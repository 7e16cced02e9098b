import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { open, payByCard, submit } from '../../src/cli/tour/customer.js';
import { type Json, QuittanceClient } from '../../src/cli/tour/quittance.client.js';
import { AStore, eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';
import { type Owner, ownerOf } from '../support/sandbox-owner.js';
import { capturesOf, stripeAccount } from '../support/stripe-account.js';

const ROUNDS = 4;
const AT_ONCE = 6;
const PATIENCE_MS = 30_000;

let app: RunningApp;
let owner: Owner;

beforeAll(async () => {
  app = await RunningApp.start();
  owner = ownerOf(app);
}, 30_000);
afterAll(() => app.remove());

/** `someMore`: every caller has ended a call since, and has begun the next. */
type Calls = Readonly<{ someMore(): Promise<unknown> }>;

/** Calls again and again, several at once, for as long as the work takes. @returns how each call ended */
async function meanwhile<T>(
  call: () => Promise<T>,
  work: (calls: Calls) => Promise<void>,
): Promise<readonly T[]> {
  const ended: T[] = [];
  let working = true;
  let waitedFor = new Set<number>();
  const caller = async (_: unknown, one: number) => {
    for (; working; waitedFor.delete(one)) ended.push(await call());
  };
  const callers = Promise.all(Array.from({ length: AT_ONCE }, caller));
  const someMore = () => {
    waitedFor = new Set(Array.from({ length: AT_ONCE }).keys());
    return eventually(async () => waitedFor.size === 0 || undefined, PATIENCE_MS);
  };
  await work({ someMore }).finally(() => {
    working = false;
  });
  await callers;
  return ended;
}

describe('an API key', () => {
  test('is replaced under load: no call under the new one is refused, and every call under the old one after its end', async () => {
    const store = await AStore.connectedTo(app);
    const order = await store.anOrder();
    const make = async () =>
      (await app.client.post('/v1/api_keys', { name: 'Till 3', scopes: ['orders:read'], stores: [store.id] }))
        .body;
    const look = async (secret: string) =>
      (await new QuittanceClient(app.url, secret).get(`/v1/orders/${order}`)).status;

    let held = await make();
    const refusedOld: number[] = [];
    const seen = await meanwhile(
      () => look(held.secret),
      async ({ someMore }) => {
        for (let round = 0; round < ROUNDS; round++) {
          await someMore();
          const old = held;
          const fresh = await make();
          expect(await Promise.all([look(old.secret), look(fresh.secret)])).toEqual([200, 200]);
          held = fresh;
          // Calls that still carry the old key end before it does: whoever replaces a key waits for them.
          await someMore();
          expect((await app.client.post(`/v1/api_keys/${old.id}/revoke`)).body.status).toBe('revoked');
          refusedOld.push(...(await Promise.all([look(old.secret), look(old.secret)])));
        }
      },
    );
    expect(new Set(seen)).toEqual(new Set([200]));
    expect(new Set(refusedOld)).toEqual(new Set([401]));
  }, 30_000);
});

describe('a merchant’s Stripe key', () => {
  test('is replaced while cards are charged and customers pay: nothing is lost, refused or taken twice, and nobody is alarmed', async () => {
    const { id: account, secretKey } = await owner.anAccount();
    const store = await AStore.connectedTo(app, secretKey);
    const orders: string[] = [];
    let key = secretKey;
    let calls = 0;
    const sell = async () => {
      const order = await store.anOrder();
      orders.push(order);
      if (calls++ % 3 > 0) return (await store.charge(order, {}, randomUUID())).status;
      const link = await store.link(order, { send: false });
      await payByCard(await submit(await open(link.body.url)));
      return link.status;
    };
    const statuses = await meanwhile(sell, async ({ someMore }) => {
      for (let round = 0; round < ROUNDS; round++) {
        await someMore();
        const { secret_key: fresh } = await owner.call('POST', `accounts/${account}/roll_key`);
        const kept = await app.client.patch(`/v1/stores/${store.id}`, { stripe_secret_key: fresh });
        expect(kept.status).toBe(200);
        await owner.call('POST', `accounts/${account}/revoke_key`, { secret_key: key });
        key = String(fresh);
      }
    });
    expect(new Set(statuses)).toEqual(new Set([201]));
    const stripe = stripeAccount(app.sandboxUrl, key);
    for (const order of orders) {
      await store.until(order, ({ payment_status }) => payment_status === 'paid');
      expect(await capturesOf(stripe, order)).toHaveLength(1);
    }
    const { body } = await app.client.get(`/v1/stores/${store.id}`);
    expect(body).toMatchObject({ status: 'connected', problems: [] });
    const mails = (await (await fetch(`${app.inboxUrl}/api/messages?to=ops@lamps.test`)).json()) as Json[];
    expect(mails.map(({ subject }) => subject)).toEqual([]);
  }, 60_000);
});

describe('the master key', () => {
  /** The command as an operator runs it. */
  const rotate = () => {
    const command = [process.execPath, 'dist/cli/rotate-master-key.cli.js', app.dataDir];
    return new Promise<Readonly<{ code: number | null; said: string }>>((resolve) => {
      const child = spawn(command[0] ?? '', command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => (said += chunk));
      child.once('close', (code) => resolve({ code, said }));
    });
  };
  const masterKey = () => readFileSync(join(app.dataDir, 'master.key'));

  test('is not replaced under a running server', async () => {
    const before = masterKey();
    const { code, said } = await rotate();
    expect([code, said]).toEqual([1, expect.stringContaining(`in use by process ${app.pid}`)]);
    expect(masterKey().equals(before)).toBe(true);
  });

  test('is replaced between a stop and a start: stores stay connected, and links in mailboxes can be paid', async () => {
    const store = await AStore.connectedTo(app);
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    const before = masterKey();
    await app.stop();
    const { code, said } = await rotate();
    expect([code, said]).toEqual([0, expect.stringMatching(/\d+ secrets in .* under a new master\.key/)]);
    expect(masterKey().equals(before)).toBe(false);
    await app.restart();
    expect((await store.charge(await store.anOrder())).status).toBe(201);
    await payByCard(await submit(await open(link.url)));
    await store.until(order, ({ payment_status }) => payment_status === 'paid');
    const { body } = await app.client.get(`/v1/stores/${store.id}`);
    expect(body).toMatchObject({ status: 'connected', problems: [] });
  }, 30_000);
});
