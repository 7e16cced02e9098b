import { z } from 'zod';
import { missing } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { created, paging, text } from '../api/params.js';
import { nothing, route } from '../api/route.js';
import type { Row } from '../engine/table.js';
import type { World } from '../engine/world.js';
import type { Charge, ChargeNote } from '../objects/charge.js';

const List = z.strictObject({
  ...paging,
  created: created.optional(),
  customer: text.optional(),
  payment_intent: text.optional(),
});

/** @throws ApiError 404 */
export function chargeOf(world: World, account: string, id: string): Row<Charge, ChargeNote> {
  const found = world.books.charges.get(account, id);
  if (!found) throw missing('charge', id);
  return found;
}

const base = '/v1/charges';

export const chargeRoutes = [
  route('GET', base, List, ({ world, account, params }) =>
    page(
      { table: world.books.charges, account: account.id, url: base, noun: 'charge' },
      params,
      ({ object }) =>
        isOrAny(params.payment_intent, object.payment_intent) &&
        isOrAny(params.customer, object.customer) &&
        within(object.created, params.created),
    ),
  ),
  route('GET', `${base}/:id`, nothing, ({ world, account, id }) => chargeOf(world, account.id, id).object),
];
