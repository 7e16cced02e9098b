import { z } from 'zod';
import { missing, refused } from '../api/errors.js';
import { isOrAny, page, within } from '../api/page.js';
import { created, flag, metadata, paging, text, url } from '../api/params.js';
import { type Call, route } from '../api/route.js';
import type { SetupIntent } from '../objects/setup-intent.js';
import { mergeMetadata } from '../objects/shared.js';
import { checkUsable, methodOf } from '../payments/saved-cards.js';
import { cancelSetup, confirmSetup, openSetup, type Setup, setupOf } from '../payments/setups.js';
import { redeem, tokenOf } from '../payments/tokens.js';

const confirmation = {
  confirmation_token: text.optional(),
  payment_method: text.optional(),
  return_url: url.optional(),
  use_stripe_sdk: flag.optional(),
};
const Confirm = z.strictObject(confirmation);
const Create = z.strictObject({
  ...confirmation,
  allowed_payment_method_types: z.array(text).optional(),
  automatic_payment_methods: z
    .strictObject({ enabled: flag, allow_redirects: z.enum(['always', 'never']).optional() })
    .optional(),
  confirm: flag.optional(),
  customer: text.optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  usage: z.enum(['off_session', 'on_session']).optional(),
});
const Cancel = z.strictObject({
  cancellation_reason: z.enum(['abandoned', 'duplicate', 'requested_by_customer']).optional(),
});
const List = z.strictObject({ ...paging, created: created.optional(), customer: text.optional() });

function create(call: Call<z.infer<typeof Create>>): SetupIntent {
  const { world, account, cause, params } = call;
  const { customer, payment_method, allowed_payment_method_types: allowed } = params;
  if (customer !== undefined && !world.books.customers.get(account.id, customer)) {
    throw missing('customer', customer, 'customer', 400);
  }
  const method = payment_method === undefined ? undefined : methodOf(world, account.id, payment_method);
  if (method) checkUsable(method, customer ?? null);
  const row = openSetup(
    world,
    cause,
    {
      allowed_payment_method_types: allowed ?? null,
      automatic_payment_methods: allowed
        ? null
        : (params.automatic_payment_methods ?? { enabled: true, allow_redirects: 'always' }),
      customer: customer ?? null,
      description: params.description ?? null,
      metadata: mergeMetadata({}, params.metadata),
      payment_method: method?.id ?? null,
      usage: params.usage ?? 'off_session',
    },
    { session: null, returnUrl: params.return_url ?? null },
  );
  if (!params.confirm) return row.object;
  const { payment_method: _, ...rest } = params;
  return confirmWith(call, row, rest);
}

function confirmWith(
  { world, account, cause }: Pick<Call<unknown>, 'world' | 'account' | 'cause'>,
  setup: Setup,
  { payment_method, confirmation_token, return_url }: z.infer<typeof Confirm>,
): SetupIntent {
  const token = confirmation_token === undefined ? undefined : tokenOf(world, account.id, confirmation_token);
  const returnUrl = return_url ?? token?.object.return_url ?? setup.note.returnUrl;
  const row = world.books.setupIntents.replace(setup, setup.object, { ...setup.note, returnUrl });
  const given = payment_method === undefined ? undefined : methodOf(world, account.id, payment_method);
  return confirmSetup(world, cause, row, token ? redeem(world, token, setup.id) : given);
}

function confirm(call: Call<z.infer<typeof Confirm>>): SetupIntent {
  const setup = setupOf(call.world, call.account.id, call.id);
  checkNotOwned(setup);
  return confirmWith(call, setup, call.params);
}

function cancel({ world, account, cause, params, id }: Call<z.infer<typeof Cancel>>): SetupIntent {
  const setup = setupOf(world, account.id, id);
  checkNotOwned(setup);
  return cancelSetup(world, cause, setup, params.cancellation_reason ?? null);
}

function checkNotOwned({ object, note }: Setup): void {
  if (note.session === null) return;
  throw refused(
    `This SetupIntent was created by a Checkout Session. Expire the Checkout Session ${note.session} instead.`,
    'setup_intent_unexpected_state',
    { setup_intent: object },
  );
}

const base = '/v1/setup_intents';

export const setupIntentRoutes = [
  route('POST', base, Create, create),
  route('GET', base, List, ({ world, account, params }) =>
    page(
      { table: world.books.setupIntents, account: account.id, url: base, noun: 'setup_intent' },
      params,
      ({ object }) => isOrAny(params.customer, object.customer) && within(object.created, params.created),
    ),
  ),
  route(
    'GET',
    `${base}/:id`,
    z.strictObject({ client_secret: text.optional() }),
    ({ world, account, id }) => setupOf(world, account.id, id).object,
  ),
  route('POST', `${base}/:id/confirm`, Confirm, confirm),
  route('POST', `${base}/:id/cancel`, Cancel, cancel),
];
