import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from '../../src/cli/tour/quittance.client.js';
import type { Acknowledged } from './acknowledged.js';
import type { Clerk } from './clerk.js';
import { CustomerActs } from './customer-acts.js';
import type { Dice } from './dice.js';
import { LaterActs } from './later-acts.js';
import { OperatorActs } from './operator-acts.js';

/** A store of the run, and the account at Stripe that is its own. */
export type SoakStore = Readonly<{ id: string; account: string; secretKey: string; clerk: Clerk }>;

/** One order and those who act on it. */
export type Case = Readonly<{
  id: string;
  email: string;
  store: SoakStore;
  clerk: Clerk;
  dice: Dice;
  acknowledged: Acknowledged;
  /** Payment links made so far, with the URL that the customer has. */
  links: { id: string; url: string }[];
  payments: Set<string>;
  /** What the total may be: the last that was acknowledged, and those asked for since without an answer. */
  totals: Set<number>;
  /** Somebody has asked that the total be raised to what came, which is above one of those. */
  raise: { asked: boolean };
  /** The most that the order was ever seen to have captured. */
  seen: { captured: number };
}>;

const acts = {
  charge: 30,
  declined: 8,
  authenticated: 8,
  race: 5,
  link: 14,
  pay: 22,
  twoTabs: 4,
  leave: 4,
  revoke: 4,
  resend: 2,
  voidOne: 4,
  sync: 3,
  total: 7,
  look: 10,
  refund: 18,
  offline: 6,
  disputed: 5,
  refundAtStripe: 5,
  reverse: 2,
  resolve: 6,
} as const;
type Act = keyof typeof acts;

/** What happens to one order in a run: a handful of acts of its operator and its customer, spread over some time. */
export async function orderLife(the: Case, stripeUrl: string, ms: number): Promise<void> {
  const operator = new OperatorActs(the);
  const customer = new CustomerActs(the);
  const later = new LaterActs(the, stripeUrl);
  const doing: Readonly<Record<Act, () => Promise<void>>> = {
    charge: () => operator.charge(),
    declined: () => operator.chargeDeclined(),
    authenticated: () => operator.chargeAuthenticated(),
    race: () => operator.race(),
    link: () => operator.sendLink(),
    pay: () => customer.pay(),
    twoTabs: () => customer.payInTwoTabs(),
    leave: () => customer.payAndLeave(),
    revoke: () => operator.revokeLink(),
    resend: () => operator.resendLink(),
    voidOne: () => operator.voidPayment(),
    sync: () => operator.syncPayment(),
    total: () => operator.changeTotal(),
    look: () => look(the),
    refund: () => later.refund(),
    offline: () => later.payOffline(),
    disputed: () => operator.chargeDisputed(),
    refundAtStripe: () => later.refundAtStripe(),
    reverse: () => later.reverse(),
    resolve: () => later.resolve(),
  };
  if (!(await operator.import())) return;
  const count = the.dice.between(4, 9);
  for (let act = 0; act < count; act++) {
    await pause((ms / count) * (0.5 + the.dice.between(0, 100) / 100));
    await doing[the.dice.weighed(acts)]();
  }
  if (the.dice.chance(0.6)) await operator.chargeTheRest();
  if (the.dice.chance(0.08)) await operator.cancel();
  await look(the);
}

/** Reads the order: what was captured once is never seen uncaptured. */
export async function look(the: Case): Promise<Json | undefined> {
  const order = await the.clerk.read(`/v1/orders/${the.id}`);
  if (!order) return undefined;
  if (order.amount_captured < the.seen.captured) {
    const was = `${the.seen.captured} and then ${order.amount_captured}`;
    the.acknowledged.surprise(`order ${the.id} was seen with ${was} captured`);
  }
  the.seen.captured = Math.max(the.seen.captured, order.amount_captured);
  return order;
}
