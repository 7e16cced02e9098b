import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AStore } from '../support/a-store.js';
import { stripeAccount } from '../support/stripe-account.js';
import { MortalApp } from './a-mortal-app.js';

/** A refund, and a cancellation that gives everything back, take fewer steps than this. */
const MORE_STEPS_THAN_THERE_ARE = 40;

let mortal: MortalApp;
let store: AStore;

beforeAll(async () => {
  mortal = await MortalApp.start({ SWEEP_INTERVAL_MS: '500' });
  store = await AStore.connectedTo(mortal.app);
}, 30_000);
afterAll(() => mortal.app.remove());

async function refundedAtStripe(charge: string): Promise<readonly number[]> {
  const { data } = await stripeAccount(mortal.app.sandboxUrl).refunds.list({ charge });
  return data.map(({ amount }) => amount);
}

async function paidOrder() {
  const order = await store.anOrder();
  const { body: payment } = await store.charge(order);
  return { order, payment };
}

/** Dies after each step in turn, and before the first: that is every death there is. @returns how many there were */
async function dyingAtEachStep(
  act: (arm: (work: () => Promise<unknown>) => Promise<boolean>) => Promise<boolean>,
) {
  const armAt = (at: number, when: 'before' | 'after') => async (work: () => Promise<unknown>) => {
    await mortal.arm({ at, when });
    await mortal.during(work);
    return mortal.revive();
  };
  await act(armAt(0, 'before'));
  for (let at = 0; at < MORE_STEPS_THAN_THERE_ARE; at++) if (!(await act(armAt(at, 'after')))) return at;
  return MORE_STEPS_THAN_THERE_ARE;
}

test('a refund killed between any two steps is made once, also where its caller never comes back, or late', async () => {
  const deaths = await dyingAtEachStep(async (dying) => {
    const { order, payment } = await paidOrder();
    const key = randomUUID();
    const refund = () => store.refund(payment.id, { amount: 4000, effect: 'reopen' }, key);
    const died = await dying(refund);
    // A refund that nobody has begun is the caller's to ask for again.
    if (!(await store.transactions(order)).some(({ object }) => object === 'refund')) await refund();
    await store.until(order, ({ balance_due }) => balance_due === 4000, 20_000);
    expect((await refund()).status).toBe(201);
    expect(await refundedAtStripe(payment.stripe.charge)).toEqual([4000]);
    expect(await store.order(order)).toMatchObject({ amount_refunded: 4000, amount_paid: 6000 });
    const told = (await store.history(order)).map(({ type }) => type);
    expect(told.filter((type) => type === 'refund.succeeded')).toHaveLength(1);
    expect(told.filter((type) => type === 'refund.applied')).toHaveLength(1);
    return died;
  });
  expect(deaths).toBeGreaterThan(4);
  expect(deaths).toBeLessThan(MORE_STEPS_THAN_THERE_ARE);
}, 400_000);

test('a cancellation killed between any two steps gives everything back, once, and ends', async () => {
  const deaths = await dyingAtEachStep(async (dying) => {
    const { order, payment } = await paidOrder();
    const path = `/v1/orders/${order}/cancel`;
    const cancel = () => store.client.post(path, { refund_policy: 'refund_all', reason: 'out of stock' });
    const died = await dying(cancel);
    if ((await store.order(order)).status === 'open') await cancel();
    await store.until(order, ({ status }) => status === 'cancelled', 20_000);
    expect(await refundedAtStripe(payment.stripe.charge)).toEqual([10_000]);
    expect(await store.order(order)).toMatchObject({
      amount_refunded: 10_000,
      amount_paid: 0,
      balance_due: 0,
    });
    return died;
  });
  expect(deaths).toBeGreaterThan(6);
  expect(deaths).toBeLessThan(MORE_STEPS_THAN_THERE_ARE);
}, 400_000);
