import type { World } from '../world/world.js';
import { Accountants } from './accountants.js';
import { Calls } from './calls.js';
import { Customers } from './customers.js';
import { Merchants } from './merchants.js';
import { Operators } from './operators.js';
import { Outsiders } from './outsiders.js';

/** What people do in one run: drawn by the seed, spread over the minutes in which they act. */
export function letPeopleAct(world: World): void {
  const calls = new Calls(world);
  const operators = new Operators(world, calls);
  const customers = new Customers(world);
  const { random, kernel } = world;
  const { orders, actions, minutes } = world.swarm();
  const tempers = temperOf(world, calls, operators, customers);

  const at = (ms: number, what: string, act: () => Promise<unknown>) =>
    kernel.after(ms, what, () => {
      act().catch((error) => kernel.break(error));
    });
  for (let count = 0; count < orders; count++) {
    at(random.between(0, 2_000), 'an order is imported', () => operators.importOrder());
  }
  if (random.happens(0.7)) at(4_000, 'an operator sends a link', () => operators.sendLink());
  // People act in flurries: what happens at the same moment is what goes wrong.
  let moment = 5_000;
  for (let count = 0; count < actions; count++) {
    moment = random.happens(0.6) ? moment + random.between(0, 400) : random.between(5_000, minutes * 60_000);
    const [what, act] = random.weighed(tempers);
    at(moment, what, act);
  }
  const { disconnection } = world.swarm();
  if (disconnection) {
    const merchants = new Merchants(world, calls, operators);
    const leave = () => merchants.leave(disconnection.kind, disconnection.minutes);
    at(disconnection.fromMs, 'a merchant disconnects a store', leave);
  }
  const refunds = tempers.filter(([weight, [what]]) => weight > 0 && what === 'an accountant refunds');
  for (const [count, late] of momentsBeforeOutage(world).entries()) {
    // A refund that is under way then is the one thing at Stripe that may be made twice.
    const [what, act] = random.weighed(count % 2 === 0 && refunds.length > 0 ? refunds : tempers);
    at(late, what, act);
  }
}

/** What is under way when the line is cut is what an outage is about. */
function momentsBeforeOutage(world: World): readonly number[] {
  const { outage } = world.swarm();
  if (!outage) return [];
  const { random } = world;
  return Array.from({ length: 4 }, () =>
    Math.max(5_000, outage.fromMinute * 60_000 - random.between(0, 300)),
  );
}

type Act = readonly [what: string, act: () => Promise<unknown>];

function temperOf(world: World, calls: Calls, operators: Operators, customers: Customers) {
  const { random } = world;
  const { people, reconciles } = world.swarm();
  const { forged, moneyBack } = people;
  const accountants = new Accountants(world, calls);
  const outsiders = new Outsiders(world, calls);
  const follow = async () => {
    const link = operators.someLink();
    // Now and then somebody opens it in two tabs, or two people do.
    const tabs = random.happens(0.3) ? 2 : 1;
    if (link) await Promise.all(Array.from({ length: tabs }, () => customers.follow(link)));
  };
  const comparing = [2, ['an accountant compares the books', () => accountants.reconcile()]] as const;
  const acts: readonly (readonly [weight: number, act: Act])[] = [
    [6, ['an operator charges', () => operators.charge()]],
    [5, ['an operator sends a link', () => operators.sendLink()]],
    [7, ['a customer follows a link', follow]],
    [1, ['an operator revokes a link', () => operators.revoke()]],
    [1, ['an operator resends a link', () => operators.resend()]],
    [2.5, ['an operator voids a payment', () => operators.voidPayment()]],
    [3, ['an operator charges and thinks better of it', () => operators.chargeAndVoid()]],
    [1, ['an operator syncs a payment', () => operators.sync()]],
    [0.7, ['an operator cancels an order', () => operators.cancel()]],
    [1.5, ['an operator revises an order', () => operators.revise()]],
    [forged, ['somebody copies our metadata', () => outsiders.forge()]],
    [5 * moneyBack, ['an accountant refunds', () => accountants.refund()]],
    [1.5 * moneyBack, ['an accountant writes off', () => accountants.writeOff()]],
    [1.5 * moneyBack, ['an accountant records cash', () => accountants.recordCash()]],
    [0.7 * moneyBack, ['an accountant reverses cash', () => accountants.reverseCash()]],
    [3 * moneyBack, ['an accountant resolves an exception', () => accountants.resolve()]],
    [2 * moneyBack, ['a merchant refunds at Stripe', () => outsiders.refundAtStripe()]],
    [2 * moneyBack, ['a bank disputes', () => outsiders.dispute()]],
    ...(reconciles ? [comparing] : []),
  ];
  // Each run has favourites of its own.
  return acts.map(([weight, act]) => [weight * (0.2 + random.share() * 2), act] as const);
}
