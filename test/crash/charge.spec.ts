import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AStore } from '../support/a-store.js';
import { capturesOf, stripeAccount } from '../support/stripe-account.js';
import { MortalApp } from './a-mortal-app.js';

/** A charge takes fewer steps than this; the loop ends when a charge outlives its death. */
const MORE_STEPS_THAN_THERE_ARE = 40;

let mortal: MortalApp;
let store: AStore;

beforeAll(async () => {
  mortal = await MortalApp.start({ SWEEP_INTERVAL_MS: '500' });
  store = await AStore.connectedTo(mortal.app);
}, 30_000);
afterAll(() => mortal.app.remove());

/** @returns whether there was such a step to die at */
async function chargeDyingAt(at: number, when: 'before' | 'after', isRepeated: boolean): Promise<boolean> {
  const order = await store.anOrder();
  const key = randomUUID();
  await mortal.arm({ at, when });
  await mortal.during(() => store.charge(order, {}, key));
  const died = await mortal.revive();
  // Most clients repeat a call that got no answer; one that does not must find the same.
  const wasBegun =
    (await store.order(order)).amount_reserved > 0 || (await capturesOf(stripe(), order)).length > 0;
  if (isRepeated || !wasBegun) expect((await store.charge(order, {}, key)).status).toBe(201);
  await store.until(order, ({ payment_status }) => payment_status === 'paid');

  expect(await capturesOf(stripe(), order)).toHaveLength(1);
  expect(await store.order(order)).toMatchObject({
    amount_captured: 10000,
    amount_reserved: 0,
    balance_due: 0,
  });
  const types = (await store.history(order)).map(({ type }) => type);
  expect(types.filter((type) => type === 'payment.captured')).toHaveLength(1);
  expect(types.filter((type) => type === 'payment.applied')).toHaveLength(1);
  return died;
}

const stripe = () => stripeAccount(mortal.app.sandboxUrl);

/** Right before a step is right after the one before it, so that dying after each step and before the first is every death there is. */
test.each([
  ['repeats the call', true],
  ['never comes back', false],
] as const)(
  'a charge killed between any two steps captures exactly once, whether or not its caller %s',
  async (_, isRepeated) => {
    await chargeDyingAt(0, 'before', isRepeated);
    let deaths = 0;
    for (let at = 0; at < MORE_STEPS_THAN_THERE_ARE; at++) {
      if (!(await chargeDyingAt(at, 'after', isRepeated))) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(6);
    expect(deaths).toBeLessThan(MORE_STEPS_THAN_THERE_ARE);
  },
  400_000,
);
