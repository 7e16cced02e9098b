import { z } from 'zod';
import { missing } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { created, paging, text } from '../api/params.js';
import { nothing, route } from '../api/route.js';

const List = z.strictObject({
  ...paging,
  charge: text.optional(),
  created: created.optional(),
  payment_intent: text.optional(),
});

const base = '/v1/radar/early_fraud_warnings';

export const earlyFraudWarningRoutes = [
  route('GET', base, List, ({ world, account, params }) =>
    page(
      { table: world.books.fraudWarnings, account: account.id, url: base, noun: 'early_fraud_warning' },
      params,
      ({ object }) =>
        isOrAny(params.charge, object.charge) &&
        isOrAny(params.payment_intent, object.payment_intent) &&
        within(object.created, params.created),
    ),
  ),
  route('GET', `${base}/:id`, nothing, ({ world, account, id }) => {
    const found = world.books.fraudWarnings.get(account.id, id);
    if (!found) throw missing('early_fraud_warning', id);
    return found.object;
  }),
];
