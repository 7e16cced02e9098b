import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { eventually } from '../support/a-store.js';
import { RunningApp } from '../support/running-app.js';

let app: RunningApp;
let faulty: AFaultyStore;

beforeAll(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '3600000' });
  faulty = await AFaultyStore.in(app);
}, 30_000);
afterAll(() => app.remove());

const backup = () => join(app.dataDir, 'backup');

async function backUp(): Promise<void> {
  await app.stop();
  await mkdir(backup(), { recursive: true });
  await copyFile(join(app.dataDir, 'log.db'), join(backup(), 'log.db'));
  await app.restart();
}

/** The older log takes the place of the newer; Stripe has gone on meanwhile, and the read model knows too much. */
async function restore(): Promise<void> {
  await app.stop();
  for (const left of ['log.db-wal', 'log.db-shm', 'read.db', 'read.db-wal', 'read.db-shm'])
    await rm(join(app.dataDir, left), { force: true });
  await copyFile(join(backup(), 'log.db'), join(app.dataDir, 'log.db'));
  await app.restart();
}

/** Of a run over today, once Stripe has booked what it has moved. */
async function differences(): Promise<Json[] | undefined> {
  const today = new Date().toISOString().slice(0, 10);
  const body = { from: today, to: today };
  const started = await faulty.store.client.post('/v1/reconciliation_runs', body, { key: randomUUID() });
  const run = await eventually(async () => {
    const found = await faulty.store.client.get(`/v1/reconciliation_runs/${started.body.id}`);
    return found.body.status === 'running' ? undefined : found.body;
  }, 20_000);
  const booked = run.differences.filter(({ kind }: Json) => kind !== 'not_booked_yet');
  return booked.length > 0 ? booked : undefined;
}

test('a log restored from an older backup: what Stripe gave and took since is healed where the payment is known, and named where it is not', async () => {
  const refunded = await faulty.store.anOrder();
  const { body: known } = await faulty.store.charge(refunded);
  const charged = await faulty.store.anOrder();
  await backUp();
  // What the backup does not know: money given back of a payment that it knows, and a payment that it does not.
  await faulty.store.refund(known.id, { amount: 2500 });
  const key = randomUUID();
  const { body: lost } = await faulty.store.charge(charged, { amount: 4000 }, key);
  expect(lost.status).toBe('captured');
  await restore();

  expect((await faulty.store.order(charged)).amount_captured).toBe(0);
  await faulty.store.until(refunded, ({ amount_refunded }) => amount_refunded === 2500, 15_000);
  const found = await eventually(differences, 60_000);
  expect(found).toMatchObject([{ kind: 'missing_here', payment: lost.id, amount: 4000 }]);
  const { body } = await eventually(async () => {
    const list = await faulty.store.client.get('/v1/exceptions?kind=reconciliation_difference');
    return list.body.data.length > 0 ? list : undefined;
  });
  expect(body.data).toMatchObject([{ status: 'open', amount: 4000 }]);
  expect(await faulty.captures(charged)).toBe(1);
}, 120_000);
