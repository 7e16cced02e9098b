import { z } from 'zod';
import { missing } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { address, created, email, metadata, orUnset, paging, shipping, text } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';
import type { Row } from '../engine/table.js';
import type { World } from '../engine/world.js';
import { type Customer, newCustomer } from '../objects/customer.js';
import { addressOf, mergeMetadata, shippingOf } from '../objects/shared.js';
import { attach, methodOf } from '../payments/saved-cards.js';
import { emit } from '../webhooks/emit.js';

const fields = {
  address: orUnset(address).optional(),
  description: orUnset(text).optional(),
  email: orUnset(email).optional(),
  invoice_settings: z.strictObject({ default_payment_method: orUnset(text).optional() }).optional(),
  metadata: metadata.optional(),
  name: orUnset(text).optional(),
  phone: orUnset(text).optional(),
  shipping: orUnset(shipping).optional(),
};
const Create = z.strictObject({ ...fields, payment_method: text.optional() });
const Update = z.strictObject(fields);
const List = z.strictObject({ ...paging, created: created.optional(), email: text.optional() });

function create({ world, account, cause, params }: Call<z.infer<typeof Create>>): Customer {
  const { books, ids, clock } = world;
  const id = ids.next('customer');
  const { payment_method } = params;
  const blank = newCustomer(id, clock.seconds, { metadata: mergeMetadata({}, params.metadata) });
  const customer = { ...blank, ...changesOf(params) };
  const row = books.customers.add(account.id, id, customer, null);
  if (payment_method !== undefined) {
    attach(world, cause, methodOf(world, account.id, payment_method), id);
  }
  emit(world, cause, 'customer.created', row.object);
  return row.object;
}

function update({ world, account, cause, params, id }: Call<z.infer<typeof Update>>): Customer {
  const row = customerOf(world, account.id, id);
  const { default_payment_method } = params.invoice_settings ?? {};
  const after: Customer = {
    ...row.object,
    ...changesOf(params),
    ...(default_payment_method !== undefined && {
      invoice_settings: { ...row.object.invoice_settings, default_payment_method },
    }),
    metadata: mergeMetadata(row.object.metadata, params.metadata),
  };
  world.books.customers.replace(row, after);
  emit(world, cause, 'customer.updated', after, differences(row.object, after));
  return after;
}

function changesOf(params: z.infer<typeof Update>): Partial<Customer> {
  const { address: at, shipping: to, description, email: mail, name, phone } = params;
  const given = Object.entries({ description, email: mail, name, phone }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    ...Object.fromEntries(given),
    ...(at !== undefined && { address: at && addressOf(at) }),
    ...(to !== undefined && { shipping: to && shippingOf(to) }),
  };
}

/** What `previous_attributes` says: the old values of what has changed. */
export function differences<T extends object>(before: T, after: T): Partial<T> {
  const keys = Object.keys(before) as (keyof T)[];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  return Object.fromEntries(changed.map((key) => [key, before[key]])) as Partial<T>;
}

/** @throws ApiError 404 */
export function customerOf(world: World, account: string, id: string): Row<Customer, null> {
  const found = world.books.customers.get(account, id);
  if (!found) throw missing('customer', id);
  return found;
}

const base = '/v1/customers';

export const customerRoutes = [
  route('POST', base, Create, create),
  route('GET', base, List, ({ world, account, params }) =>
    page(
      { table: world.books.customers, account: account.id, url: base, noun: 'customer' },
      params,
      ({ object }) => isOrAny(params.email, object.email) && within(object.created, params.created),
    ),
  ),
  route('GET', `${base}/:id`, nothing, ({ world, account, id }) => customerOf(world, account.id, id).object),
  route('POST', `${base}/:id`, Update, update),
  route('DELETE', `${base}/:id`, nothing, ({ world, account, cause, id }) => {
    const { object } = customerOf(world, account.id, id);
    world.books.customers.remove(id);
    emit(world, cause, 'customer.deleted', object);
    return { id, object: 'customer', deleted: true };
  }),
];
