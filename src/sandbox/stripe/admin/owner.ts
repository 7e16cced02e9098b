import { z } from 'zod';
import { disconnect } from '../accounts/connections.js';
import { addAccount, addKey, revokeKeys } from '../accounts/demo-accounts.js';
import { byTime, type World } from '../engine/world.js';
import { FaultRule } from '../faults/rules.js';
import { isCurrency } from '../payments/currencies.js';
import { setClock } from './clock-setting.js';
import { dashboard } from './dashboard.js';
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

/** Left out: every key of the account. */
const Revocation = z.strictObject({ secret_key: z.string().optional() });

const handlers: Readonly<Record<string, Handler>> = {
  ...dashboard,
  'GET accounts': (world) => ok({ data: accountsOf(world) }),
  'POST accounts': (world, _, body) => {
    const read = NewAccount.safeParse(body);
    return read.success ? { status: 201, body: addAccount(world, read.data) } : told(read.error);
  },
  'POST accounts/:id/revoke_key': (world, id, body) => {
    const read = Revocation.safeParse(body);
    return read.success ? done(revokeKeys(world, id, read.data.secret_key)) : told(read.error);
  },
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

/** Does what the owner wants. @param path without the sandbox's own beginning, such as `faults/fault_1` */
export function handle(world: World, method: string, path: string, body: unknown): Told {
  const [area = '', id = '', verb] = path.split('/');
  const pattern = id === '' ? area : `${area}/:id${verb === undefined ? '' : `/${verb}`}`;
  const handler = handlers[`${method} ${pattern}`];
  if (!handler) return { status: 404, body: { error: `no ${method} /_sandbox/${path}` } };
  return handler(world, id, body);
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
