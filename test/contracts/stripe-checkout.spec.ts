import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import { assertStripeParams } from '../support/stripe-schema.js';
import {
  aClient,
  anOwner,
  aSandbox,
  failure,
  goodCard,
  misshapen,
  submit,
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

const line = (name: string, unit_amount: number, quantity = 1) => ({
  quantity,
  price_data: { currency: 'usd', unit_amount, product_data: { name } },
});
const link = {
  mode: 'payment' as const,
  ui_mode: 'hosted_page' as const,
  allowed_payment_method_types: ['card' as const],
  adaptive_pricing: { enabled: false },
  line_items: [line('Desk lamp', 4000, 2), line('Shipping', 400)],
  client_reference_id: 'pay_1',
  metadata: { link: 'link_1' },
  payment_intent_data: { metadata: { payment: 'pay_1' }, description: 'Order SO-1' },
  success_url: 'http://shop.test/done?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://shop.test/pay/1',
};
const open = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  stripe.checkout.sessions.create({ ...link, customer_email: 'ada@example.test', ...more });
const chargesOf = async ({ payment_intent }: Stripe.Checkout.Session) =>
  (await stripe.charges.list({ payment_intent: String(payment_intent) })).data;
const again = ({ id }: Stripe.Checkout.Session) => stripe.checkout.sessions.retrieve(id);
const at = (response: Response) => response.headers.get('location');

describe('a checkout session', () => {
  test('is open, has no intent yet, and lists its lines', async () => {
    assertStripeParams('checkout_session_create', link);
    const session = await open();
    expect(session).toMatchObject({
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      amount_total: 8400,
      currency: 'usd',
      client_reference_id: 'pay_1',
      customer_details: { email: 'ada@example.test' },
      expires_at: session.created + 86_400,
    });
    const lines = await stripe.checkout.sessions.listLineItems(session.id);
    expect(lines.data).toMatchObject([
      { description: 'Desk lamp', amount_total: 8000, quantity: 2 },
      { amount_total: 400 },
    ]);
    const { line_items } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['line_items'] });
    expect(line_items?.data).toHaveLength(2);
  });

  test('is paid on its page, once', async () => {
    const session = await open();
    const page = await fetch(session.url ?? '');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const paid = await submit(page, goodCard);
    expect([paid.status, at(paid)]).toEqual([303, `http://shop.test/done?session=${session.id}`]);

    const done = await again(session);
    expect(done).toMatchObject({
      status: 'complete',
      payment_status: 'paid',
      url: null,
      customer_details: { email: 'ada@example.test', name: 'Ada Lovelace' },
    });
    const intent = await stripe.paymentIntents.retrieve(String(done.payment_intent), {
      expand: ['latest_charge'],
    });
    expect(intent).toMatchObject({
      status: 'succeeded',
      amount_received: 8400,
      metadata: { payment: 'pay_1' },
      latest_charge: { billing_details: { email: 'ada@example.test', name: 'Ada Lovelace' } },
    });
    expect((await fetch(session.url ?? '')).status).toBe(200);
    expect((await failure(stripe.checkout.sessions.expire(session.id))).statusCode).toBe(400);
    const listed = await stripe.checkout.sessions.list({ payment_intent: intent.id });
    expect(listed.data.map(({ id }) => id)).toEqual([session.id]);
    const { data } = await stripe.events.list({ types: ['checkout.session.completed'] });
    expect(data[0]?.data.object).toMatchObject({ id: session.id, payment_status: 'paid' });
  });

  test('shows a decline, keeps the form, and can be paid with another card', async () => {
    const session = await open();
    const declined = await submit(session.url ?? '', { ...goodCard, cardnumber: '4000000000009995' });
    expect(declined.status).toBe(402);
    const markup = await declined.clone().text();
    expect(markup).toContain('Your card has insufficient funds.');
    expect(markup).toContain('value="4000000000009995"');
    const between = await again(session);
    expect(between).toMatchObject({ status: 'open', payment_status: 'unpaid' });
    expect((await submit(declined, goodCard)).status).toBe(303);
    expect((await chargesOf(await again(session))).map(({ status }) => status)).toEqual([
      'succeeded',
      'failed',
    ]);
    expect((await again(session)).payment_intent).toBe(between.payment_intent);
  });

  test('charges once, however often the button is pressed', async () => {
    const session = await open();
    const page = await (await fetch(session.url ?? '')).text();
    const form = { ...goodCard, email: '', try: /name="try" value="(\w+)"/.exec(page)?.[1] ?? '' };
    const press = () =>
      fetch(session.url ?? '', { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
    const answers = await Promise.all([press(), press(), press()]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    expect(await chargesOf(await again(session))).toHaveLength(1);

    const unlucky = await open();
    const failing = { ...form, cardnumber: '4000000000000002' };
    for (let n = 0; n < 2; n++) {
      await fetch(unlucky.url ?? '', {
        method: 'POST',
        body: new URLSearchParams(failing),
        redirect: 'manual',
      });
    }
    expect(await chargesOf(await again(unlucky))).toHaveLength(1);
  });

  test.each([
    ['a mistyped number', { cardnumber: '4242 4242 4242 4241' }, 'Your card number is invalid.'],
    ['a past date', { exp: '01/20' }, 'in the past'],
    ['a short code', { cvc: '12' }, 'security code is incomplete'],
    ['no number', { cardnumber: '' }, 'Enter the card number.'],
    ['a card of the real world', { cardnumber: '4111 1111 1111 1111' }, 'used a non test card'],
  ])('says what is wrong with %s, and asks no bank', async (_, fields, says) => {
    const session = await open();
    const answer = await submit(session.url ?? '', { ...goodCard, ...fields });
    expect([402, 422]).toContain(answer.status);
    expect(await answer.text()).toContain(says);
    expect((await again(session)).payment_intent).toBeNull();
  });

  test('fills in a test card at a click, without a script, and keeps what was typed', async () => {
    const session = await stripe.checkout.sessions.create(link);
    const answer = await submit(session.url ?? '', { name: 'Ada', email: 'ada@example.test', fill: 'visa' });
    const markup = await answer.clone().text();
    expect(markup).toContain('value="4242 4242 4242 4242"');
    expect(markup).toContain('value="ada@example.test"');
    expect((await submit(answer, {})).status).toBe(303);
  });

  test('locks the email it was given', async () => {
    const session = await open();
    await submit(session.url ?? '', { ...goodCard, email: 'eve@example.test' });
    expect((await again(session)).customer_details?.email).toBe('ada@example.test');
  });

  test('asks the bank with 3D Secure, and comes back', async () => {
    const session = await open();
    const asked = await submit(session.url ?? '', { ...goodCard, cardnumber: '4000002760003184' });
    const challenge = at(asked) ?? '';
    expect(challenge).toContain('/3ds/pi_');
    expect(await again(session)).toMatchObject({ status: 'open' });
    const intent = String((await again(session)).payment_intent);
    expect((await failure(stripe.paymentIntents.confirm(intent))).code).toBe(
      'payment_intent_unexpected_state',
    );
    expect((await failure(stripe.paymentIntents.cancel(intent))).code).toBe(
      'payment_intent_unexpected_state',
    );

    const failed = await answer(challenge, 'fail');
    expect(at(failed)).toContain(`/c/pay/${session.id}?retry=1`);
    expect(await (await fetch(new URL(at(failed) ?? '', sandbox.url))).text()).toContain(
      'unable to authenticate',
    );

    await submit(session.url ?? '', { ...goodCard, cardnumber: '4000002760003184' });
    expect(await (await fetch(challenge)).text()).toContain('84.00 USD');
    expect(at(await answer(challenge, 'complete'))).toBe(`http://shop.test/done?session=${session.id}`);
    expect(await again(session)).toMatchObject({ status: 'complete', payment_status: 'paid' });
    expect(await chargesOf(await again(session))).toHaveLength(1);
  });

  test('expires by call, and takes its challenge with it', async () => {
    const session = await open();
    const asked = await submit(session.url ?? '', { ...goodCard, cardnumber: '4000002760003184' });
    const expired = await stripe.checkout.sessions.expire(session.id);
    expect(expired).toMatchObject({ status: 'expired', url: null });
    const late = await answer(at(asked) ?? '', 'complete');
    expect(late.status).toBe(410);
    expect((await fetch(session.url ?? '')).status).toBe(410);
    expect(await chargesOf(await again(session))).toEqual([]);
    expect((await stripe.paymentIntents.retrieve(String((await again(session)).payment_intent))).status).toBe(
      'canceled',
    );
  });

  test('is either paid or expired, never both', async () => {
    for (let n = 0; n < 5; n++) {
      const session = await open();
      const page = await fetch(session.url ?? '');
      const [paid, expired] = await Promise.all([
        submit(page, goodCard),
        stripe.checkout.sessions.expire(session.id).then(
          () => true,
          () => false,
        ),
      ]);
      const after = await again(session);
      expect([paid.status === 303, after.status]).toEqual(expired ? [false, 'expired'] : [true, 'complete']);
    }
  });

  test('expires by itself when its time has come', async () => {
    const soon = Math.floor(Date.now() / 1000) + 3600;
    const session = await open({ expires_at: soon });
    expect((await failure(open({ expires_at: soon - 3600 }))).param).toBe('expires_at');
    expect((await failure(open({ expires_at: soon + 86_400 }))).param).toBe('expires_at');
    await owner.advance(3601);
    expect(await again(session)).toMatchObject({ status: 'expired', payment_intent: null });
    const { data } = await stripe.events.list({ type: 'checkout.session.expired', limit: 1 });
    expect(data[0]).toMatchObject({ data: { object: { id: session.id } }, created: soon });
  });

  test('makes a customer of whoever pays, where that is wished', async () => {
    const session = await open({ customer_creation: 'always' });
    await submit(session.url ?? '', goodCard);
    const { customer, payment_intent } = await again(session);
    expect(await stripe.customers.retrieve(String(customer))).toMatchObject({ email: 'ada@example.test' });
    expect((await stripe.paymentIntents.retrieve(String(payment_intent))).customer).toBe(customer);
  });

  test('can save a card instead of charging it', async () => {
    const { id: customer } = await stripe.customers.create({ email: 'ada@example.test' });
    const { mode: _, line_items: __, payment_intent_data: ___, adaptive_pricing: ____, ...rest } = link;
    const session = await stripe.checkout.sessions.create({
      ...rest,
      mode: 'setup',
      currency: 'usd',
      customer,
    });
    expect(session).toMatchObject({ amount_total: null, payment_status: 'no_payment_required' });
    expect((await submit(session.url ?? '', goodCard)).status).toBe(303);
    expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(1);
    const { status, setup_intent } = await again(session);
    expect([status, (await stripe.setupIntents.retrieve(String(setup_intent))).status]).toEqual([
      'complete',
      'succeeded',
    ]);
  });

  test.each([
    ['no lines', { line_items: [] }, 'line_items'],
    [
      'two currencies',
      {
        line_items: [
          line('a', 500),
          { ...line('b', 500), price_data: { ...line('b', 500).price_data, currency: 'eur' } },
        ],
      },
      'line_items',
    ],
    ['too little', { line_items: [line('a', 10)] }, 'line_items'],
    ['promotion codes', { allow_promotion_codes: true }, 'allow_promotion_codes'],
    ['payment_method_types', { payment_method_types: ['card'] }, 'payment_method_types'],
    ['a page of another kind', { ui_mode: 'elements' }, 'ui_mode'],
  ])('is not opened with %s', async (_, more, param) => {
    const error = await failure(open(more as Partial<Stripe.Checkout.SessionCreateParams>));
    expect({ status: error.statusCode, param: error.param }).toEqual({ status: 400, param });
  });
});

describe('3D Secure on an intent', () => {
  const confirm = () =>
    stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      allowed_payment_method_types: ['card'],
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      return_url: 'http://shop.test/back?order=1',
    });

  test('leads back with the outcome in the address', async () => {
    const asked = await confirm();
    const back = new URL(at(await answer(asked.next_action?.redirect_to_url?.url ?? '', 'complete')) ?? '');
    expect(Object.fromEntries(back.searchParams)).toEqual({
      order: '1',
      payment_intent: asked.id,
      payment_intent_client_secret: asked.client_secret,
      redirect_status: 'succeeded',
    });
    expect(await stripe.paymentIntents.retrieve(asked.id)).toMatchObject({
      status: 'succeeded',
      next_action: null,
    });
  });

  test('that fails leaves the intent without a method, and without a charge', async () => {
    const asked = await confirm();
    const back = at(await answer(asked.next_action?.redirect_to_url?.url ?? '', 'fail'));
    expect(back).toContain('redirect_status=failed');
    const after = await stripe.paymentIntents.retrieve(asked.id);
    expect(after).toMatchObject({
      status: 'requires_payment_method',
      latest_charge: null,
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });

  test('may pass and the bank still decline', async () => {
    const { id, next_action } = await stripe.paymentIntents.create({
      amount: 1000,
      currency: 'usd',
      allowed_payment_method_types: ['card'],
      payment_method: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
      confirm: true,
      return_url: 'http://shop.test/back',
    });
    await answer(next_action?.redirect_to_url?.url ?? '', 'complete');
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'insufficient_funds' },
    });
  });
});

function answer(challenge: string, outcome: 'complete' | 'fail'): Promise<Response> {
  return fetch(challenge, { method: 'POST', body: new URLSearchParams({ outcome }), redirect: 'manual' });
}
