import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import Stripe from 'stripe';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import { testCards } from '../../src/sandbox/stripe/payments/test-cards.js';
import {
  assertStripeObject,
  assertStripeParams,
  missingFromFixture,
  schemaOrigin,
} from '../support/stripe-schema.js';
import {
  aClient,
  anOwner,
  aSandbox,
  eventually,
  failure,
  goodCard,
  lamps,
  misshapen,
  platformKey,
  submit,
  tea,
} from './stripe/a-stripe-sandbox.js';

let sandbox: StripeSandbox;
let stripe: Stripe;
let owner: ReturnType<typeof anOwner>;

beforeAll(async () => {
  sandbox = await aSandbox();
  stripe = aClient(sandbox);
  owner = anOwner(sandbox);
});
afterEach(() => expect(misshapen.splice(0)).toEqual([]));
afterAll(() => sandbox.close());

const order = { amount: 12_000, currency: 'usd', allowed_payment_method_types: ['card' as const] };
const charge = (card: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({ ...order, payment_method: `pm_card_${card}`, ...more });

test('the schema is of the SDK that is installed', () => {
  const { version } = JSON.parse(readFileSync('node_modules/stripe/package.json', 'utf8')) as {
    version: string;
  };
  expect(schemaOrigin).toContain(`stripe@${version} `);
  expect(schemaOrigin).toContain(Stripe.API_VERSION);
});

describe('the shapes', () => {
  test('are those of Stripe’s own samples', async () => {
    const { id: customer } = await stripe.customers.create({});
    const intent = await charge('visa', { customer, confirm: true, capture_method: 'automatic' });
    const paid = await stripe.charges.retrieve(String(intent.latest_charge));
    const made = [
      intent,
      paid,
      await stripe.customers.retrieve(customer),
      await stripe.balanceTransactions.retrieve(String(paid.balance_transaction)),
      await stripe.paymentMethods.retrieve(String(intent.payment_method)),
      await stripe.refunds.create({ payment_intent: intent.id }),
      await stripe.setupIntents.create({}),
      await stripe.accounts.retrieveCurrent(),
      (await stripe.events.list()).data[0],
    ];
    const missing = made.flatMap((each) =>
      missingFromFixture(each as never).map((key) => `${each?.object}.${key}`),
    );
    // A charge's refunds are there when they are asked for.
    expect(missing).toEqual(['charge.refunds']);
  });

  test('are told apart from others that only look like them', async () => {
    const intent: unknown = JSON.parse(JSON.stringify(await charge('visa')));
    const mutated = (change: object) => () =>
      assertStripeObject('payment_intent', { ...(intent as object), ...change });
    expect(mutated({})).not.toThrow();
    for (const change of [
      { amount: '1' },
      { amount: 1.5 },
      { status: 'done' },
      { id: null },
      { colour: 'red' },
    ]) {
      expect(mutated(change)).toThrow('payment_intent');
    }
    expect(mutated({ currency: undefined })).toThrow('currency');
    expect(() =>
      assertStripeParams('payment_intent_create', { ...order, payment_method_types: ['card'] }),
    ).toThrow();
  });
});

describe('a card is charged in two steps', () => {
  test('nothing moves until it is confirmed; the fee follows', async () => {
    const params = {
      ...order,
      payment_method: 'pm_card_visa',
      metadata: { order_id: 'SO-1', charge_id: 'chg_1' },
      description: 'Order SO-1',
      statement_descriptor_suffix: 'SO-1',
    };
    assertStripeParams('payment_intent_create', params);
    const created = await stripe.paymentIntents.create(params, { idempotencyKey: 'chg_1:create' });
    expect(created).toMatchObject({
      status: 'requires_confirmation',
      amount_received: 0,
      latest_charge: null,
    });
    expect((await stripe.charges.list({ payment_intent: created.id })).data).toEqual([]);

    const confirmed = await stripe.paymentIntents.confirm(
      created.id,
      { error_on_requires_action: true, expand: ['latest_charge.balance_transaction'] },
      { idempotencyKey: 'chg_1:confirm:1' },
    );
    expect(confirmed).toMatchObject({
      status: 'succeeded',
      amount_received: 12_000,
      metadata: params.metadata,
    });
    const made = confirmed.latest_charge as Stripe.Charge;
    expect(made).toMatchObject({
      paid: true,
      captured: true,
      balance_transaction: null,
      metadata: params.metadata,
    });
    expect(made.payment_method_details?.card).toMatchObject({ brand: 'visa', last4: '4242' });

    const settled = await eventually(
      () => stripe.charges.retrieve(made.id, { expand: ['balance_transaction'] }),
      (seen) => seen.balance_transaction !== null,
    );
    expect(settled.balance_transaction).toMatchObject({
      amount: 12_000,
      fee: 378,
      net: 11_622,
      source: made.id,
    });
    const { data } = await stripe.events.list({ limit: 4 });
    expect(data.map(({ type }) => type)).toEqual([
      'charge.updated',
      'payment_intent.succeeded',
      'charge.succeeded',
      'payment_intent.created',
    ]);
    expect(data[1]?.request?.idempotency_key).toBe('chg_1:confirm:1');
    expect(data[0]?.request).toEqual({ id: null, idempotency_key: null });
  });

  test('an intent takes money once, and then is neither confirmed nor cancelled', async () => {
    const { id } = await charge('visa', { confirm: true });
    const again = await failure(stripe.paymentIntents.confirm(id));
    expect(again).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
    expect(again.payment_intent?.status).toBe('succeeded');
    expect((await failure(stripe.paymentIntents.cancel(id))).code).toBe('payment_intent_unexpected_state');
    expect((await stripe.charges.list({ payment_intent: id })).data).toHaveLength(1);
  });

  test('a cancelled intent can never be paid', async () => {
    const { id } = await charge('visa');
    const cancelled = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' });
    expect(cancelled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned' });
    expect((await failure(stripe.paymentIntents.confirm(id))).payment_intent?.status).toBe('canceled');
  });

  test('what is said about an intent can be said anew', async () => {
    const { id } = await charge('visa', { metadata: { a: '1', b: '2' } });
    const updated = await stripe.paymentIntents.update(id, {
      metadata: { a: '', c: '3' },
      description: 'Lamp',
    });
    expect(updated).toMatchObject({ metadata: { b: '2', c: '3' }, description: 'Lamp' });
  });

  test('without a payment method there is nothing to confirm', async () => {
    const { id } = await stripe.paymentIntents.create(order);
    expect((await failure(stripe.paymentIntents.confirm(id))).code).toBe('payment_intent_unexpected_state');
    expect(await stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_mastercard' })).toMatchObject({
      status: 'succeeded',
    });
  });
});

describe('the test cards', () => {
  const approved = testCards.filter(({ decline, authentication }) => !decline && authentication === 'never');
  const declined = testCards.filter(({ decline, authentication }) => decline && authentication === 'never');

  test.each(approved.map(({ name }) => name))('%s pays', async (name) => {
    expect(await charge(name, { confirm: true })).toMatchObject({ status: 'succeeded' });
  });

  test.each(declined.map(({ name, decline }) => [name, decline] as const))(
    '%s declines',
    async (name, decline) => {
      const error = await failure(charge(name, { confirm: true }));
      expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
      expect(error).toMatchObject({
        statusCode: 402,
        code: decline?.code,
        decline_code: decline?.decline_code,
        advice_code: decline?.advice_code,
      });
      const intent = await stripe.paymentIntents.retrieve(error.payment_intent?.id ?? '');
      expect(intent).toMatchObject({ status: 'requires_payment_method', payment_method: null });
      expect(intent.last_payment_error).toMatchObject({ code: decline?.code, charge: error.charge });
      expect(await stripe.charges.retrieve(error.charge ?? '')).toMatchObject({
        status: 'failed',
        paid: false,
      });
    },
  );

  test.each([
    ['authenticationRequired', {}, 'requires_action'],
    ['authenticationRequired', { off_session: true }, 'authentication_required'],
    ['authenticationRequired', { error_on_requires_action: true }, 'authentication_not_handled'],
    ['authenticationRequired', { payment_method_options: { card: { moto: true } } }, 'succeeded'],
    ['authenticationRequiredOnSetup', { off_session: true }, 'authentication_required'],
    ['authenticationRequiredSetupForOffSession', { off_session: true }, 'succeeded'],
    ['authenticationRequiredSetupForOffSession', {}, 'requires_action'],
    ['authenticationRequiredChargeDeclinedInsufficientFunds', {}, 'requires_action'],
  ] as const)('%s with %j: %s', async (name, more, outcome) => {
    const done = await charge(name, { confirm: true, return_url: 'http://shop.test/back', ...more }).then(
      ({ status }) => status,
      (error: Stripe.errors.StripeError) => error.decline_code,
    );
    expect(done).toBe(outcome);
  });

  test('some can be saved, some can not', async () => {
    const customer = await stripe.customers.create({ email: 'ada@example.test', name: 'Ada' });
    const refused = await failure(
      stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer: customer.id }),
    );
    expect(refused).toMatchObject({ statusCode: 402, decline_code: 'generic_decline' });
    const saved = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
    expect(await stripe.customers.listPaymentMethods(customer.id)).toMatchObject({
      data: [{ id: saved.id }],
    });
    const later = {
      ...order,
      customer: customer.id,
      payment_method: saved.id,
      confirm: true,
      off_session: true,
    };
    expect((await failure(stripe.paymentIntents.create(later))).decline_code).toBe('generic_decline');
  });

  test('a card that was used without a customer is used up', async () => {
    const { payment_method } = await charge('visa', { confirm: true });
    const again = stripe.paymentIntents.create({ ...order, payment_method: String(payment_method) });
    expect((await failure(again)).message).toMatch(/previously used/);
  });

  test('a saved card pays again without its owner', async () => {
    const { id: customer } = await stripe.customers.create({});
    const first = await charge('authenticationRequiredOnSetup', {
      customer,
      confirm: true,
      setup_future_usage: 'off_session',
      return_url: 'http://shop.test/back',
    });
    await fetch(first.next_action?.redirect_to_url?.url ?? '', {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'complete' }),
      redirect: 'manual',
    });
    const { data } = await stripe.paymentMethods.list({ customer, type: 'card' });
    const again = { ...order, customer, payment_method: data[0]?.id ?? '', confirm: true, off_session: true };
    expect(await stripe.paymentIntents.create(again)).toMatchObject({ status: 'succeeded' });
  });

  test('card numbers are not taken by the API', async () => {
    const card = { number: '4242424242424242', exp_month: 12, exp_year: 2034, cvc: '123' };
    expect((await failure(stripe.paymentMethods.create({ type: 'card', card }))).statusCode).toBe(402);
  });
});

describe('requests that make no sense', () => {
  test.each([
    ['an unknown parameter', { ...order, colour: 'red' }, 'parameter_unknown', 'colour'],
    [
      'a nested one',
      { ...order, payment_method_options: { card: { colour: 1 } } },
      'parameter_unknown',
      'payment_method_options[card][colour]',
    ],
    [
      'payment_method_types',
      { ...order, payment_method_types: ['card'] },
      'payment_method_types_no_longer_supported',
      'payment_method_types',
    ],
    ['no amount', { currency: 'usd' }, 'parameter_missing', 'amount'],
    ['a broken amount', { ...order, amount: 1.5 }, 'parameter_invalid_integer', 'amount'],
    ['too little', { ...order, amount: 49 }, 'amount_too_small', 'amount'],
    ['too much', { ...order, amount: 100_000_000 }, 'amount_too_large', 'amount'],
    ['too fine a dinar', { ...order, amount: 10_005, currency: 'kwd' }, 'invalid_charge_amount', 'amount'],
    [
      'a descriptor for a card',
      { ...order, statement_descriptor: 'LAMPS' },
      undefined,
      'statement_descriptor',
    ],
    ['confirming words without confirm', { ...order, off_session: true }, undefined, 'off_session'],
    ['a stranger', { ...order, customer: 'cus_nobody' }, 'resource_missing', 'customer'],
    [
      'no return address for redirects',
      { amount: 100, currency: 'usd', confirm: true, payment_method: 'pm_card_visa' },
      undefined,
      'return_url',
    ],
  ])('%s', async (_, params, code, param) => {
    const error = await failure(
      stripe.paymentIntents.create(params as unknown as Stripe.PaymentIntentCreateParams),
    );
    expect({ status: error.statusCode, code: error.code, param: error.param }).toEqual({
      status: 400,
      code,
      param,
    });
  });

  test('are told apart from requests without a right to ask', async () => {
    const unknown = await failure(aClient(sandbox, 'sk_test_nobodyknowsme').balance.retrieve());
    expect(unknown).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(unknown.message).not.toContain('nobodyknows');
    const foreign = await failure(aClient(sandbox, platformKey, 'acct_1DemoTea000000001').balance.retrieve());
    expect(foreign).toMatchObject({ statusCode: 403, code: 'account_invalid' });
  });

  test('unknown paths, other versions and JSON have Stripe’s envelope', async () => {
    const ask = (path: string, headers: Record<string, string> = {}, body?: string) =>
      fetch(`${sandbox.url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${lamps}`, ...headers },
        ...(body === undefined ? {} : { body }),
      });
    const lost = await ask('/v1/nothing');
    expect(lost.status).toBe(404);
    expect(await lost.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
    expect(lost.headers.get('request-id')).toMatch(/^req_/);
    expect((await ask('/v1/balance', { 'stripe-version': '2020-08-27' })).status).toBe(400);
    expect((await ask('/v1/customers', { 'content-type': 'application/json' }, '{}')).status).toBe(400);
    expect((await ask('/v1/payment_intents/pi_nothing')).status).toBe(404);
    expect((await fetch(`${sandbox.url}/v1/balance`)).status).toBe(401);
  });
});

describe('an idempotency key', () => {
  const params = { ...order, payment_method: 'pm_card_visa' };

  test('brings the first answer again, and does nothing twice', async () => {
    const first = await stripe.paymentIntents.create(params, { idempotencyKey: 'twice' });
    const second = await stripe.paymentIntents.create(params, { idempotencyKey: 'twice' });
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
    });
  });

  test('remembers declines too', async () => {
    const { id } = await charge('chargeDeclined');
    const first = await failure(stripe.paymentIntents.confirm(id, {}, { idempotencyKey: 'no' }));
    const second = await failure(stripe.paymentIntents.confirm(id, {}, { idempotencyKey: 'no' }));
    expect([second.statusCode, second.charge]).toEqual([402, first.charge]);
    expect((await stripe.charges.list({ payment_intent: id })).data).toHaveLength(1);
  });

  test('is for one call: other parameters or another endpoint are an error', async () => {
    const { id } = await stripe.paymentIntents.create(params, { idempotencyKey: 'one' });
    const other = await failure(
      stripe.paymentIntents.create({ ...params, amount: 1 }, { idempotencyKey: 'one' }),
    );
    expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(other.statusCode).toBe(400);
    const elsewhere = await failure(stripe.paymentIntents.confirm(id, {}, { idempotencyKey: 'one' }));
    expect(elsewhere.type).toBe('StripeIdempotencyError');
  });

  test('does not remember what was never begun', async () => {
    await failure(stripe.paymentIntents.create({ ...params, amount: 1 }, { idempotencyKey: 'never' }));
    expect(await stripe.paymentIntents.create(params, { idempotencyKey: 'never' })).toMatchObject({
      amount: 12_000,
    });
  });

  test('belongs to its account, and is forgotten after a day', async () => {
    const ours = await stripe.paymentIntents.create(params, { idempotencyKey: 'day' });
    const theirs = await aClient(sandbox, lamps).paymentIntents.create(params, { idempotencyKey: 'day' });
    expect(theirs.id).not.toBe(ours.id);
    await owner.advance(86_400);
    const later = await stripe.paymentIntents.create(params, { idempotencyKey: 'day' });
    expect(later.id).not.toBe(ours.id);
  });

  test('that is being worked on is in use', async () => {
    await owner.fault({ kind: 'latency', ms: 150 }, { path: '/v1/payment_intents' });
    const first = stripe.paymentIntents.create(params, { idempotencyKey: 'busy' });
    await new Promise((later) => setTimeout(later, 40));
    const second = await failure(stripe.paymentIntents.create(params, { idempotencyKey: 'busy' }));
    expect(second).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    const { id } = await first;
    expect((await stripe.paymentIntents.create(params, { idempotencyKey: 'busy' })).id).toBe(id);
  });
});

describe('lists', () => {
  test('go through all pages, newest first, and back', async () => {
    const jpy = aClient(sandbox, tea);
    const made: string[] = [];
    for (let n = 0; n < 12; n++)
      made.push((await jpy.customers.create({ email: `${n % 2}@example.test` })).id);
    const all: string[] = [];
    for await (const customer of jpy.customers.list({ limit: 5 })) all.push(customer.id);
    expect(all).toEqual(made.toReversed());
    const page = await jpy.customers.list({ limit: 3, ending_before: made[5] ?? '' });
    expect(page).toMatchObject({ has_more: true, data: [{ id: made[8] }, { id: made[7] }, { id: made[6] }] });
    expect((await jpy.customers.list({ email: '1@example.test', limit: 100 })).data).toHaveLength(6);
    expect((await failure(jpy.customers.list({ starting_after: 'cus_nobody' }))).statusCode).toBe(400);
    expect((await failure(jpy.customers.list({ limit: 101 }))).statusCode).toBe(400);
  });

  test('do not show what belongs to others', async () => {
    const { id } = await charge('visa');
    expect((await failure(aClient(sandbox, lamps).paymentIntents.retrieve(id))).statusCode).toBe(404);
  });
});

describe('customers, cards for later, tokens', () => {
  test('a customer is changed and deleted', async () => {
    const { id } = await stripe.customers.create({ email: 'ada@example.test', address: { city: 'London' } });
    expect(await stripe.customers.update(id, { name: 'Ada', email: '' })).toMatchObject({
      name: 'Ada',
      email: null,
      address: { city: 'London', country: null },
    });
    expect(await stripe.customers.del(id)).toMatchObject({ deleted: true });
    expect((await failure(stripe.customers.retrieve(id))).statusCode).toBe(404);
  });

  test('a card is set up, and detached', async () => {
    const { id: customer } = await stripe.customers.create({});
    const params = {
      customer,
      payment_method: 'pm_card_visa',
      allowed_payment_method_types: ['card' as const],
    };
    assertStripeParams('setup_intent_create', params);
    const setup = await stripe.setupIntents.create(params);
    expect(setup.status).toBe('requires_confirmation');
    const done = await stripe.setupIntents.confirm(setup.id);
    expect(done.status).toBe('succeeded');
    const method = String(done.payment_method);
    expect(await stripe.paymentMethods.retrieve(method)).toMatchObject({ customer });
    await stripe.paymentMethods.detach(method);
    expect((await failure(stripe.paymentMethods.attach(method, { customer }))).statusCode).toBe(400);
    expect((await failure(stripe.setupIntents.cancel(setup.id))).code).toBe('setup_intent_unexpected_state');
    const declined = { ...params, payment_method: 'pm_card_chargeDeclined', confirm: true };
    expect((await failure(stripe.setupIntents.create(declined))).statusCode).toBe(402);
  });

  test('a confirmation token pays once', async () => {
    const token = await stripe.testHelpers.confirmationTokens.create({ payment_method: 'pm_card_visa' });
    const { id } = await stripe.paymentIntents.create(order);
    const confirm = { confirmation_token: token.id, return_url: 'http://shop.test/back' };
    expect(await stripe.paymentIntents.confirm(id, confirm)).toMatchObject({ status: 'succeeded' });
    expect(await stripe.confirmationTokens.retrieve(token.id)).toMatchObject({ payment_intent: id });
    const { id: other } = await stripe.paymentIntents.create(order);
    expect((await failure(stripe.paymentIntents.confirm(other, confirm))).message).toMatch(/already used/);
  });

  test('the card form gives a token to the page around it, and the number to nobody', async () => {
    const form = `${sandbox.url}/elements/card?pk=pk_test_demo_books&origin=http://localhost:3000`;
    const shown = await submit(form, goodCard);
    const markup = await shown.text();
    expect(shown.headers.get('content-security-policy')).toContain('frame-ancestors http://localhost:3000');
    const token = /"id":"(ctoken_\w+)"/.exec(markup)?.[1] ?? '';
    expect(markup).not.toContain('4242424242424242');
    const { id } = await stripe.paymentIntents.create(order);
    expect(await stripe.paymentIntents.confirm(id, { confirmation_token: token })).toMatchObject({
      status: 'succeeded',
    });
    expect((await fetch(form.replace('localhost:3000', 'evil.test'))).status).toBe(403);
  });
});
