import { z } from 'zod';
import { invalid, missing } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { text } from '../api/params.js';
import { type Call, route } from '../api/route.js';
import type { World } from '../engine/world.js';
import {
  cardOptionsBlank,
  type IntentTerms,
  type PaymentIntent,
  termsBlank,
} from '../objects/payment-intent.js';
import { mergeMetadata, shippingOf } from '../objects/shared.js';
import { checkAmount } from '../payments/amounts.js';
import {
  cancelIntent,
  checkNotOwned,
  confirmIntent,
  type Intent,
  intentOf,
  openIntent,
  unexpectedState,
} from '../payments/intents.js';
import { checkUsable, methodOf } from '../payments/saved-cards.js';
import { redeem, tokenOf } from '../payments/tokens.js';
import { Cancel, Confirm, Create, List, type Said, Update } from './payment-intent-params.js';

function create(call: Call<Create>): PaymentIntent {
  const { world, cause, params } = call;
  checkTogether(params);
  checkDescriptors(params);
  const intent = openIntent(world, cause, termsOf(call), {
    session: null,
    moto: params.payment_method_options?.card?.moto ?? false,
    returnUrl: params.return_url ?? null,
  });
  if (!params.confirm) return intent.object;
  const { payment_method: _, ...confirmation } = params;
  return confirmWith(world, call, intent, confirmation);
}

function checkTogether(params: Create): void {
  if (params.capture_method === 'manual')
    throw invalid('The sandbox captures automatically only.', 'capture_method');
  if (params.confirmation_method === 'manual') {
    throw invalid('The sandbox knows automatic confirmation only.', 'confirmation_method');
  }
  if (params.allowed_payment_method_types && params.automatic_payment_methods) {
    throw invalid(
      'You may only specify one of these parameters: allowed_payment_method_types, automatic_payment_methods.',
      'automatic_payment_methods',
    );
  }
  if (params.confirm) return;
  for (const name of [
    'error_on_requires_action',
    'off_session',
    'confirmation_token',
    'return_url',
  ] as const) {
    if (params[name] !== undefined && params[name] !== false) {
      throw invalid(`You can only use \`${name}\` when \`confirm\` is true.`, name);
    }
  }
}

function checkDescriptors(
  params: Pick<Create, 'statement_descriptor' | 'statement_descriptor_suffix'>,
): void {
  if (params.statement_descriptor !== undefined) {
    throw invalid(
      'The `statement_descriptor` parameter is not supported for `card` payment methods. Use `statement_descriptor_suffix` instead.',
      'statement_descriptor',
    );
  }
  const suffix = params.statement_descriptor_suffix;
  if (suffix !== undefined && (suffix.length > 22 || /[<>\\'"*]/.test(suffix))) {
    throw invalid(
      'The statement descriptor suffix must be at most 22 characters without < > \\ \' " *.',
      'statement_descriptor_suffix',
    );
  }
}

function termsOf({ world, account, params }: Call<Create>): IntentTerms {
  const {
    customer,
    payment_method,
    allowed_payment_method_types: allowed,
    automatic_payment_methods,
  } = params;
  if (customer !== undefined && !world.books.customers.get(account.id, customer)) {
    throw missing('customer', customer, 'customer', 400);
  }
  const types = allowed === undefined ? undefined : allowed.filter((type) => type === 'card');
  if (types?.length === 0)
    throw invalid('No valid payment method types for this Payment Intent.', 'allowed_payment_method_types');
  const method = payment_method === undefined ? undefined : methodOf(world, account.id, payment_method);
  if (method) checkUsable(method, customer ?? null);
  return {
    ...termsBlank,
    amount: params.amount,
    currency: params.currency,
    allowed_payment_method_types: types ?? null,
    automatic_payment_methods: automaticOf(types, automatic_payment_methods),
    capture_method: params.capture_method === 'automatic' ? 'automatic' : 'automatic_async',
    customer: customer ?? null,
    payment_method: method?.id ?? null,
    setup_future_usage: params.setup_future_usage ?? null,
    metadata: mergeMetadata({}, params.metadata),
    ...said(params),
  };
}

/** Without a word about types, the account's own settings apply: all of them, redirects included. */
function automaticOf(types: readonly string[] | undefined, given: Create['automatic_payment_methods']) {
  if (types) return null;
  if (!given) return { enabled: true, allow_redirects: 'always' as const };
  return given.enabled
    ? { enabled: true, allow_redirects: given.allow_redirects ?? ('always' as const) }
    : given;
}

/** What was said about an intent, and nothing about what was not. */
function said(params: Said): Partial<IntentTerms> {
  const {
    description,
    receipt_email,
    shipping: to,
    statement_descriptor_suffix,
    payment_method_options,
  } = params;
  const secure = payment_method_options?.card?.request_three_d_secure;
  return {
    ...(description !== undefined && { description: description === '' ? null : description }),
    ...(receipt_email !== undefined && { receipt_email }),
    ...(to !== undefined && { shipping: to && shippingOf(to) }),
    ...(statement_descriptor_suffix !== undefined && { statement_descriptor_suffix }),
    ...(secure !== undefined && {
      payment_method_options: { card: { ...cardOptionsBlank, request_three_d_secure: secure } },
    }),
  };
}

function confirmWith(
  world: World,
  { account, cause }: Pick<Call<unknown>, 'account' | 'cause'>,
  intent: Intent,
  params: Omit<Confirm, 'capture_method'>,
): PaymentIntent {
  const {
    off_session = false,
    error_on_requires_action = false,
    payment_method,
    confirmation_token,
  } = params;
  const options = params.payment_method_options?.card;
  const token = confirmation_token === undefined ? undefined : tokenOf(world, account.id, confirmation_token);
  const usage = params.setup_future_usage ?? token?.object.setup_future_usage;
  const method = () => {
    if (token) return redeem(world, token, intent.id);
    return payment_method === undefined ? undefined : methodOf(world, account.id, payment_method);
  };
  return confirmIntent(world, cause, intent, {
    circumstances: {
      offSession: off_session,
      errorOnRequiresAction: error_on_requires_action,
      authenticated: false,
      moto: options?.moto ?? intent.note.moto,
      requestThreeDSecure:
        options?.request_three_d_secure ?? intent.object.payment_method_options.card.request_three_d_secure,
    },
    method,
    returnUrl: params.return_url ?? token?.object.return_url ?? null,
    changes: { ...said(params), ...(usage !== undefined && { setup_future_usage: usage }) },
  });
}

function confirm(call: Call<Confirm>): PaymentIntent {
  const intent = intentOf(call.world, call.account.id, call.id);
  checkNotOwned(intent, 'confirm');
  return confirmWith(call.world, call, intent, call.params);
}

function update({ world, account, params, id }: Call<Update>): PaymentIntent {
  const intent = intentOf(world, account.id, id);
  checkDescriptors(params);
  const { amount, currency: code, customer, payment_method, setup_future_usage: usage } = params;
  const onTerms = [amount, code, customer, payment_method, usage].some((each) => each !== undefined);
  if (onTerms) checkNotOwned(intent, 'update');
  const { status } = intent.object;
  if (onTerms && (status === 'succeeded' || status === 'canceled'))
    throw unexpectedState('update', intent.object);
  if (customer !== undefined && !world.books.customers.get(account.id, customer)) {
    throw missing('customer', customer, 'customer', 400);
  }
  checkAmount(amount ?? intent.object.amount, code ?? intent.object.currency);
  const method = payment_method === undefined ? undefined : methodOf(world, account.id, payment_method);
  if (method) checkUsable(method, customer ?? intent.object.customer);
  const after: PaymentIntent = {
    ...intent.object,
    ...said(params),
    ...(amount !== undefined && { amount }),
    ...(code !== undefined && { currency: code }),
    ...(customer !== undefined && { customer }),
    ...(usage !== undefined && { setup_future_usage: usage }),
    ...(method && { payment_method: method.id, status: 'requires_confirmation' as const, next_action: null }),
    metadata: mergeMetadata(intent.object.metadata, params.metadata),
  };
  world.books.paymentIntents.replace(intent, after);
  return after;
}

function cancel({ world, account, cause, params, id }: Call<Cancel>): PaymentIntent {
  const intent = intentOf(world, account.id, id);
  checkNotOwned(intent, 'cancel');
  return cancelIntent(world, cause, intent, params.cancellation_reason ?? null);
}

const base = '/v1/payment_intents';

export const paymentIntentRoutes = [
  route('POST', base, Create, create),
  route('GET', base, List, ({ world, account, params }) =>
    page(
      { table: world.books.paymentIntents, account: account.id, url: base, noun: 'payment_intent' },
      params,
      ({ object }) => isOrAny(params.customer, object.customer) && within(object.created, params.created),
    ),
  ),
  route(
    'GET',
    `${base}/:id`,
    z.strictObject({ client_secret: text.optional() }),
    ({ world, account, id }) => intentOf(world, account.id, id).object,
  ),
  route('POST', `${base}/:id`, Update, update),
  route('POST', `${base}/:id/confirm`, Confirm, confirm),
  route('POST', `${base}/:id/cancel`, Cancel, cancel),
];
