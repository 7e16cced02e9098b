import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CommandBus } from '@nestjs/cqrs';
import { ChargeCard } from '../../src/modules/payments/application/commands/charge-card.command.js';
import { StripeAccounts } from '../../src/modules/stores/index.js';
import { Claims } from '../../src/shared/application/claims.js';
import { Ids } from '../../src/shared/application/ports/ids.port.js';
import { compare, median, type Note, perSecond } from './measure.js';
import { started } from './processes.js';
import { bench, importOrders, wholeApp } from './whole-app.js';

const ONE_BY_ONE = 150;
const AT_ONCE = 16;
const MANY = 480;
/** Held, begun, the intent's id stored, captured, counted: each is on the disk before the next step. */
const APPENDS = 5;

/** The command beside the two bare calls of the SDK that it makes, at the same sandbox in a process of its own. */
export async function charges(folder: string, figure: Note): Promise<void> {
  const sandbox = started(['dist/sandbox/stripe/main.js'], { SANDBOX_PORT: '0' });
  const stripeUrl = await sandbox.says(/Stripe sandbox on (\S+)/);
  const product = await wholeApp(join(folder, 'charges'), stripeUrl);
  const { app, store } = product;
  const { stripe } = await app.get(StripeAccounts, { strict: false }).client(store);
  // Nobody listens for webhooks here, and the sandbox is not to spend itself on trying.
  for await (const { id } of stripe.webhookEndpoints.list()) await stripe.webhookEndpoints.del(id);
  const commands = app.get(CommandBus);
  const [ids, claims] = [app.get(Ids, { strict: false }), app.get(Claims, { strict: false })];

  const charge = async (order: string) => {
    const ask = {
      store,
      order,
      amount: null,
      paymentMethod: 'pm_card_visa',
      saveCard: false,
      moto: false,
      onOpenSession: 'fence',
      onAuthenticationRequired: 'offer',
      returnUrl: null,
    } as const;
    const { status } = await commands.execute(new ChargeCard(`pay_${ids.next()}`, ask, bench));
    if (status !== 'captured') throw new Error(`the charge of ${order} is ${status}`);
  };
  const bare = async (order: string) => {
    const key = randomUUID();
    const created = await stripe.paymentIntents.create(
      {
        amount: 10_000,
        currency: 'usd',
        payment_method: 'pm_card_visa',
        allowed_payment_method_types: ['card'],
        description: `Order ${order}`,
        metadata: { store, order, order_number: order, payment: key },
      },
      { idempotencyKey: `${key}:create` },
    );
    await stripe.paymentIntents.confirm(
      created.id,
      { error_on_requires_action: true, expand: ['latest_charge'] },
      { idempotencyKey: `${key}:confirm:1` },
    );
  };

  let orders = 0;
  const newOrders = (count: number) => {
    orders += count;
    return importOrders(product, orders - count, count);
  };
  const oneByOne = (pay: typeof charge) => async () => {
    const times: number[] = [];
    for (const order of await newOrders(ONE_BY_ONE)) {
      const begun = performance.now();
      await pay(order);
      times.push(performance.now() - begun);
    }
    return median(times);
  };
  const manyAtOnce = (pay: typeof charge) => async () => {
    const queue = (await newOrders(MANY)).values();
    const begun = performance.now();
    const work = Array.from({ length: AT_ONCE }, async () => {
      for (const order of queue) await pay(order);
    });
    await Promise.all(work);
    return (MANY * 1_000) / (performance.now() - begun);
  };
  const bareAndStored = async (order: string) => {
    await bare(order);
    for (let n = 0; n < APPENDS; n++) await claims.claim('bench', randomUUID(), { order });
  };
  await oneByOne(bare)();
  await oneByOne(charge)();
  const alone = await compare(oneByOne(charge), oneByOne(bare));
  figure(
    'charge command over its two bare SDK calls, added ms',
    alone.one - alone.other,
    { atMost: 10 },
    `${alone.one.toFixed(2)} ms / ${alone.other.toFixed(2)} ms; the goal is 1`,
  );
  const stored = await compare(oneByOne(charge), oneByOne(bareAndStored));
  figure(
    'charge command / the two calls and five durable appends',
    stored.ratio,
    { atMost: 2.5 },
    `${stored.one.toFixed(2)} ms / ${stored.other.toFixed(2)} ms`,
  );
  const many = await compare(manyAtOnce(charge), manyAtOnce(bare));
  figure(
    'charge commands / bare SDK calls, 16 at once',
    many.ratio,
    { atLeast: 0.2 },
    `${perSecond(many.one)} / ${perSecond(many.other)}; the goal is 0.85`,
  );
  await app.close();
  await sandbox.end();
}
