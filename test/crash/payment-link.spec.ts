import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { open, payByCard, submit, words } from '../../src/cli/tour/customer.js';
import { AStore } from '../support/a-store.js';
import { capturesOf, stripeAccount } from '../support/stripe-account.js';
import { MortalApp } from './a-mortal-app.js';

const MORE_STEPS_THAN_THERE_ARE = 40;

let mortal: MortalApp;
let store: AStore;

beforeAll(async () => {
  mortal = await MortalApp.start({ SWEEP_INTERVAL_MS: '500' });
  store = await AStore.connectedTo(mortal.app);
}, 30_000);
afterAll(() => mortal.app.remove());

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

test('a link killed between any two steps of its payment captures exactly once', async () => {
  let deaths = 0;
  for (let at = 0; at < MORE_STEPS_THAN_THERE_ARE; at++) {
    const order = await store.anOrder();
    const { body: link } = await store.link(order, { send: false });
    await mortal.arm({ at, when: 'after' });
    await mortal.during(() => payAsACustomerDoes(link.url));
    const died = await mortal.revive();
    await payAsACustomerDoes(link.url);
    await store.until(order, ({ payment_status }) => payment_status === 'paid');

    expect(await capturesOf(stripeAccount(mortal.app.sandboxUrl), order)).toHaveLength(1);
    expect(await store.order(order)).toMatchObject({ amount_captured: 10000, amount_reserved: 0 });
    const types = (await store.history(order)).map(({ type }) => type);
    expect(types.filter((type) => type === 'payment.applied')).toHaveLength(1);
    if (!died) break;
    deaths += 1;
  }
  expect(deaths).toBeGreaterThan(8);
  expect(deaths).toBeLessThan(MORE_STEPS_THAN_THERE_ARE);
}, 180_000);
