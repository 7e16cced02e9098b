import { z } from 'zod';
import { ApiError, missing } from '../api/errors.js';
import { isOrAny, page } from '../api/page.js';
import { address, email, metadata, orUnset, paging, text } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';
import type { World } from '../engine/world.js';
import type { PaymentMethod } from '../objects/payment-method.js';
import { addressOf, type BillingDetails, type List, mergeMetadata, nobody } from '../objects/shared.js';
import { attach, detach, expiryOf, makeMethod, methodOf } from '../payments/saved-cards.js';
import { cardNamed } from '../payments/test-cards.js';
import { customerOf } from './customers.js';

export const Billing = z.strictObject({
  address: orUnset(address).optional(),
  email: orUnset(email).optional(),
  name: orUnset(text).optional(),
  phone: orUnset(text).optional(),
});

const Create = z.strictObject({
  type: z.literal('card'),
  card: z.strictObject({
    token: text.optional(),
    number: text.optional(),
    exp_month: text.optional(),
    exp_year: text.optional(),
    cvc: text.optional(),
  }),
  billing_details: Billing.optional(),
  metadata: metadata.optional(),
});
const listed = { ...paging, type: text.optional() };
const OfAnybody = z.strictObject({ ...listed, customer: text.optional() });
const OfCustomer = z.strictObject(listed);

export function billingOf(given: z.infer<typeof Billing> | undefined): BillingDetails {
  const { address: at, email: mail = null, name = null, phone = null } = given ?? {};
  return { ...nobody, address: addressOf(at ?? {}), email: mail, name, phone };
}

function create({ world, account, params }: Call<z.infer<typeof Create>>): PaymentMethod {
  const { number, token } = params.card;
  if (number !== undefined) {
    const message =
      'Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing.';
    throw new ApiError(402, { type: 'invalid_request_error', message });
  }
  const card = cardNamed(/^tok_(.+)$/.exec(token ?? '')?.[1] ?? '');
  if (!card) throw missing('token', token ?? '', 'card[token]', 400);
  const billing = billingOf(params.billing_details);
  return makeMethod(world, account.id, card, billing, expiryOf(world), mergeMetadata({}, params.metadata))
    .object;
}

function list(
  world: World,
  account: string,
  url: string,
  params: z.infer<typeof OfAnybody>,
): List<PaymentMethod> {
  return page(
    { table: world.books.paymentMethods, account, url, noun: 'PaymentMethod' },
    params,
    ({ object }) =>
      object.customer !== null &&
      isOrAny(params.customer, object.customer) &&
      isOrAny(params.type, object.type),
  );
}

const base = '/v1/payment_methods';
const ofCustomer = '/v1/customers/:id/payment_methods';

export const paymentMethodRoutes = [
  route('POST', base, Create, create),
  route('GET', base, OfAnybody, ({ world, account, params }) => list(world, account.id, base, params)),
  route('GET', `${base}/:id`, nothing, ({ world, account, id }) => {
    if (!id.startsWith('pm_card_') && !world.books.paymentMethods.get(account.id, id))
      throw missing('PaymentMethod', id);
    return methodOf(world, account.id, id).object;
  }),
  route(
    'POST',
    `${base}/:id/attach`,
    z.strictObject({ customer: text }),
    ({ world, account, cause, params, id }) => {
      customerOf(world, account.id, params.customer);
      return attach(world, cause, methodOf(world, account.id, id), params.customer);
    },
  ),
  route('POST', `${base}/:id/detach`, nothing, ({ world, account, cause, id }) =>
    detach(world, cause, methodOf(world, account.id, id)),
  ),
  route('GET', ofCustomer, OfCustomer, ({ world, account, params, id }) => {
    customerOf(world, account.id, id);
    return list(world, account.id, `/v1/customers/${id}/payment_methods`, { ...params, customer: id });
  }),
  route('GET', `${ofCustomer}/:method`, nothing, ({ world, account, id, subId }) => {
    const found = world.books.paymentMethods.get(account.id, subId)?.object;
    if (found?.customer !== id) throw missing('PaymentMethod', subId);
    return found;
  }),
];
