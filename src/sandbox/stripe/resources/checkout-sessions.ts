import { z } from 'zod';
import { invalid, missing } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { created, currency, email, flag, integer, metadata, paging, text, url } from '../api/params.js';
import { type Call, nothing, route } from '../api/route.js';
import type { World } from '../engine/world.js';
import {
  type CheckoutSession,
  type IntentData,
  type LineItem,
  newSession,
  type SessionTerms,
} from '../objects/checkout-session.js';
import { newLineItem } from '../objects/line-item.js';
import { listOf, mergeMetadata } from '../objects/shared.js';
import { checkAmount } from '../payments/amounts.js';
import { expireSession, type Session } from '../payments/sessions.js';
import { openSetup } from '../payments/setups.js';

const off = z.strictObject({ enabled: z.literal('false').transform(() => false) }).optional();

const PriceData = z.strictObject({
  currency,
  unit_amount: integer,
  product_data: z.strictObject({
    name: text,
    description: text.optional(),
    images: z.array(url).optional(),
    metadata: metadata.optional(),
  }),
});
const Create = z.strictObject({
  adaptive_pricing: z.strictObject({ enabled: flag }).optional(),
  allow_promotion_codes: z
    .literal('false')
    .transform(() => false)
    .optional(),
  allowed_payment_method_types: z.array(text).optional(),
  automatic_tax: off,
  billing_address_collection: z.enum(['auto', 'required']).optional(),
  cancel_url: url.optional(),
  client_reference_id: text.max(200).optional(),
  currency: currency.optional(),
  customer: text.optional(),
  customer_creation: z.enum(['always', 'if_required']).optional(),
  customer_email: email.optional(),
  expires_at: integer.optional(),
  invoice_creation: off,
  line_items: z
    .array(z.strictObject({ price_data: PriceData, quantity: integer.optional() }))
    .max(100)
    .optional(),
  locale: text.optional(),
  metadata: metadata.optional(),
  mode: z.enum(['payment', 'setup']),
  payment_intent_data: z
    .strictObject({
      capture_method: z.enum(['automatic', 'automatic_async']).optional(),
      description: text.optional(),
      metadata: metadata.optional(),
      receipt_email: email.optional(),
      setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
      statement_descriptor_suffix: text.max(22).optional(),
    })
    .optional(),
  phone_number_collection: off,
  setup_intent_data: z
    .strictObject({ description: text.optional(), metadata: metadata.optional() })
    .optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay']).optional(),
  success_url: z.string(),
  ui_mode: z.literal('hosted_page').optional(),
});
const List = z.strictObject({
  ...paging,
  created: created.optional(),
  customer: text.optional(),
  payment_intent: text.optional(),
  status: z.enum(['open', 'complete', 'expired']).optional(),
});

type Params = z.infer<typeof Create>;

const shortestSeconds = 30 * 60;
const longestSeconds = 24 * 3600;

function create({ world, account, cause, params }: Call<Params>): CheckoutSession {
  const { ids, clock, books, jobs, baseUrl } = world;
  checkWhole(world, account.id, params);
  const lineItems = linesOf(world, params);
  const id = ids.next('checkout_session');
  const opened = newSession(id, clock.seconds, `${baseUrl()}/c/pay/${id}`, termsOf(world, params, lineItems));
  const setup_intent = params.mode === 'setup' ? setupFor(world, cause, id, params) : null;
  const session: CheckoutSession = { ...opened, setup_intent };
  books.sessions.add(account.id, id, session, { lineItems, intentData: intentDataOf(params), tries: {} });
  jobs.schedule('expire_session', account.id, id, session.expires_at * 1000);
  return session;
}

function checkWhole(world: World, account: string, params: Params): void {
  const { mode, line_items, customer, customer_email, success_url } = params;
  if (mode === 'payment' && !line_items?.length) {
    throw invalid(
      'You must provide `line_items` when `mode` is `payment`.',
      'line_items',
      'parameter_missing',
    );
  }
  if (mode === 'setup' && line_items)
    throw invalid('You can not pass `line_items` in `setup` mode.', 'line_items');
  if (mode === 'setup' && params.payment_intent_data) {
    throw invalid('You can not pass `payment_intent_data` in `setup` mode.', 'payment_intent_data');
  }
  if (customer !== undefined && customer_email !== undefined) {
    throw invalid(
      'You may only specify one of these parameters: customer, customer_email.',
      'customer_email',
    );
  }
  if (customer !== undefined && !world.books.customers.get(account, customer)) {
    throw missing('customer', customer, 'customer', 400);
  }
  const plain = success_url.replaceAll('{CHECKOUT_SESSION_ID}', 'cs');
  if (!URL.canParse(plain)) throw invalid('Not a valid URL', 'success_url', 'url_invalid');
  const { allowed_payment_method_types: allowed } = params;
  if (allowed && !allowed.includes('card')) {
    throw invalid('No valid payment method types for this Checkout Session.', 'allowed_payment_method_types');
  }
}

function linesOf({ ids, clock }: World, { line_items = [] }: Params): LineItem[] {
  const [first] = line_items;
  return line_items.map(({ price_data, quantity = 1 }, at) => {
    if (price_data.currency !== first?.price_data.currency) {
      throw invalid('All prices in `line_items` must have the same currency.', 'line_items');
    }
    if (quantity < 1)
      throw invalid('This value must be greater than or equal to 1.', `line_items[${at}][quantity]`);
    if (price_data.unit_amount < 0)
      throw invalid('Invalid non-negative integer', `line_items[${at}][price_data][unit_amount]`);
    return newLineItem({
      id: ids.next('line_item'),
      price: ids.next('price'),
      product: ids.next('product'),
      name: price_data.product_data.name,
      currency: price_data.currency,
      unitAmount: price_data.unit_amount,
      quantity,
      created: clock.seconds,
    });
  });
}

function termsOf({ clock }: World, params: Params, lines: readonly LineItem[]): SessionTerms {
  const paying = params.mode === 'payment';
  const total = lines.reduce((sum, line) => sum + line.amount_total, 0);
  const code = params.line_items?.[0]?.price_data.currency ?? params.currency ?? null;
  if (paying) checkAmount(total, code ?? '', 'line_items');
  return {
    adaptive_pricing: paying ? (params.adaptive_pricing ?? { enabled: false }) : null,
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    allowed_payment_method_types:
      params.allowed_payment_method_types?.filter((type) => type === 'card') ?? null,
    amount_subtotal: paying ? total : null,
    amount_total: paying ? total : null,
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    currency: code,
    customer: params.customer ?? null,
    customer_creation: paying ? (params.customer_creation ?? 'if_required') : null,
    customer_email: params.customer_email ?? null,
    expires_at: expiryOf(clock.seconds, params.expires_at),
    locale: params.locale ?? null,
    metadata: mergeMetadata({}, params.metadata),
    mode: params.mode,
    submit_type: params.submit_type ?? null,
    success_url: params.success_url,
  };
}

function expiryOf(now: number, asked: number | undefined): number {
  if (asked === undefined) return now + longestSeconds;
  if (asked < now + shortestSeconds) {
    throw invalid(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      'expires_at',
    );
  }
  if (asked > now + longestSeconds) {
    throw invalid(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      'expires_at',
    );
  }
  return asked;
}

function intentDataOf({ payment_intent_data: data = {} }: Params): IntentData {
  return {
    capture_method: data.capture_method ?? 'automatic_async',
    description: data.description ?? null,
    metadata: mergeMetadata({}, data.metadata),
    receipt_email: data.receipt_email ?? null,
    setup_future_usage: data.setup_future_usage ?? null,
    statement_descriptor_suffix: data.statement_descriptor_suffix ?? null,
  };
}

function setupFor(world: World, cause: Call<Params>['cause'], session: string, params: Params): string {
  const data = params.setup_intent_data ?? {};
  const row = openSetup(
    world,
    cause,
    {
      allowed_payment_method_types:
        params.allowed_payment_method_types?.filter((type) => type === 'card') ?? null,
      automatic_payment_methods: null,
      customer: params.customer ?? null,
      description: data.description ?? null,
      metadata: mergeMetadata({}, data.metadata),
      payment_method: null,
      usage: 'off_session',
    },
    { session, returnUrl: `${world.baseUrl()}/c/pay/${session}` },
  );
  return row.id;
}

/** @throws ApiError 404 */
function sessionOf(world: World, account: string, id: string): Session {
  const found = world.books.sessions.get(account, id);
  if (!found) throw missing('checkout.session', id, 'session');
  return found;
}

const base = '/v1/checkout/sessions';

export const checkoutSessionRoutes = [
  route('POST', base, Create, create),
  route('GET', base, List, ({ world, account, params }) =>
    page(
      { table: world.books.sessions, account: account.id, url: base, noun: 'checkout.session' },
      params,
      ({ object }) =>
        isOrAny(params.payment_intent, object.payment_intent) &&
        isOrAny(params.customer, object.customer) &&
        isOrAny(params.status, object.status) &&
        within(object.created, params.created),
    ),
  ),
  route('GET', `${base}/:id`, nothing, ({ world, account, id }) => sessionOf(world, account.id, id).object),
  route('GET', `${base}/:id/line_items`, z.strictObject(paging), ({ world, account, params, id }) => {
    const { lineItems } = sessionOf(world, account.id, id).note;
    const from = params.starting_after
      ? lineItems.findIndex((line) => line.id === params.starting_after) + 1
      : 0;
    const to = from + (params.limit ?? 10);
    return listOf(lineItems.slice(from, to), `${base}/${id}/line_items`, lineItems.length > to);
  }),
  route('POST', `${base}/:id/expire`, nothing, ({ world, account, cause, id }) =>
    expireSession(world, cause, sessionOf(world, account.id, id)),
  ),
];
