import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import { assertStripeParams } from '../support/stripe-schema.js';
import { aClient, anOwner, aSandbox, failure, misshapen, tea } from './stripe/a-stripe-sandbox.js';

let sandbox: StripeSandbox;
let stripe: Stripe;
let owner: ReturnType<typeof anOwner>;

beforeEach(async () => {
  sandbox = await aSandbox({ captureDelayMs: 0, refundDelayMs: 3_600_000 });
  stripe = aClient(sandbox);
  owner = anOwner(sandbox);
});
afterEach(async () => {
  await sandbox.close();
  expect(misshapen.splice(0)).toEqual([]);
});

const pay = (card = 'visa', more: object = {}, client = stripe) =>
  client.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    payment_method: `pm_card_${card}`,
    confirm: true,
    ...more,
  });
const chargeOf = (refund: Stripe.Refund) => stripe.charges.retrieve(String(refund.charge));
const refundDelay = () => owner.advance(3601);

/** What was told about refunds, oldest first. */
async function eventsOf(refund: Stripe.Refund): Promise<Stripe.Event[]> {
  const types = [
    'refund.created',
    'refund.updated',
    'refund.failed',
    'charge.refunded',
    'charge.refund.updated',
  ];
  const { data } = await stripe.events.list({ types, limit: 100 });
  return data.reverse().filter(({ data: { object } }) => {
    const { id } = object as { id: string };
    return id === refund.id || id === refund.charge;
  });
}
const typesOf = async (refund: Stripe.Refund) => (await eventsOf(refund)).map(({ type }) => type);

describe('a refund', () => {
  test('gives back part of a payment, and says so everywhere at once', async () => {
    const intent = await pay();
    const params = {
      payment_intent: intent.id,
      amount: 2500,
      reason: 'requested_by_customer' as const,
      metadata: { refund: 'rf_1' },
    };
    assertStripeParams('refund_create', params);
    const refund = await stripe.refunds.create(params, { idempotencyKey: 'rf_1' });
    expect(refund).toMatchObject({ ...params, status: 'succeeded', charge: intent.latest_charge });
    expect(await chargeOf(refund)).toMatchObject({ amount_refunded: 2500, refunded: false, paid: true });
    const line = await stripe.balanceTransactions.retrieve(String(refund.balance_transaction));
    expect(line).toMatchObject({ type: 'refund', amount: -2500, net: -2500, fee: 0, source: refund.id });
    const [created, refunded, ...more] = await eventsOf(refund);
    expect(created).toMatchObject({ type: 'refund.created', request: { idempotency_key: 'rf_1' } });
    expect(refunded).toMatchObject({
      type: 'charge.refunded',
      data: { previous_attributes: { amount_refunded: 0 } },
    });
    expect(more).toEqual([]);
  });

  test('names a charge as well as a payment intent, but not both', async () => {
    const { id, latest_charge } = await pay();
    const charge = String(latest_charge);
    expect(await stripe.refunds.create({ charge, amount: 1 })).toMatchObject({ payment_intent: id });
    const both = await failure(stripe.refunds.create({ charge, payment_intent: id }));
    expect(both).toMatchObject({ statusCode: 400, param: 'payment_intent' });
    expect((await failure(stripe.refunds.create({}))).statusCode).toBe(400);
  });

  test('of the rest makes the charge refunded, and there is no more to give', async () => {
    const { id } = await pay();
    await stripe.refunds.create({ payment_intent: id, amount: 4000 });
    const rest = await stripe.refunds.create({ payment_intent: id });
    expect(rest.amount).toBe(6000);
    expect(await chargeOf(rest)).toMatchObject({ amount_refunded: 10_000, refunded: true });
    expect((await eventsOf(rest)).findLast(({ type }) => type === 'charge.refunded')).toMatchObject({
      data: { previous_attributes: { amount_refunded: 4000, refunded: false } },
    });
    expect(await failure(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      statusCode: 400,
      code: 'charge_already_refunded',
    });
    expect(await failure(stripe.refunds.create({ payment_intent: id, amount: 1 }))).toMatchObject({
      code: 'charge_already_refunded',
    });
  });

  test.each([
    ['more than is left', 10_001, 'usd', undefined, 'amount'],
    ['nothing', 0, 'usd', 'parameter_invalid_integer', 'amount'],
    ['less than nothing', -5, 'usd', 'parameter_invalid_integer', 'amount'],
    ['a third decimal of a dinar', 1005, 'kwd', 'invalid_charge_amount', 'amount'],
    ['a part of a króna', 1050, 'isk', 'invalid_charge_amount', 'amount'],
  ])('of %s is refused', async (_, amount, currency, code, param) => {
    const { id } = await pay('visa', { currency });
    const refused = await failure(stripe.refunds.create({ payment_intent: id, amount }));
    expect([refused.statusCode, refused.code, refused.param]).toEqual([400, code, param]);
    expect((await stripe.refunds.list({ payment_intent: id })).data).toEqual([]);
  });

  test('says how much too much was asked', async () => {
    const { id } = await pay();
    await stripe.refunds.create({ payment_intent: id, amount: 9000 });
    const { message } = await failure(stripe.refunds.create({ payment_intent: id, amount: 1001 }));
    expect(message).toMatch(/10\.01 .*greater than unrefunded amount on charge .*10\.00/);
  });

  test('needs a payment that went through, of the same account', async () => {
    const unpaid = await stripe.paymentIntents.create({ amount: 1000, currency: 'usd' });
    expect((await failure(stripe.refunds.create({ payment_intent: unpaid.id }))).statusCode).toBe(400);
    const theirs = await pay('visa', { currency: 'jpy' }, aClient(sandbox, tea));
    expect(await failure(stripe.refunds.create({ payment_intent: theirs.id }))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  test('asked for twice with one key is one refund', async () => {
    const { id } = await pay();
    const ask = () => stripe.refunds.create({ payment_intent: id, amount: 1000 }, { idempotencyKey: 'once' });
    const [first, second] = [await ask(), await ask()];
    expect(second.id).toBe(first.id);
    expect(await chargeOf(first)).toMatchObject({ amount_refunded: 1000 });
    const refused = () =>
      stripe.refunds.create({ payment_intent: id, amount: 99_000 }, { idempotencyKey: 'never' });
    const [no, again] = [await failure(refused()), await failure(refused())];
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    expect(again.message).toBe(no.message);
  });

  test('is found by charge, by payment and by time', async () => {
    await owner.call('POST', 'clock', { freeze: true });
    const first = await stripe.refunds.create({ payment_intent: (await pay()).id });
    await owner.advance(100);
    const second = await stripe.refunds.create({ payment_intent: (await pay()).id });
    const found = async (params: Stripe.RefundListParams) => {
      assertStripeParams('refund_list', params);
      return (await stripe.refunds.list(params)).data.map(({ id }) => id);
    };
    expect(await found({})).toEqual([second.id, first.id]);
    expect(await found({ charge: String(first.charge) })).toEqual([first.id]);
    expect(await found({ payment_intent: String(second.payment_intent) })).toEqual([second.id]);
    expect(await found({ created: { gt: first.created } })).toEqual([second.id]);
    expect(await found({ created: { lte: first.created } })).toEqual([first.id]);
  });

  test('takes other metadata, and cannot be cancelled: cards never wait for the customer', async () => {
    const { id } = await pay('pendingRefund');
    const refund = await stripe.refunds.create({ payment_intent: id, metadata: { a: '1' } });
    const updated = await stripe.refunds.update(refund.id, { metadata: { a: '', b: '2' } });
    expect(updated.metadata).toEqual({ b: '2' });
    expect(await failure(stripe.refunds.cancel(refund.id))).toMatchObject({ statusCode: 400 });
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('pending');
  });
});

describe('after a refund was taken', () => {
  test('the bank’s number for it comes later, and nothing else changes', async () => {
    const refund = await stripe.refunds.create({ payment_intent: (await pay()).id });
    await refundDelay();
    const later = await stripe.refunds.retrieve(refund.id);
    expect(later).toEqual({ ...refund, destination_details: later.destination_details });
    expect(later.destination_details?.card).toMatchObject({ reference_status: 'available' });
    expect(await typesOf(refund)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.updated',
      'charge.refund.updated',
    ]);
  });

  test('a pending one succeeds in time', async () => {
    const refund = await stripe.refunds.create({ payment_intent: (await pay('pendingRefund')).id });
    expect(refund).toMatchObject({ status: 'pending', pending_reason: 'processing' });
    expect(await chargeOf(refund)).toMatchObject({ amount_refunded: 10_000, refunded: true });
    await refundDelay();
    const done = await stripe.refunds.retrieve(refund.id);
    expect(done.status).toBe('succeeded');
    expect(done.pending_reason).toBeUndefined();
    const events = await eventsOf(refund);
    expect(events.map(({ type }) => type)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.updated',
      'charge.refund.updated',
    ]);
    expect(events[2]?.data.previous_attributes).toMatchObject({ status: 'pending' });
  });

  test('one that had succeeded may fail days later, and the money is the merchant’s again', async () => {
    const refund = await stripe.refunds.create({ payment_intent: (await pay('refundFail')).id });
    expect(refund.status).toBe('succeeded');
    const before = (await stripe.balance.retrieve()).available[0]?.amount ?? 0;
    await refundDelay();
    const failed = await stripe.refunds.retrieve(refund.id, { expand: ['failure_balance_transaction'] });
    expect(failed).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
      failure_balance_transaction: { type: 'refund_failure', amount: 10_000, source: refund.id },
    });
    expect((await stripe.balance.retrieve()).available[0]?.amount).toBe(before + 10_000);
    expect(await chargeOf(refund)).toMatchObject({ amount_refunded: 0, refunded: false });
    expect(await typesOf(refund)).toEqual([
      'refund.created',
      'charge.refunded',
      'refund.failed',
      'refund.updated',
      'charge.refund.updated',
    ]);
    expect((await stripe.refunds.create({ payment_intent: String(refund.payment_intent) })).status).toBe(
      'succeeded',
    );
  });
});

describe('people at Stripe', () => {
  const act = (path: string, body: object = {}) => owner.call('POST', path, body);

  test('refund a payment behind our back', async () => {
    const { latest_charge } = await pay('visa', { metadata: { order: 'SO-1' } });
    const made = await act(`charges/${String(latest_charge)}/refund`, { amount: 300, reason: 'duplicate' });
    const refund = await stripe.refunds.retrieve(String(made['id']));
    expect(refund).toMatchObject({ amount: 300, metadata: {}, reason: 'duplicate', status: 'succeeded' });
    expect(await eventsOf(refund)).toMatchObject([
      { type: 'refund.created', request: { idempotency_key: null } },
      { type: 'charge.refunded' },
    ]);
    await expect(act(`charges/${String(latest_charge)}/refund`, { amount: 9999 })).rejects.toThrow('400');
    await expect(act('charges/ch_nothing/refund')).rejects.toThrow('404');
  });

  test('see a refund fail, once', async () => {
    const refund = await stripe.refunds.create({ payment_intent: (await pay()).id, amount: 700 });
    await act(`refunds/${refund.id}/fail`, { reason: 'lost_or_stolen_card' });
    await expect(act(`refunds/${refund.id}/fail`)).rejects.toThrow('400');
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'lost_or_stolen_card',
    });
    expect(await chargeOf(refund)).toMatchObject({ amount_refunded: 0 });
    expect((await typesOf(refund)).filter((type) => type === 'refund.failed')).toHaveLength(1);
    await refundDelay();
    expect((await stripe.refunds.retrieve(refund.id)).status).toBe('failed');
  });

  test('cancel a refund that is pending, or see it through', async () => {
    const pending = async () => stripe.refunds.create({ payment_intent: (await pay('pendingRefund')).id });
    const [one, other] = [await pending(), await pending()];
    await act(`refunds/${one.id}/cancel`);
    expect(await stripe.refunds.retrieve(one.id)).toMatchObject({
      status: 'canceled',
      failure_reason: 'merchant_request',
    });
    expect(await chargeOf(one)).toMatchObject({ amount_refunded: 0, refunded: false });
    await act(`refunds/${other.id}/succeed`);
    expect(await stripe.refunds.retrieve(other.id)).toMatchObject({ status: 'succeeded' });
    await expect(act(`refunds/${other.id}/cancel`)).rejects.toThrow('400');
    expect(await stripe.refunds.retrieve(other.id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('when asking for a refund goes wrong', () => {
  const ask = (id: string, key: string) =>
    stripe.refunds.create({ payment_intent: id, amount: 1000 }, { idempotencyKey: key, timeout: 250 });
  const refundsOf = async (id: string) => (await stripe.refunds.list({ payment_intent: id })).data.length;

  test.each([
    ['hang_before', 0],
    ['status_before', 0],
    ['rate_limit', 0],
    ['lock_timeout', 0],
    ['html_502', 0],
    ['hang_after', 1],
    ['truncate_after', 1],
    [{ kind: 'html_502', after: true }, 1],
  ] as const)('%j: money went back %i times, and the same key makes it one', async (effect, effects) => {
    const { id } = await pay();
    await owner.fault(effect, { path: '/v1/refunds', method: 'POST' });
    await failure(ask(id, 'rf'));
    expect(await refundsOf(id)).toBe(effects);
    expect(await ask(id, 'rf')).toMatchObject({ status: 'succeeded' });
    expect(await refundsOf(id)).toBe(1);
  });

  test('an error after the effect is remembered as an error, and asking finds the refund', async () => {
    const { id } = await pay();
    await owner.fault({ kind: 'status_after', status: 500 }, { path: '/v1/refunds' });
    expect((await failure(ask(id, 'rf'))).statusCode).toBe(500);
    expect((await failure(ask(id, 'rf'))).statusCode).toBe(500);
    expect((await stripe.refunds.list({ payment_intent: id })).data).toMatchObject([{ amount: 1000 }]);
  });

  test('a connection that breaks afterwards is retried by the SDK, and stays one refund', async () => {
    const { id } = await pay();
    await owner.fault('reset_after', { path: '/v1/refunds', method: 'POST' });
    const done = await ask(id, 'rf');
    expect(done.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(await refundsOf(id)).toBe(1);
  });

  test('JSON that is not Stripe’s resolves all the same, and a dripping answer arrives', async () => {
    const { id } = await pay();
    await owner.fault({ kind: 'json_without_error', after: true }, { path: '/v1/refunds', method: 'POST' });
    const odd = await ask(id, 'rf');
    expect([odd.id, odd.lastResponse.statusCode]).toEqual([undefined, 503]);
    await owner.fault({ kind: 'drip', ms: 1 }, { path: '/v1/refunds', method: 'POST' });
    expect((await ask(id, 'rf')).status).toBe('succeeded');
    expect(await refundsOf(id)).toBe(1);
  });
});
