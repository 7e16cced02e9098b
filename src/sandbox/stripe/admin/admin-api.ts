import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { disconnect } from '../accounts/connections.js';
import { addAccount, addKey, revokeKeys } from '../accounts/demo-accounts.js';
import { type Answer, json } from '../api/answer.js';
import type { Incoming } from '../api/exchange.js';
import { byTime, type World } from '../engine/world.js';
import { FaultRule } from '../faults/rules.js';
import { isCurrency } from '../payments/currencies.js';
import { setClock } from './clock-setting.js';
import { dashboard } from './dashboard.js';
import { showInspector, submitInspector } from './inspector.page.js';
import { done, type Handler, ok, type Told, told } from './told.js';

const NewAccount = z.strictObject({
  name: z.string().min(1).max(100),
  country: z.string().regex(/^[A-Z]{2}$/),
  default_currency: z.string().refine(isCurrency),
});
const Clock = z.strictObject({
  advance: z
    .number()
    .min(0)
    .max(10 * 365 * 86_400)
    .optional(),
  rate: z.number().min(0).max(1_000_000).optional(),
  freeze: z.boolean().optional(),
});

const handlers: Readonly<Record<string, Handler>> = {
  ...dashboard,
  'GET accounts': (world) => ok({ data: accountsOf(world) }),
  'POST accounts': (world, _, body) => {
    const read = NewAccount.safeParse(body);
    return read.success ? { status: 201, body: addAccount(world, read.data) } : told(read.error);
  },
  'POST accounts/:id/revoke_key': (world, id) => done(revokeKeys(world, id)),
  'POST accounts/:id/roll_key': (world, id) => {
    const secret_key = addKey(world, id);
    return secret_key === undefined ? done(false) : ok({ id, secret_key });
  },
  'POST accounts/:id/disconnect': (world, id) => {
    const connected = [...world.books.connections.walk(id, undefined, 1)];
    world.books.commit(() => {
      for (const { object } of connected) disconnect(world, byTime(id), object.clientId);
    });
    return done(connected.length > 0);
  },
  'GET clock': ({ clock }) => ok(clockOf(clock)),
  'POST clock': (world, _, body) => {
    const read = Clock.safeParse(body);
    if (!read.success) return told(read.error);
    setClock(world, read.data);
    return ok(clockOf(world.clock));
  },
  'GET faults': ({ faults }) => ok({ data: faults.list() }),
  'POST faults': ({ faults }, _, body) => {
    const read = FaultRule.safeParse(body);
    return read.success
      ? { status: 201, body: { id: faults.add(read.data), ...read.data } }
      : told(read.error);
  },
  'DELETE faults': ({ faults }) => {
    faults.clear();
    return ok({ done: true });
  },
  'DELETE faults/:id': ({ faults }, id) => done(faults.remove(id)),
  'GET requests': ({ requests }) => ok({ data: requests.latest() }),
  'GET deliveries': ({ books }) => ok({ data: latestDeliveries(books) }),
  'POST deliveries/:id/resend': ({ dispatcher }, id) => done(dispatcher.resend(id)),
  'POST reset': (world) => {
    world.faults.clear();
    world.requests.clear();
    world.books.clear();
    return ok({ done: true });
  },
};

/** What the sandbox's owner may do. @param afterReset puts back what is always there */
export async function answerAdmin(
  world: World,
  adminToken: string,
  incoming: Incoming,
  afterReset: () => void,
): Promise<Answer> {
  const query = new URLSearchParams(incoming.query);
  const bearer = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1];
  if (!isSame(bearer ?? query.get('token') ?? '', adminToken))
    return answered({ status: 401, body: { error: 'the admin token is missing or wrong' } });
  if (incoming.path === '/_sandbox' || incoming.path === '/_sandbox/') {
    if (incoming.method !== 'POST') return showInspector(world, adminToken);
    return submitInspector(world, adminToken, new URLSearchParams(incoming.body));
  }
  const [area = '', id = '', verb] = incoming.path.replace('/_sandbox/', '').split('/');
  const path = id === '' ? area : `${area}/:id${verb === undefined ? '' : `/${verb}`}`;
  const handler = handlers[`${incoming.method} ${path}`];
  if (!handler) return answered({ status: 404, body: { error: `no ${incoming.method} ${incoming.path}` } });
  const body = bodyOf(incoming.body);
  if (body === undefined) return answered({ status: 400, body: { error: 'the body is not JSON' } });
  const result = handler(world, id, body);
  if (path === 'reset') afterReset();
  await world.books.settled();
  return answered(result);
}

function bodyOf(text: string): unknown {
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answered({ status, body }: Told): Answer {
  return { status, headers: json, body: JSON.stringify(body, null, 2) };
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function clockOf({ now, current }: World['clock']): object {
  return { now: new Date(now).toISOString(), unix: Math.floor(now / 1000), rate: current.rate };
}

const shownDeliveries = 200;

export function latestDeliveries(books: World['books']): object[] {
  return Array.from(books.deliveries.all(), ({ account, object }) => ({ account, ...object }))
    .slice(-shownDeliveries)
    .reverse();
}

function accountsOf({ books }: World): object[] {
  return Array.from(books.accounts.all(), ({ id, object, note }) => ({
    id,
    name: note.name,
    country: object.country,
    default_currency: object.default_currency,
    client_id: note.clientId,
    publishable_key: note.publishableKey,
    secret_keys: [...books.keys.walk(id, undefined, 1)]
      .filter((key) => key.object.platform === null && !key.object.revoked)
      .map((key) => key.id),
    connected_to: Array.from(books.connections.walk(id, undefined, 1), (row) => row.object.clientId),
  }));
}
