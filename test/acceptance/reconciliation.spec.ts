import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { open, submit } from '../../src/cli/tour/customer.js';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import { AFaultyStore } from '../support/a-faulty-store.js';
import { payAndLeave } from '../support/a-leaving-customer.js';
import { eventually } from '../support/a-store.js';
import { movableClock, pass } from '../support/passing-time.js';
import { RunningApp } from '../support/running-app.js';
import { ownerOf } from '../support/sandbox-owner.js';

const PATIENCE_MS = 30_000;
const DAY_MS = 24 * 3_600_000;
const today = () => new Date().toISOString().slice(0, 10);

/** Sweeps when it starts, and then not for the length of a test; its clock can be moved. */
let app: RunningApp;
beforeAll(async () => {
  app = await RunningApp.start({ SWEEP_INTERVAL_MS: '3600000' }, movableClock);
}, 30_000);
afterAll(() => app.remove());

async function reconcile(
  { store }: AFaultyStore,
  body: object = { from: today(), to: today() },
  key: string = randomUUID(),
): Promise<Json> {
  const { status, body: run } = await store.client.post('/v1/reconciliation_runs', body, { key });
  expect([status, run]).toEqual([201, expect.objectContaining({ object: 'reconciliation_run' })]);
  return eventually(async () => {
    const { body } = await store.client.get(`/v1/reconciliation_runs/${run.id}`);
    return body.status === 'running' ? undefined : body;
  });
}

/** The run once Stripe has booked all that it is going to. */
async function settled(faulty: AFaultyStore): Promise<Json> {
  return eventually(async () => {
    const run = await reconcile(faulty);
    return run.differences.some(({ kind }: Json) => kind === 'not_booked_yet') ? undefined : run;
  });
}

/** Looks until the store has an exception of this status. */
async function exceptionsOf({ store }: AFaultyStore, status: string): Promise<Json[]> {
  return eventually(async () => {
    const { body } = await store.client.get(`/v1/exceptions?status=${status}`);
    return body.data.length > 0 ? body.data : undefined;
  });
}

const kinds = ({ differences }: Json) => differences.map(({ kind }: Json) => kind).sort();

async function paidByCardAndLink(faulty: AFaultyStore) {
  const order = await faulty.store.anOrder();
  const { body: payment } = await faulty.store.charge(order, { amount: 3000 });
  const { body: link } = await faulty.store.link(order, { send: false });
  await payAndLeave(await submit(await open(link.url)));
  await open(`${link.url}/return`);
  await faulty.store.until(order, ({ payment_status }) => payment_status === 'paid');
  return { order, payment };
}

describe('a day’s money is compared with Stripe’s books:', () => {
  test(
    'a charge, a link and a refund are found alike on both sides, to the cent',
    async () => {
      const faulty = await AFaultyStore.in(app);
      const { payment } = await paidByCardAndLink(faulty);
      await faulty.store.client.post(
        `/v1/payments/${payment.id}/refunds`,
        { amount: 1000 },
        { key: randomUUID() },
      );
      const run = await settled(faulty);
      expect(run).toMatchObject({
        status: 'clean',
        currency: 'usd',
        ledger_total: 9000,
        stripe_total: 9000,
        matched: 3,
        differences: [],
        totals: [{ currency: 'usd', captured: 10000, refunded: 1000, elsewhere_total: 0 }],
      });
      expect(run.balances).toEqual([
        { currency: 'usd', gross: 9000, fees: 350, net: 8650, paid_out: 0, other: 0 },
      ]);
      expect(run.digest).toMatch(/^[0-9a-f]{64}$/);
    },
    PATIENCE_MS,
  );

  test(
    'with every webhook lost, a refund made at Stripe and the fees are found and recorded first',
    async () => {
      const faulty = await AFaultyStore.in(app);
      await faulty.fault('drop', { type: '*' }, 'unlimited');
      const order = await faulty.store.anOrder();
      const { body: payment } = await faulty.store.charge(order);
      await faulty.stripe.refunds.create({ payment_intent: payment.stripe.payment_intent, amount: 4000 });
      expect(await faulty.store.order(order)).toMatchObject({ amount_refunded: 0 });
      const run = await settled(faulty);
      expect(run).toMatchObject({ status: 'clean', ledger_total: 6000, stripe_total: 6000, differences: [] });
      expect(await faulty.store.order(order)).toMatchObject({ amount_refunded: 4000 });
      const { body } = await faulty.store.client.get(`/v1/payments/${payment.id}`);
      expect(body.fee.amount).toBe(320);
    },
    PATIENCE_MS,
  );

  test(
    'what a dispute takes is out on both sides, and back on both when it is won',
    async () => {
      const faulty = await AFaultyStore.in(app);
      const order = await faulty.store.anOrder();
      const { body: payment } = await faulty.store.charge(order);
      const dispute = await ownerOf(app).call('POST', `charges/${payment.stripe.charge}/dispute`, {});
      await faulty.store.until(order, ({ amount_disputed }) => amount_disputed === 10000);
      expect(await settled(faulty)).toMatchObject({
        status: 'clean',
        ledger_total: 0,
        stripe_total: 0,
        matched: 2,
        totals: [{ captured: 10000, disputed: 10000 }],
      });
      await ownerOf(app).call('POST', `disputes/${String(dispute['id'])}/win`, {});
      await faulty.store.until(order, ({ amount_disputed }) => amount_disputed === 0);
      expect(await settled(faulty)).toMatchObject({ status: 'clean', ledger_total: 10000, matched: 3 });
    },
    PATIENCE_MS,
  );

  test(
    'a payment that people made at Stripe is listed with its explanation, and leaves the run clean',
    async () => {
      const faulty = await AFaultyStore.in(app);
      await faulty.store.charge(await faulty.store.anOrder());
      await ownerOf(app).call('POST', `accounts/${faulty.account}/payments`, {
        amount: 2500,
        currency: 'usd',
      });
      const run = await eventually(async () => {
        const found = await settled(faulty);
        return found.stripe_total === 12500 ? found : undefined;
      });
      expect(run).toMatchObject({ status: 'clean', ledger_total: 10000, unexplained_count: 0 });
      expect(run.differences).toMatchObject([
        {
          kind: 'made_elsewhere',
          amount: 2500,
          explanation: expect.stringContaining('Not made by Quittance'),
        },
      ]);
    },
    PATIENCE_MS,
  );

  test(
    'a payment that says it is ours and is not in our log is a difference, until somebody explains it',
    async () => {
      const faulty = await AFaultyStore.in(app);
      const payment = `pay_${randomUUID().replaceAll('-', '')}`;
      await ownerOf(app).call('POST', `accounts/${faulty.account}/payments`, {
        amount: 700,
        currency: 'usd',
        metadata: { store: faulty.store.id, payment },
      });
      const run = await eventually(async () => {
        const found = await reconcile(faulty);
        return found.status === 'different' ? found : undefined;
      });
      expect(run).toMatchObject({ ledger_total: 0, stripe_total: 700, unexplained_count: 1 });
      const [difference] = run.differences;
      expect(difference).toMatchObject({ kind: 'missing_here', payment, amount: 700, explanation: null });

      const [exception, ...others] = await exceptionsOf(faulty, 'open');
      expect(exception).toMatchObject({ kind: 'reconciliation_difference', payment, amount: 700 });
      expect(others).toEqual([]);

      const { body: explained } = await faulty.store.client.post(
        `/v1/reconciliation_runs/${run.id}/explain`,
        {
          difference: difference.id,
          explanation: 'Copied by hand at Stripe.',
        },
      );
      expect(explained).toMatchObject({ status: 'clean', unexplained_count: 0 });
      const [settledOne] = await exceptionsOf(faulty, 'resolved');
      expect(settledOne.resolution).toMatchObject({ outcome: 'settled_otherwise' });

      const again = await reconcile(faulty);
      expect(again).toMatchObject({ status: 'clean', difference_count: 1 });
      expect(again.differences[0]).toMatchObject({
        id: difference.id,
        explanation: 'Copied by hand at Stripe.',
      });
      const { body: listed } = await faulty.store.client.get('/v1/reconciliation_runs?limit=1');
      expect(listed.data[0].id).toBe(again.id);
    },
    PATIENCE_MS,
  );

  test(
    'who accepts its exception for a reason has explained it',
    async () => {
      const faulty = await AFaultyStore.in(app);
      const metadata = { store: faulty.store.id, payment: `pay_${randomUUID().replaceAll('-', '')}` };
      const made = { amount: 700, currency: 'usd', metadata };
      await ownerOf(app).call('POST', `accounts/${faulty.account}/payments`, made);
      const run = await eventually(async () => {
        const found = await reconcile(faulty);
        return found.status === 'different' ? found : undefined;
      });
      const [exception] = await exceptionsOf(faulty, 'open');
      await faulty.store.client.post(
        `/v1/exceptions/${exception.id}/resolve`,
        { action: 'accept', reason: 'Taken by the old till.' },
        { key: randomUUID() },
      );
      const { differences } = await eventually(async () => {
        const { body } = await faulty.store.client.get(`/v1/reconciliation_runs/${run.id}`);
        return body.status === 'clean' ? body : undefined;
      });
      expect(differences[0].explanation).toContain('Taken by the old till.');
    },
    PATIENCE_MS,
  );

  test(
    'the payout that a payment went out in is kept with it',
    async () => {
      const faulty = await AFaultyStore.in(app);
      const { body: payment } = await faulty.store.charge(await faulty.store.anOrder());
      await settled(faulty);
      const day = new Date().toISOString().slice(0, 10);
      // The money is available first, and goes out the midnight after.
      await pass(app, 3 * DAY_MS);
      await pass(app, 2 * DAY_MS);
      const run = await reconcile(faulty, { from: day, to: day });
      expect(kinds(run)).toEqual([]);
      const { body } = await faulty.store.client.get(`/v1/payments/${payment.id}`);
      expect(body.payout).toMatch(/^po_/);
      const { data } = await faulty.stripe.payouts.list();
      expect(data.map(({ id }) => id)).toEqual([body.payout]);
    },
    PATIENCE_MS,
  );
});

describe('a run', () => {
  test('is the same for the same Idempotency-Key, and not another store’s', async () => {
    const [faulty, other] = [await AFaultyStore.in(app), await AFaultyStore.in(app)];
    const key = randomUUID();
    const body = { from: '2026-11-01', to: '2026-11-02' };
    const [first, second] = [await reconcile(faulty, body, key), await reconcile(faulty, body, key)];
    expect(second).toEqual(first);
    expect(first).toMatchObject({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-03T00:00:00.000Z',
      trigger: 'api',
    });
    expect((await other.store.client.get(`/v1/reconciliation_runs/${first.id}`)).status).toBe(404);
  });

  const bad: readonly (readonly [string, object])[] = [
    ['ends before it begins', { from: '2026-11-03', to: '2026-11-01' }],
    ['is longer than 92 days', { from: '2026-01-01', to: '2026-06-01' }],
    ['ends in the future', { from: '2026-11-01', to: '2099-01-01' }],
    ['has no such date', { from: '2026-02-31', to: '2026-03-01' }],
    ['is no date', { from: 'yesterday', to: 'today' }],
    ['is not there', {}],
  ];
  test.each(bad)('whose period %s is refused', async (_, body) => {
    const faulty = await AFaultyStore.in(app);
    const answer = await faulty.store.client.post('/v1/reconciliation_runs', body, { key: randomUUID() });
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
  });

  test('of a disconnected store is refused', async () => {
    const faulty = await AFaultyStore.in(app);
    await app.client.post(`/v1/stores/${faulty.store.id}/disconnect`);
    const body = { from: today(), to: today() };
    const answer = await faulty.store.client.post('/v1/reconciliation_runs', body, { key: randomUUID() });
    expect([answer.status, answer.body.code]).toEqual([409, 'store_disconnected']);
  });
});
