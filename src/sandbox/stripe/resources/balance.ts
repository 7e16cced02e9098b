import { z } from 'zod';
import { missing } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { created, paging, text } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';

const ListTransactions = z.strictObject({
  ...paging,
  created: created.optional(),
  currency: text.optional(),
  payout: text.optional(),
  source: text.optional(),
  type: text.optional(),
});
const ListPayouts = z.strictObject({
  ...paging,
  arrival_date: created.optional(),
  created: created.optional(),
  destination: text.optional(),
  status: text.optional(),
});

function balance({ world, account }: Call<unknown>): object {
  const sums = new Map<string, { available: number; pending: number }>();
  sums.set(account.object.default_currency, { available: 0, pending: 0 });
  for (const { object } of world.books.balanceTransactions.walk(account.id, undefined, 1)) {
    const sum = sums.get(object.currency) ?? { available: 0, pending: 0 };
    sum[object.status] += object.net;
    sums.set(object.currency, sum);
  }
  const side = (name: 'available' | 'pending') =>
    Array.from(sums, ([currency, sum]) => ({
      amount: sum[name],
      currency,
      source_types: { card: sum[name] },
    }));
  return { object: 'balance', available: side('available'), livemode: false, pending: side('pending') };
}

function transactions({ world, account, params }: Call<z.infer<typeof ListTransactions>>): object {
  const { payout } = params;
  if (payout !== undefined && !world.books.payouts.get(account.id, payout)) {
    throw missing('payout', payout, 'payout', 400);
  }
  return page(
    {
      table: world.books.balanceTransactions,
      account: account.id,
      url: '/v1/balance_transactions',
      noun: 'balance_transaction',
    },
    params,
    ({ object, note }) =>
      isOrAny(payout, note.payout) &&
      isOrAny(params.source, object.source) &&
      isOrAny(params.type, object.type) &&
      isOrAny(params.currency, object.currency) &&
      within(object.created, params.created),
  );
}

export const balanceRoutes = [
  route('GET', '/v1/balance', nothing, balance),
  route('GET', '/v1/balance_transactions', ListTransactions, transactions),
  route('GET', '/v1/balance_transactions/:id', nothing, ({ world, account, id }) => {
    const found = world.books.balanceTransactions.get(account.id, id);
    if (!found) throw missing('balance_transaction', id);
    return found.object;
  }),
  route('GET', '/v1/payouts', ListPayouts, ({ world, account, params }) =>
    page(
      { table: world.books.payouts, account: account.id, url: '/v1/payouts', noun: 'payout' },
      params,
      ({ object }) =>
        isOrAny(params.status, object.status) &&
        isOrAny(params.destination, object.destination) &&
        within(object.arrival_date, params.arrival_date) &&
        within(object.created, params.created),
    ),
  ),
  route('GET', '/v1/payouts/:id', nothing, ({ world, account, id }) => {
    const found = world.books.payouts.get(account.id, id);
    if (!found) throw missing('payout', id);
    return found.object;
  }),
];
