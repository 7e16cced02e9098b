import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import { assertStripeParams, missingFromFixture } from '../support/stripe-schema.js';
import { aClient, anOwner, aSandbox, failure, misshapen, tea } from './stripe/a-stripe-sandbox.js';

let sandbox: StripeSandbox;
let stripe: Stripe;
let owner: ReturnType<typeof anOwner>;

const day = 86_400;

/** Every test begins at the same time of some day, so that midnight is as far away in all of them. */
beforeEach(async () => {
  sandbox = await aSandbox({ captureDelayMs: 0, refundDelayMs: 30 * day * 1000, disputeDelayMs: 1000 });
  stripe = aClient(sandbox);
  owner = anOwner(sandbox);
  await owner.call('POST', 'clock', { freeze: true });
  const unix = Number((await owner.call('GET', 'clock'))['unix']);
  await owner.advance(day - (unix % day) + 3600);
});
afterEach(async () => {
  await sandbox.close();
  expect(misshapen.splice(0)).toEqual([]);
});

/** Paid and, the moment it is known, with its fee. */
async function pay(card = 'visa', more: object = {}, client = stripe): Promise<Stripe.PaymentIntent> {
  const intent = await client.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    payment_method: `pm_card_${card}`,
    confirm: true,
    ...more,
  });
  await owner.advance(1);
  return intent;
}
const days = (count: number) => owner.advance(count * day);
const payouts = async (params: Stripe.PayoutListParams = {}) => (await stripe.payouts.list(params)).data;
async function linesOf(payout: Stripe.Payout | undefined): Promise<Stripe.BalanceTransaction[]> {
  const params = { payout: payout?.id ?? '' };
  assertStripeParams('balance_transaction_list', params);
  return (await stripe.balanceTransactions.list(params)).data;
}
const kinds = (lines: readonly Stripe.BalanceTransaction[]) =>
  lines.map(({ type, net }) => [type, net] as const);
const netOfAPayment = 10_000 - 320;

describe('what was paid', () => {
  test('is pending for two days, and goes to the bank the midnight after', async () => {
    const { latest_charge } = await pay();
    const charge = await stripe.charges.retrieve(String(latest_charge), { expand: ['balance_transaction'] });
    const line = charge.balance_transaction as Stripe.BalanceTransaction;
    expect(line).toMatchObject({ status: 'pending', net: netOfAPayment, reporting_category: 'charge' });
    expect(line.available_on - line.created).toBe(2 * day);
    await days(2);
    expect(await stripe.balanceTransactions.retrieve(line.id)).toMatchObject({ status: 'available' });
    expect(await payouts()).toEqual([]);
    const available = async () => (await stripe.balance.retrieve()).available[0]?.amount;
    expect(await available()).toBe(netOfAPayment);
    await days(1);
    expect(await available()).toBe(0);
    const [payout] = await payouts();
    expect(missingFromFixture(payout as Stripe.Payout)).toEqual([]);
    expect(payout).toMatchObject({
      amount: netOfAPayment,
      status: 'in_transit',
      automatic: true,
      reconciliation_status: 'in_progress',
    });
    expect((payout?.created ?? 1) % day).toBe(0);
    await days(1);
    const [paid] = await payouts();
    expect(paid).toMatchObject({ id: payout?.id, status: 'paid', reconciliation_status: 'completed' });
    const { data } = await stripe.events.list({ type: 'payout.*' });
    expect(data.map(({ type }) => type)).toEqual([
      'payout.reconciliation_completed',
      'payout.paid',
      'payout.created',
    ]);
  });

  test('is in one payout a day, which lists all that it is made of', async () => {
    const first = await pay();
    await pay('mastercard', { amount: 5000 });
    await days(1);
    const later = await pay();
    await stripe.refunds.create({ payment_intent: first.id, amount: 1000 });
    await days(2);
    const [payout, ...more] = await payouts();
    expect(more).toEqual([]);
    const lines = await linesOf(payout);
    expect(kinds(lines)).toEqual([
      ['payout', -(payout?.amount ?? 0)],
      ['refund', -1000],
      ['charge', 5000 - 175],
      ['charge', netOfAPayment],
    ]);
    expect(lines.reduce((sum, { net }) => sum + net, 0)).toBe(0);
    expect(lines.map(({ source }) => source)).not.toContain(later.latest_charge);
  });

  test('is paid out by currency, and by account', async () => {
    await pay();
    await pay('visa', { currency: 'eur', amount: 2000 });
    await pay('visa', { currency: 'jpy' }, aClient(sandbox, tea));
    await days(4);
    const sent = await payouts();
    expect(sent.map(({ currency, amount }) => [currency, amount]).toSorted()).toEqual([
      ['eur', 2000 - 88],
      ['usd', netOfAPayment],
    ]);
    expect((await aClient(sandbox, tea).payouts.list()).data).toMatchObject([{ currency: 'jpy' }]);
    const foreign = await failure(
      aClient(sandbox, tea).balanceTransactions.list({ payout: sent[0]?.id ?? '' }),
    );
    expect(foreign).toMatchObject({ code: 'resource_missing', param: 'payout' });
  });

  test('is listed by source, by type, by currency and by time', async () => {
    const { id, latest_charge } = await pay();
    await days(1);
    const refund = await stripe.refunds.create({ payment_intent: id, amount: 500 });
    const found = async (params: Stripe.BalanceTransactionListParams) => {
      assertStripeParams('balance_transaction_list', params);
      return kinds((await stripe.balanceTransactions.list(params)).data);
    };
    const [charged, refunded] = [['charge', netOfAPayment] as const, ['refund', -500] as const];
    expect(await found({})).toEqual([refunded, charged]);
    expect(await found({ source: String(latest_charge) })).toEqual([charged]);
    expect(await found({ source: refund.id })).toEqual([refunded]);
    expect(await found({ type: 'refund' })).toEqual([refunded]);
    expect(await found({ created: { gte: refund.created } })).toEqual([refunded]);
    expect(await found({ currency: 'eur' })).toEqual([]);
  });
});

describe('what was given back', () => {
  test('is taken from the next payout; more than there is, from the one after', async () => {
    const first = await pay();
    await days(4);
    expect(await payouts()).toHaveLength(1);
    await stripe.refunds.create({ payment_intent: first.id });
    await days(2);
    expect(await payouts()).toHaveLength(1);
    await pay('visa', { amount: 30_000 });
    await days(3);
    const [second] = await payouts();
    expect(kinds(await linesOf(second))).toEqual([
      ['payout', -(30_000 - 900 - 10_000)],
      ['charge', 30_000 - 900],
      ['refund', -10_000],
    ]);
  });

  test('and comes back is paid out without waiting for another payment', async () => {
    await pay('visa', { amount: 50_000 });
    const { id } = await pay();
    const refund = await stripe.refunds.create({ payment_intent: id });
    await days(4);
    await owner.call('POST', `refunds/${refund.id}/fail`);
    await days(1);
    expect(kinds(await linesOf((await payouts())[0]))).toEqual([
      ['payout', -10_000],
      ['refund_failure', 10_000],
    ]);
  });

  test('in a dispute is there with its fee, and without it when it is won', async () => {
    await pay('visa', { amount: 50_000 });
    await pay('createDispute');
    await days(3);
    const lines = await linesOf((await payouts())[0]);
    expect(kinds(lines)).toContainEqual(['adjustment', -11_500]);
    const [dispute] = (await stripe.disputes.list()).data;
    expect(lines.find(({ type }) => type === 'adjustment')?.source).toBe(dispute?.id);
    await owner.call('POST', `disputes/${dispute?.id}/win`);
    await days(1);
    expect(kinds(await linesOf((await payouts())[0]))).toEqual([
      ['payout', -10_000],
      ['adjustment', 10_000],
    ]);
  });
});

describe('a payout', () => {
  test('that the bank sends back is part of the next one', async () => {
    await pay();
    await days(4);
    const [first] = await payouts({ status: 'paid' });
    await owner.call('POST', `payouts/${first?.id}/fail`);
    expect(
      await stripe.payouts.retrieve(first?.id ?? '', { expand: ['failure_balance_transaction'] }),
    ).toMatchObject({
      status: 'failed',
      failure_code: 'account_closed',
      failure_balance_transaction: { type: 'payout_failure', amount: netOfAPayment },
    });
    await expect(owner.call('POST', `payouts/${first?.id}/fail`)).rejects.toThrow('400');
    await days(1);
    const [second] = await payouts();
    expect(second).toMatchObject({ amount: netOfAPayment, destination: first?.destination });
    expect((await stripe.events.list({ type: 'payout.failed' })).data).toHaveLength(1);
  });

  test('is found by status, by bank and by time', async () => {
    await pay();
    await days(1);
    await pay();
    await days(3);
    const [second, first] = await payouts();
    const found = async (params: Stripe.PayoutListParams) => {
      assertStripeParams('payout_list', params);
      return (await payouts(params)).map(({ id }) => id);
    };
    expect(await found({ status: 'paid' })).toEqual([first?.id]);
    expect(await found({ created: { lt: second?.created ?? 0 } })).toEqual([first?.id]);
    expect(await found({ arrival_date: { gte: second?.arrival_date ?? 0 } })).toEqual([second?.id]);
    expect(await found({ destination: String(first?.destination) })).toEqual([second?.id, first?.id]);
    expect((await failure(stripe.payouts.retrieve('po_nothing'))).code).toBe('resource_missing');
  });
});
