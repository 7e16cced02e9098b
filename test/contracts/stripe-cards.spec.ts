import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import { testCards } from '../../src/sandbox/stripe/payments/test-cards.js';
import { aClient, aSandbox, failure, goodCard, misshapen, submit } from './stripe/a-stripe-sandbox.js';

let sandbox: StripeSandbox;
let stripe: Stripe;

beforeAll(async () => {
  sandbox = await aSandbox();
  stripe = aClient(sandbox);
});
afterEach(() => expect(misshapen.splice(0)).toEqual([]));
afterAll(() => sandbox.close());

/** Stripe's own list: what to say to the API, what to type on the page, and what comes of it. */
const paying: readonly [string, string][] = [
  ['visa', '4242424242424242'],
  ['mastercard', '5555555555554444'],
  ['amex', '378282246310005'],
  ['visa_debit', '4000056655665556'],
  ['createDispute', '4000000000000259'],
  ['createDisputeProductNotReceived', '4000000000002685'],
  ['createDisputeInquiry', '4000000000001976'],
  ['createMultipleDisputes', '4000000404000079'],
  ['createIssuerFraudRecord', '4000000000005423'],
  ['pendingRefund', '4000000000007726'],
  ['refundFail', '4000000000005126'],
];
const declining: readonly [string, string, code: string, decline: string, advice: string][] = [
  ['visa_chargeDeclined', '4000000000000002', 'card_declined', 'generic_decline', 'try_again_later'],
  ['chargeDeclined', '4000000000000002', 'card_declined', 'generic_decline', 'try_again_later'],
  [
    'visa_chargeDeclinedInsufficientFunds',
    '4000000000009995',
    'card_declined',
    'insufficient_funds',
    'try_again_later',
  ],
  ['visa_chargeDeclinedLostCard', '4000000000009987', 'card_declined', 'lost_card', 'do_not_try_again'],
  ['visa_chargeDeclinedStolenCard', '4000000000009979', 'card_declined', 'stolen_card', 'do_not_try_again'],
  ['chargeDeclinedExpiredCard', '4000000000000069', 'expired_card', 'expired_card', 'confirm_card_data'],
  ['chargeDeclinedIncorrectCvc', '4000000000000127', 'incorrect_cvc', 'incorrect_cvc', 'confirm_card_data'],
  [
    'chargeDeclinedProcessingError',
    '4000000000000119',
    'processing_error',
    'processing_error',
    'try_again_later',
  ],
  [
    'visa_chargeDeclinedVelocityLimitExceeded',
    '4000000000006975',
    'card_declined',
    'card_velocity_exceeded',
    'try_again_later',
  ],
  ['chargeCustomerFail', '4000000000000341', 'card_declined', 'generic_decline', 'try_again_later'],
  ['radarBlock', '4100000000000019', 'card_declined', 'fraudulent', 'do_not_try_again'],
];
const asking: readonly [string, string][] = [
  ['authenticationRequired', '4000002760003184'],
  ['authenticationRequiredOnSetup', '4000002500003155'],
  ['authenticationRequiredSetupForOffSession', '4000003800000446'],
  ['authenticationRequiredChargeDeclinedInsufficientFunds', '4000008260003178'],
];

const pay = (card: string) =>
  stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    payment_method: `pm_card_${card}`,
    confirm: true,
    return_url: 'http://shop.test/back',
  });
const aPage = () =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      { quantity: 1, price_data: { currency: 'usd', unit_amount: 900, product_data: { name: 'Lamp' } } },
    ],
    customer_email: 'ada@example.test',
    success_url: 'http://shop.test/done',
  });
async function typeIn(cardnumber: string): Promise<readonly [Response, Stripe.PaymentIntent]> {
  const session = await aPage();
  const cvc = cardnumber.startsWith('37') ? '1234' : '123';
  const answer = await submit(session.url ?? '', { ...goodCard, cardnumber, cvc });
  const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id);
  return [answer, await stripe.paymentIntents.retrieve(String(payment_intent))];
}

test('every test card is in the list below', () => {
  const listed = new Set([...paying, ...declining, ...asking].map(([, number]) => number));
  expect(testCards.map(({ number }) => number).filter((number) => !listed.has(number))).toEqual([]);
});

describe.each(paying)('%s', (name, number) => {
  test('pays by name, and by its number on the page', async () => {
    expect(await pay(name)).toMatchObject({ status: 'succeeded' });
    const [answer, intent] = await typeIn(number);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, 'http://shop.test/done']);
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 900 });
  });
});

describe.each(declining)('%s', (name, number, code, decline_code, advice_code) => {
  test(`is declined as ${decline_code}, ${advice_code}, by name and on the page`, async () => {
    const declined = await failure(pay(name));
    expect(declined).toMatchObject({
      statusCode: 402,
      type: 'StripeCardError',
      code,
      decline_code,
      advice_code,
    });
    const [answer, intent] = await typeIn(number);
    expect(answer.status).toBe(402);
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code, decline_code, advice_code },
    });
    const charge = await stripe.charges.retrieve(String(intent.latest_charge));
    expect(charge).toMatchObject({
      status: 'failed',
      failure_code: code,
      outcome: { advice_code, type: name === 'radarBlock' ? 'blocked' : 'issuer_declined' },
    });
    expect(await (await fetch(answer.url)).text()).not.toContain(number);
  });
});

describe.each(asking)('%s', (name, number) => {
  test('asks its holder, by name and on the page', async () => {
    const asked = await pay(name);
    expect(asked).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    const [answer, intent] = await typeIn(number);
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      expect.stringContaining(`/3ds/${intent.id}`),
    ]);
  });

  test('does not pay where its holder fails to answer', async () => {
    const [answer, { id }] = await typeIn(number);
    const challenge = answer.headers.get('location') ?? '';
    await fetch(challenge, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'fail' }),
      redirect: 'manual',
    });
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
  });
});

test('a block by Radar never reaches the bank', async () => {
  const { charge } = await failure(pay('radarBlock'));
  expect(await stripe.charges.retrieve(charge ?? '')).toMatchObject({
    outcome: {
      type: 'blocked',
      network_status: 'not_sent_to_network',
      reason: 'highest_risk_level',
      risk_level: 'highest',
    },
  });
});
