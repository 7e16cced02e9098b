import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { open, payByCard, submit, words } from '../../src/cli/tour/customer.js';
import { AStore, eventually } from '../support/a-store.js';
import { capturesOf, stripeAccount } from '../support/stripe-account.js';
import { MortalApp } from './a-mortal-app.js';

const MORE_STEPS_THAN_THERE_ARE = 40;
/** What an operator may hear while a page that somebody has open is being closed. */
const MEANWHILE = ['order_settled', 'balance_reserved', 'payment_in_flight', 'session_fence_pending'];

let mortal: MortalApp;
let store: AStore;

beforeAll(async () => {
  mortal = await MortalApp.start({ SWEEP_INTERVAL_MS: '500' });
  store = await AStore.connectedTo(mortal.app);
}, 30_000);
afterAll(() => mortal.app.remove());

const stripe = () => stripeAccount(mortal.app.sandboxUrl);

/** The order's pages on which a customer could still pay. */
async function openPagesOf(order: string): Promise<readonly string[]> {
  const { data } = await stripe().checkout.sessions.list({ limit: 100, status: 'open' });
  return data.filter(({ metadata }) => metadata?.['order_number'] === order).map(({ id }) => id);
}

/** The customer goes to the page, pays, and comes back; whatever they meet, they try again. */
async function payAsACustomerDoes(url: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    try {
      const page = await open(url);
      if (/<form\b/i.test(page.html)) {
        const hosted = await submit(page);
        if (/cardnumber/.test(hosted.html)) await payByCard(hosted);
      } else if (/paid/i.test(words(page.html))) return;
    } catch {
      // The server has died under the customer's hands. They try again when it is back.
    }
    if (!mortal.app.isRunning) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** As above, and until the order is paid where the server lives: on a slow machine the page says so only later. */
async function payUntilDeath(order: string, url: string): Promise<void> {
  await payAsACustomerDoes(url);
  await eventually(async () => {
    if (!mortal.app.isRunning) return true;
    const found = await store.order(order).catch(() => undefined);
    return found?.payment_status === 'paid' || undefined;
  });
}

test('a link killed between any two steps of its payment captures exactly once', async () => {
  let deaths = 0;
  for (let at = 0; at < MORE_STEPS_THAN_THERE_ARE; at++) {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await mortal.arm({ at, when: 'after' });
    await mortal.during(() => payUntilDeath(order, link.url));
    const died = await mortal.revive();
    await payAsACustomerDoes(link.url);
    await store.until(order, ({ payment_status }) => payment_status === 'paid');

    expect(await capturesOf(stripe(), order)).toHaveLength(1);
    expect(await store.order(order)).toMatchObject({ amount_captured: 10000, amount_reserved: 0 });
    const types = (await store.history(order)).map(({ type }) => type);
    expect(types.filter((type) => type === 'payment.applied')).toHaveLength(1);
    if (!died) break;
    deaths += 1;
  }
  expect(deaths).toBeGreaterThan(8);
  expect(deaths).toBeLessThan(MORE_STEPS_THAN_THERE_ARE);
}, 400_000);

/** Most charges hear that the page is not yet known to be closed, or that its payment is under way: the operator tries again. */
async function chargeAsAnOperatorDoes(order: string): Promise<void> {
  await eventually(async () => {
    const { status, body } = await store.charge(order);
    if (status !== 201) expect(MEANWHILE).toContain(body.code);
    return status === 201 || body.code === 'order_settled' || undefined;
  });
}

test('a link killed between any two steps of its payment is charged past by an operator: captured once, nothing held', async () => {
  let deaths = 0;
  for (let at = 0; at < MORE_STEPS_THAN_THERE_ARE; at++) {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await mortal.arm({ at, when: 'after' });
    await mortal.during(() => payUntilDeath(order, link.url));
    const died = await mortal.revive();
    await chargeAsAnOperatorDoes(order);
    await payAsACustomerDoes(link.url);

    const found = await store.until(order, ({ amount_reserved }) => amount_reserved === 0);
    expect(found).toMatchObject({ amount_captured: 10000, balance_due: 0, overpaid: 0 });
    expect(await capturesOf(stripe(), order)).toHaveLength(1);
    expect(await openPagesOf(order)).toEqual([]);
    if (!died) break;
    deaths += 1;
  }
  expect(deaths).toBeGreaterThan(8);
  expect(deaths).toBeLessThan(MORE_STEPS_THAN_THERE_ARE);
}, 400_000);
