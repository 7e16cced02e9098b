import { z } from 'zod';
import { invalid, missing, refused } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { created, integer, metadata, orUnset, paging, text } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';
import type { Row } from '../engine/table.js';
import type { World } from '../engine/world.js';
import type { Charge, ChargeNote } from '../objects/charge.js';
import type { Refund } from '../objects/refund.js';
import { mergeMetadata } from '../objects/shared.js';
import { refundCharge } from '../payments/refunding.js';

const ListCharges = z.strictObject({
  ...paging,
  created: created.optional(),
  customer: text.optional(),
  payment_intent: text.optional(),
});
const CreateRefund = z.strictObject({
  amount: integer.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: orUnset(metadata).optional(),
});
const ListRefunds = z.strictObject({
  ...paging,
  created: created.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
});

/** @throws ApiError 404 */
function chargeOf(world: World, account: string, id: string): Row<Charge, ChargeNote> {
  const found = world.books.charges.get(account, id);
  if (!found) throw missing('charge', id);
  return found;
}

function createRefund({ world, account, cause, params }: Call<z.infer<typeof CreateRefund>>): Refund {
  const { amount, reason = null } = params;
  const charge = chargeToRefund(world, account.id, params);
  return refundCharge(world, cause, charge, {
    amount,
    reason,
    metadata: mergeMetadata({}, params.metadata ?? {}),
  });
}

function chargeToRefund(
  world: World,
  account: string,
  { charge, payment_intent }: z.infer<typeof CreateRefund>,
): Row<Charge, ChargeNote> {
  if (charge !== undefined) return chargeOf(world, account, charge);
  if (payment_intent === undefined) throw oneOf();
  const intent = world.books.paymentIntents.get(account, payment_intent);
  if (!intent) throw missing('payment_intent', payment_intent, 'payment_intent');
  const { latest_charge, status } = intent.object;
  if (status !== 'succeeded' || latest_charge === null) throw noCharge(payment_intent);
  return chargeOf(world, account, latest_charge);
}

function oneOf() {
  return invalid(
    'One of the following params should be provided for this request: payment_intent or charge.',
  );
}

function noCharge(intent: string) {
  return refused(`This PaymentIntent (${intent}) does not have a successful charge to refund.`);
}

/** @throws ApiError 404 */
function refundOf(world: World, account: string, id: string): Row<Refund, null> {
  const found = world.books.refunds.get(account, id);
  if (!found) throw missing('refund', id);
  return found;
}

export const chargeRoutes = [
  route('GET', '/v1/charges', ListCharges, ({ world, account, params }) =>
    page(
      { table: world.books.charges, account: account.id, url: '/v1/charges', noun: 'charge' },
      params,
      ({ object }) =>
        isOrAny(params.payment_intent, object.payment_intent) &&
        isOrAny(params.customer, object.customer) &&
        within(object.created, params.created),
    ),
  ),
  route(
    'GET',
    '/v1/charges/:id',
    nothing,
    ({ world, account, id }) => chargeOf(world, account.id, id).object,
  ),
];

export const refundRoutes = [
  route('POST', '/v1/refunds', CreateRefund, createRefund),
  route('GET', '/v1/refunds', ListRefunds, ({ world, account, params }) =>
    page(
      { table: world.books.refunds, account: account.id, url: '/v1/refunds', noun: 'refund' },
      params,
      ({ object }) =>
        isOrAny(params.charge, object.charge) &&
        isOrAny(params.payment_intent, object.payment_intent) &&
        within(object.created, params.created),
    ),
  ),
  route(
    'GET',
    '/v1/refunds/:id',
    nothing,
    ({ world, account, id }) => refundOf(world, account.id, id).object,
  ),
  route(
    'POST',
    '/v1/refunds/:id',
    z.strictObject({ metadata: metadata.optional() }),
    ({ world, account, params, id }) => {
      const row = refundOf(world, account.id, id);
      const after = { ...row.object, metadata: mergeMetadata(row.object.metadata, params.metadata) };
      return world.books.refunds.replace(row, after).object;
    },
  ),
];
