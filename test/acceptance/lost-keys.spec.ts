import { randomUUID } from 'node:crypto';
import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { everyEvent, everyProjection } from '../../src/cli/readers.js';
import { rebuildDataDir } from '../../src/cli/rebuild.cli.js';
import { open, payByCard, submit, words } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { inWords, verifyDataDir } from '../../src/cli/verify.cli.js';
import { AStore, eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';
import { type Owner, ownerOf } from '../support/sandbox-owner.js';
import { capturesOf, stripeAccount } from '../support/stripe-account.js';

const PATIENCE_MS = 90_000;

let app: RunningApp;
let store: AStore;
let account: string;
let secretKey: string;
let owner: Owner;

beforeEach(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '500' });
  owner = ownerOf(app);
  ({ id: account, secretKey } = await owner.anAccount());
  store = await AStore.connectedTo(app, secretKey);
}, PATIENCE_MS);
afterEach(() => app.remove());

const file = (name: string) => join(app.dataDir, name);
const captures = async (order: string) =>
  (await capturesOf(stripeAccount(app.sandboxUrl, secretKey), order)).length;
const shown = async () => (await app.client.get(`/v1/stores/${store.id}`)).body;
const save = (key: string) => app.client.patch(`/v1/stores/${store.id}`, { stripe_secret_key: key });
const alarms = async () => {
  const mails = await fetch(`${app.inboxUrl}/api/messages?to=ops@lamps.test`);
  return ((await mails.json()) as Json[]).map(({ subject }) => subject);
};

/** The server dies, these files are gone, and it is started on what is left. */
async function lose(...names: readonly string[]): Promise<void> {
  await app.kill();
  for (const name of names) await rm(file(name));
  await app.restart();
  owner = ownerOf(app);
}

/** The log is whole, and rows made anew from it are those that stand. */
async function nothingElseIsLost(): Promise<void> {
  expect(inWords(await verifyDataDir(app.dataDir))).toContain('The log is intact');
  const rebuilt = await rebuildDataDir(app.dataDir, everyEvent(), everyProjection());
  expect(rebuilt.filter(({ before, digest }) => before !== undefined && before !== digest)).toEqual([]);
}

/** What Stripe heard from us for an event of this type, last. */
async function lastAnswerTo(type: string): Promise<number | undefined> {
  const { data } = await owner.call('GET', 'deliveries');
  return (data as Json[]).find((each) => each.account === account && each.type === type)?.lastStatus;
}

describe('every secret is lost, with the key that opens them', () => {
  test(
    'the log and its orders stand, what needs Stripe is refused in words, and with the key saved again all goes on, once',
    async () => {
      const paid = await store.anOrder();
      expect((await store.charge(paid)).status).toBe(201);
      const linked = await store.anOrder();
      const { body: link } = await store.link(linked, { send: false });
      const atStripe = await store.anOrder();
      const { body: other } = await store.link(atStripe, { send: false });
      const hosted = await submit(await open(other.url));
      // Stripe takes the money of this one, and its answer is lost.
      const unknown = await store.anOrder();
      const unknownKey = randomUUID();
      await owner.fault('reset_after', { account, method: 'POST', path: '/v1/payment_intents/*/confirm' }, 2);
      await owner.fault('reset_before', { account, method: 'GET' }, 'unlimited');
      expect((await store.charge(unknown, {}, unknownKey)).status).toBe(202);
      await lose('keys.db', 'master.key');
      await owner.heal();

      await nothingElseIsLost();
      expect(await store.order(paid)).toMatchObject({ payment_status: 'paid', amount_captured: 10000 });

      const order = await store.anOrder();
      const refusedKey = randomUUID();
      const refused = await store.charge(order, {}, refusedKey);
      expect([refused.status, refused.body.code]).toEqual([409, 'store_disconnected']);
      expect(refused.body.detail).toContain('no longer kept here. Save it for the store again');
      expect(await store.order(order)).toMatchObject({ available: 10000, amount_reserved: 0 });
      expect(words((await open(link.url)).html)).toContain('100.00');
      expect((await submit(await open(link.url))).status).toBe(503);
      await payByCard(hosted);
      await eventually(async () => (await lastAnswerTo('checkout.session.completed')) === 400 || undefined);
      expect(await store.order(atStripe)).toMatchObject({ amount_captured: 0, amount_reserved: 10000 });
      expect((await store.charge(unknown, {}, unknownKey)).status).toBe(202);
      expect(await store.order(unknown)).toMatchObject({ amount_captured: 0, amount_reserved: 10000 });
      const told = await eventually(async () => {
        const found = await shown();
        return found.problems.length > 0 ? found : undefined;
      });
      expect(told).toMatchObject({ status: 'degraded', problems: [{ code: 'key_revoked' }] });
      expect(told.problems[0].detail).toBe(refused.body.detail);
      expect(await eventually(async () => (await alarms())[0])).toContain('secret key');

      const { secretKey: another } = await owner.anAccount();
      expect((await save(another)).body).toMatchObject({ code: 'validation_failed' });
      expect((await save(secretKey)).status).toBe(200);
      expect(await shown()).toMatchObject({ status: 'connected', problems: [] });
      const { data } = await stripeAccount(app.sandboxUrl, secretKey).webhookEndpoints.list();
      expect(data.map(({ id }) => id)).toEqual([(await shown()).webhook_endpoint.id]);

      // Where the page cannot be opened at this moment, the customer is told to press again.
      const reopened = await eventually(async () => {
        const pressed = await submit(await open(link.url));
        return pressed.url.includes('/c/pay/') ? pressed : undefined;
      });
      await payByCard(reopened);
      expect((await store.charge(order, {}, refusedKey)).body.code).toBe('store_disconnected');
      expect((await store.charge(order)).status).toBe(201);
      expect((await store.charge(unknown, {}, unknownKey)).status).toBeLessThan(203);
      for (const each of [paid, linked, atStripe, unknown, order]) {
        await store.until(each, ({ payment_status }) => payment_status === 'paid', 20_000);
        expect(await captures(each)).toBe(1);
      }
      expect(await eventually(async () => (await lastAnswerTo('charge.updated')) === 200 || undefined)).toBe(
        true,
      );
      expect(await alarms()).toHaveLength(1);
      await nothingElseIsLost();
    },
    PATIENCE_MS,
  );

  test(
    'a link is mailed anew under an address that leads to the same page as the one before',
    async () => {
      const order = await store.anOrder();
      const { body: before } = await store.link(order, { send: false });
      await lose('keys.db', 'master.key');
      const { body: after } = await store.client.get(`/v1/payment_links/${before.id}`);
      expect(after.url).not.toBe(before.url);
      for (const url of [before.url, after.url]) expect((await open(url)).status).toBe(200);
      const wrong = `${before.url.slice(0, -4)}${before.url.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
      expect((await open(wrong)).status).toBe(404);
    },
    PATIENCE_MS,
  );
});

test(
  'keys that are older than the log open what they know; the store connected since is told of alone, and mended',
  async () => {
    await app.stop();
    await copyFile(file('keys.db'), file('keys.older'));
    await app.restart();
    owner = ownerOf(app);
    const { secretKey: newer } = await owner.anAccount();
    const since = await AStore.connectedTo(app, newer);
    await app.stop();
    await rename(file('keys.older'), file('keys.db'));
    await app.restart();

    expect((await store.charge(await store.anOrder())).status).toBe(201);
    const order = await since.anOrder();
    expect((await since.charge(order)).body.code).toBe('store_disconnected');
    const problems = await eventually(async () => {
      const { body } = await app.client.get(`/v1/stores/${since.id}`);
      return body.problems.length > 0 ? body.problems : undefined;
    });
    expect(problems).toMatchObject([{ code: 'key_revoked' }]);
    expect(await shown()).toMatchObject({ status: 'connected', problems: [] });
    await app.client.patch(`/v1/stores/${since.id}`, { stripe_secret_key: newer });
    expect((await since.charge(order)).status).toBe(201);
    expect((await since.order(order)).payment_status).toBe('paid');
    await nothingElseIsLost();
  },
  PATIENCE_MS,
);

describe('a master key that does not fit', () => {
  test.each([
    ['is another', () => writeFile(file('master.key'), Buffer.alloc(32, 7)), 'does not open'],
    ['is missing', () => rm(file('master.key')), 'is missing'],
  ])(
    'because it %s keeps the server from starting, in one line, and nothing is replaced',
    async (_, spoil, says) => {
      await app.stop();
      const right = await readFile(file('master.key'));
      const secrets = await readFile(file('keys.db'));
      await spoil();
      const wrong = await readFile(file('master.key')).catch(() => null);
      const saidBefore = app.output.length;
      await expect(app.restart()).rejects.toThrow('did not become ready');
      const said = app.output.slice(saidBefore).trim().split('\n');
      expect(said).toEqual([expect.stringContaining(`${file('master.key')} ${says}`)]);
      expect(said[0]).toContain('Restore the master.key');
      expect(await readFile(file('master.key')).catch(() => null)).toEqual(wrong);
      expect(await readFile(file('keys.db'))).toEqual(secrets);
      await writeFile(file('master.key'), right);
      await app.restart();
      expect((await store.charge(await store.anOrder())).status).toBe(201);
    },
    PATIENCE_MS,
  );
});
