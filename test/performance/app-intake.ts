import { join } from 'node:path';
import Stripe from 'stripe';
import { startStripeSandbox } from '../../src/sandbox/stripe/index.js';
import { stripeApiVersion } from '../../src/shared/infrastructure/stripe/stripe-client.js';
import { bytesOf, load } from './closed-loop.js';
import { compare, type Note, perSecond } from './measure.js';
import { started } from './processes.js';

const EVENTS = 2_500;

type Served = Readonly<{ port: number; store: string; secret: string }>;

/** Webhooks as Stripe sends them, answered once they are on the disk, beside the same route that stores nothing. */
export async function intake(folder: string, figure: Note): Promise<void> {
  const sandbox = await startStripeSandbox({ port: 0 });
  const program = ['--import', './test/support/run-typescript.mjs', 'test/performance/intake.process.ts'];
  const server = started([...program, join(folder, 'intake'), sandbox.url]);
  const { port, store, secret } = await server.tells<Served>();
  let sent = 0;
  const webhooks = (route: string) => async () => {
    const calls = Array.from({ length: EVENTS }, () => signed(`${route}/${store}`, secret, sent++));
    return (await load(port, 32, calls)).perSecond;
  };
  const [durable, nowhere] = [webhooks('/v1/webhooks/stripe'), webhooks('/v1/webhooks/nowhere')];
  await durable();
  await nowhere();
  const acted = await compare(durable, nowhere);
  figure(
    'webhooks stored and acted upon / stored nowhere, 32 at once',
    acted.ratio,
    { atLeast: 0.4 },
    `${perSecond(acted.one)} / ${perSecond(acted.other)}`,
  );
  await server.tells('nobody is to act upon them');
  const stored = await compare(durable, nowhere);
  figure(
    'webhooks stored / stored nowhere, 32 at once',
    stored.ratio,
    { atLeast: 0.75 },
    `${perSecond(stored.one)} / ${perSecond(stored.other)}`,
  );
  await server.end();
  await sandbox.close();
}

function signed(path: string, secret: string, n: number): Buffer {
  const id = String(n).padStart(24, '0');
  const intent = {
    id: `pi_${id}`,
    object: 'payment_intent',
    amount: 10_000,
    amount_received: 10_000,
    currency: 'usd',
    customer: null,
    description: 'Order SO-1042',
    latest_charge: `ch_${id}`,
    livemode: false,
    metadata: { order_number: 'SO-1042' },
    payment_method: `pm_${id}`,
    payment_method_types: ['card'],
    status: 'succeeded',
  };
  const event = {
    id: `evt_${id}`,
    object: 'event',
    api_version: stripeApiVersion,
    created: 1_790_000_000,
    data: { object: { ...intent, padding: 'x'.repeat(1_100) } },
    livemode: false,
    pending_webhooks: 1,
    request: { id: `req_${id}`, idempotency_key: null },
    type: 'payment_intent.succeeded',
  };
  const body = JSON.stringify(event);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret });
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  return bytesOf({ method: 'POST', path, headers, body });
}
