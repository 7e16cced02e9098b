import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startStripeSandbox } from '../../src/sandbox/stripe/index.js';
import { API_KEY } from '../support/running-app.js';
import { bytesOf, type Call, type Load, load } from './closed-loop.js';
import { compare, type Note, perSecond } from './measure.js';
import { type Server, theProduct } from './processes.js';
import { importOrders, wholeApp } from './whole-app.js';

const FEW = 1_000;
const MANY = 20_000;
const READS = 200;
const WRITES = 800;

type Shop = Readonly<{ server: Server; store: string; orders: number }>;

/** Orders over HTTP, where there are many and where there are few. */
export async function orders(folder: string, figure: Note): Promise<void> {
  const [many, few] = [await shop(join(folder, 'orders'), MANY), await shop(join(folder, 'few'), FEW)];
  const reads = {
    'GET an order': (n: number, { orders: all }: Shop) => `/v1/orders/SO-${(n * 7_919) % all}`,
    'GET the first page of 50 orders': () => '/v1/orders?limit=50',
  };
  for (const [name, path] of Object.entries(reads)) {
    const medianMs = (at: Shop) => async () => {
      const calls = Array.from({ length: READS }, (_, n) => get(at, path(n, at)));
      return (await load(at.server.port, 1, calls)).medianMs;
    };
    await medianMs(few)();
    await medianMs(many)();
    const grown = await compare(medianMs(many), medianMs(few));
    figure(
      `${name}, 20k orders / 1k`,
      grown.ratio,
      { atMost: 5 },
      `${grown.one.toFixed(2)} ms / ${grown.other.toFixed(2)} ms`,
    );
  }
  const rate = (call: (n: number) => Buffer) => async () =>
    (
      await write(
        many,
        Array.from({ length: WRITES }, (_, n) => call(n)),
      )
    ).perSecond;
  const written = await compare(
    rate(() => put(many, randomUUID())),
    rate((n) => get(many, `/v1/orders/SO-${n}`)),
  );
  figure(
    'PUT of a new order / GET of one, 16 at once',
    written.ratio,
    { atLeast: 0.15 },
    `${perSecond(written.one)} / ${perSecond(written.other)}`,
  );
  await many.server.end();
  await few.server.end();
}

const write = ({ server }: Shop, calls: readonly Buffer[]): Promise<Load> => load(server.port, 16, calls);

async function shop(dataDir: string, count: number): Promise<Shop> {
  const sandbox = await startStripeSandbox({ port: 0 });
  const product = await wholeApp(dataDir, sandbox.url);
  await importOrders(product, 0, count);
  await product.app.close();
  await sandbox.close();
  const server = await theProduct(dataDir);
  return { server, store: product.store, orders: count };
}

function get(shop: Shop, path: string): Buffer {
  return bytesOf(asked(shop, { method: 'GET', path }));
}

function put(shop: Shop, id: string): Buffer {
  const body = JSON.stringify({
    currency: 'usd',
    customer: { external_id: 'c-7', name: 'Ada Lovelace', email: 'ada@example.test' },
    lines: [
      { description: 'Desk lamp', quantity: '2', unit_amount: 4_000, amount: 8_000, tax_amount: 1_600 },
    ],
    shipping_amount: 400,
  });
  return bytesOf(asked(shop, { method: 'PUT', path: `/v1/orders/${id}`, body }));
}

function asked({ store }: Shop, call: Call): Call {
  const headers = { authorization: `Bearer ${API_KEY}`, 'quittance-store': store };
  return { ...call, headers: { ...headers, ...(call.body && { 'content-type': 'application/json' }) } };
}
