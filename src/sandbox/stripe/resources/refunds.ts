import { z } from 'zod';
import { type ApiError, invalid, missing, refused } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { created, integer, metadata, orUnset, paging, text } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';
import type { Row } from '../engine/table.js';
import type { World } from '../engine/world.js';
import type { Charge, ChargeNote } from '../objects/charge.js';
import type { Refund } from '../objects/refund.js';
import { mergeMetadata } from '../objects/shared.js';
import { refundCharge } from '../payments/refunding.js';
import { emit } from '../webhooks/emit.js';
import { chargeOf } from './charges.js';

const Create = z.strictObject({
  amount: integer.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: orUnset(metadata).optional(),
});
type Create = z.infer<typeof Create>;

const Update = z.strictObject({ metadata: metadata.optional() });

const List = z.strictObject({
  ...paging,
  created: created.optional(),
  charge: text.optional(),
  payment_intent: text.optional(),
});

function create({ world, account, cause, params }: Call<Create>): Refund {
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
  { charge, payment_intent }: Create,
): Row<Charge, ChargeNote> {
  if (charge !== undefined && payment_intent !== undefined) {
    throw invalid('You may only specify one of these parameters: charge, payment_intent.', 'payment_intent');
  }
  if (charge !== undefined) return chargeOf(world, account, charge);
  if (payment_intent === undefined) throw oneOf();
  const intent = world.books.paymentIntents.get(account, payment_intent);
  if (!intent) throw missing('payment_intent', payment_intent, 'payment_intent');
  const { latest_charge, status } = intent.object;
  if (status !== 'succeeded' || latest_charge === null) throw noCharge(payment_intent);
  return chargeOf(world, account, latest_charge);
}

function oneOf(): ApiError {
  return invalid(
    'One of the following params should be provided for this request: payment_intent or charge.',
  );
}

function noCharge(intent: string): ApiError {
  return refused(`This PaymentIntent (${intent}) does not have a successful charge to refund.`);
}

/** @throws ApiError 404 */
function refundOf(world: World, account: string, id: string): Row<Refund, null> {
  const found = world.books.refunds.get(account, id);
  if (!found) throw missing('refund', id);
  return found;
}

function update({ world, account, cause, params, id }: Call<z.infer<typeof Update>>): Refund {
  const row = refundOf(world, account.id, id);
  const { metadata: before } = row.object;
  const after = { ...row.object, metadata: mergeMetadata(before, params.metadata) };
  emit(world, cause, 'refund.updated', after, { metadata: before });
  return world.books.refunds.replace(row, after).object;
}

/** Cards never ask the customer for anything, so there is nothing that could be cancelled by API. */
function cancel({ world, account, id }: Call<unknown>): never {
  const { status } = refundOf(world, account.id, id).object;
  throw refused(
    `You cannot cancel this Refund because it has a status of ${status}. Only a Refund with the following status may be canceled: requires_action.`,
  );
}

const base = '/v1/refunds';

export const refundRoutes = [
  route('POST', base, Create, create),
  route('GET', base, List, ({ world, account, params }) =>
    page(
      { table: world.books.refunds, account: account.id, url: base, noun: 'refund' },
      params,
      ({ object }) =>
        isOrAny(params.charge, object.charge) &&
        isOrAny(params.payment_intent, object.payment_intent) &&
        within(object.created, params.created),
    ),
  ),
  route('GET', `${base}/:id`, nothing, ({ world, account, id }) => refundOf(world, account.id, id).object),
  route('POST', `${base}/:id`, Update, update),
  route('POST', `${base}/:id/cancel`, nothing, cancel),
];
