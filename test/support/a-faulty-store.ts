import type Stripe from 'stripe';
import { open, submit } from '../../src/cli/tour/customer.js';
import { AStore } from './a-store.js';
import type { RunningApp } from './running-app.js';
import { type Owner, ownerOf } from './sandbox-owner.js';
import { capturesOf, stripeAccount } from './stripe-account.js';

/** A store whose Stripe account is its own, so that what goes wrong there goes wrong for nobody else. */
export class AFaultyStore {
  private constructor(
    readonly store: AStore,
    readonly account: string,
    readonly stripe: Stripe,
    readonly owner: Owner,
  ) {}

  static async in(app: RunningApp): Promise<AFaultyStore> {
    const owner = ownerOf(app);
    const { id, secretKey } = await owner.anAccount();
    const store = await AStore.connectedTo(app, secretKey);
    return new AFaultyStore(store, id, stripeAccount(app.sandboxUrl, secretKey), owner);
  }

  /** @returns how to mend it */
  async fault(
    effect: object | string,
    match: object = {},
    times: number | 'unlimited' = 1,
  ): Promise<() => Promise<void>> {
    const { id } = await this.owner.fault(effect, { ...match, account: this.account }, times);
    return async () => {
      await this.owner.call('DELETE', `faults/${String(id)}`);
    };
  }

  /** An order with a link, whose page the customer has open at Stripe. */
  async anOpenPage(terms: Record<string, unknown> = {}) {
    const order = await this.store.anOrder();
    const { body: link } = await this.store.link(order, { send: false, ...terms });
    const hosted = await submit(await open(link.url));
    if (!hosted.url.includes('/c/pay/')) throw new Error(`no page of Stripe's: ${hosted.url}`);
    return { order, link, hosted };
  }

  /** How often the order's money was taken at Stripe. */
  async captures(order: string): Promise<number> {
    return (await capturesOf(this.stripe, order)).length;
  }
}
