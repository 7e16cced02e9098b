import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import { aClient, anOwner, aSandbox, misshapen, platformKey } from './stripe/a-stripe-sandbox.js';

let sandbox: StripeSandbox;
let stripe: Stripe;
let owner: ReturnType<typeof anOwner>;

const booksAccount = 'acct_1DemoBooks0000001';

beforeEach(async () => {
  sandbox = await aSandbox({ captureDelayMs: 0, refundDelayMs: 60_000 });
  stripe = aClient(sandbox);
  owner = anOwner(sandbox);
});
afterEach(async () => {
  await sandbox.close();
  expect(misshapen.splice(0)).toEqual([]);
});

const act = (path: string, body: object = {}) => owner.call('POST', path, body);
const pay = (card = 'visa', more: object = {}) =>
  stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'usd',
    allowed_payment_method_types: ['card'],
    payment_method: `pm_card_${card}`,
    confirm: true,
    metadata: { order: 'SO-1' },
    ...more,
  });

describe('people at Stripe', () => {
  test('take a payment that nobody else knows of', async () => {
    const made = await act(`accounts/${booksAccount}/payments`, { amount: 4200, description: 'By phone' });
    const intent = await stripe.paymentIntents.retrieve(String(made['id']), { expand: ['latest_charge'] });
    expect(intent).toMatchObject({
      amount: 4200,
      currency: 'usd',
      metadata: {},
      status: 'succeeded',
      latest_charge: { metadata: {}, description: 'By phone', paid: true },
    });
    const { data } = await stripe.events.list({ type: 'payment_intent.succeeded' });
    expect(data).toMatchObject([{ data: { object: { id: intent.id } }, request: { idempotency_key: null } }]);
  });

  test('copy metadata of ours onto a payment that is not ours', async () => {
    const ours = await pay();
    const { metadata } = ours;
    const made = await act(`accounts/${booksAccount}/payments`, {
      amount: 10_000,
      currency: 'eur',
      metadata,
    });
    const theirs = await stripe.paymentIntents.retrieve(String(made['id']));
    expect(theirs).toMatchObject({ metadata: ours.metadata, currency: 'eur' });
    expect(theirs.id).not.toBe(ours.id);
  });

  test('are declined as anybody is, and it is written down', async () => {
    const declined = act(`accounts/${booksAccount}/payments`, { amount: 4200, card: 'chargeDeclined' });
    await expect(declined).rejects.toThrow('402');
    const { data } = await stripe.paymentIntents.list();
    expect(data).toMatchObject([{ status: 'requires_payment_method', amount: 4200 }]);
    await expect(act(`accounts/${booksAccount}/payments`, { amount: 1 })).rejects.toThrow('400');
    expect((await stripe.paymentIntents.list()).data).toHaveLength(1);
  });

  test('cancel what waits to be paid, and nothing else', async () => {
    const { id } = await pay('visa', { confirm: false });
    await act(`payment_intents/${id}/cancel`);
    expect(await stripe.paymentIntents.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'requested_by_customer',
    });
    const paid = await pay();
    await expect(act(`payment_intents/${paid.id}/cancel`)).rejects.toThrow('400');
  });

  test('name a payment by its intent as well as by its charge', async () => {
    const { id, latest_charge } = await pay();
    await act(`charges/${id}/refund`, { amount: 1 });
    await act(`charges/${String(latest_charge)}/refund`, { amount: 2 });
    expect(await stripe.charges.retrieve(String(latest_charge))).toMatchObject({ amount_refunded: 3 });
    const unpaid = await pay('visa', { confirm: false });
    await expect(act(`charges/${unpaid.id}/refund`)).rejects.toThrow('404');
  });

  test('take the account away from its platform', async () => {
    const query = {
      client_id: 'ca_demo_platform',
      redirect_uri: 'http://app.test/back',
      scope: 'read_write',
    };
    const granted = await fetch(`${sandbox.url}/oauth/authorize`, {
      method: 'POST',
      body: new URLSearchParams({ ...query, state: 's', account: booksAccount, decision: 'connect' }),
      redirect: 'manual',
    });
    const code = new URL(granted.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const platform = aClient(sandbox, platformKey);
    await platform.oauth.token({ grant_type: 'authorization_code', code });
    const through = aClient(sandbox, platformKey, booksAccount);
    await through.balance.retrieve();
    await act(`accounts/${booksAccount}/disconnect`);
    await expect(through.balance.retrieve()).rejects.toMatchObject({ statusCode: 403 });
    await expect(act(`accounts/${booksAccount}/disconnect`)).rejects.toThrow('404');
  });
});

describe('the inspector', () => {
  const address = () => `${sandbox.url}/_sandbox?token=${sandbox.adminToken}`;
  /** Presses the button with this label, in the row that has this text. */
  async function press(label: string, row = ''): Promise<Response> {
    const markup = await (await fetch(address())).text();
    const part = row === '' ? markup : (markup.split('<tr>').find((each) => each.includes(row)) ?? '');
    const found = new RegExp(`name="act" value="([^"]+)">${label}</button>`).exec(part)?.[1];
    if (found === undefined) throw new Error(`no button ${label} beside ${row}`);
    const value = found.replaceAll('&quot;', '"');
    const body = new URLSearchParams({ act: value, rule: '{"match":{},"effect":"drop"}' });
    return fetch(address(), { method: 'POST', body, redirect: 'manual' });
  }

  test('shows what is open, and has a button for all that can be done', async () => {
    const { id } = await pay('pendingRefund');
    expect((await press('Refund half', id)).status).toBe(303);
    const [refund] = (await stripe.refunds.list()).data;
    expect(refund).toMatchObject({ amount: 5000, status: 'pending' });
    await press('Fail', refund?.id);
    expect((await stripe.refunds.retrieve(refund?.id ?? '')).status).toBe('failed');
    await press('Inquire', id);
    const [inquiry] = (await stripe.disputes.list()).data;
    await press('Escalate', inquiry?.id);
    expect(await (await fetch(address())).text()).toContain('Disputes, 1 open');
    await press('Win', inquiry?.id);
    expect((await stripe.disputes.list()).data).toMatchObject([{ status: 'won' }]);
    await press('Warn of fraud', id);
    expect((await stripe.radar.earlyFraudWarnings.list()).data).toHaveLength(1);
    await press('Take 42.00 USD by hand', booksAccount);
    expect((await stripe.paymentIntents.list()).data[0]).toMatchObject({ amount: 4200 });
    await press('One week on');
    const [payout] = (await stripe.payouts.list()).data;
    await press('Send back', payout?.id);
    expect((await stripe.payouts.list({ status: 'failed' })).data).toHaveLength(1);
    await press('Add');
    const [rule] = (await owner.call('GET', 'faults'))['data'] as { id: string; effect: object }[];
    expect(rule).toMatchObject({ effect: { kind: 'drop' } });
    await press('Remove', rule?.id);
    expect((await owner.call('GET', 'faults'))['data']).toEqual([]);
  });

  test('says why something could not be done', async () => {
    const { id } = await pay();
    await stripe.refunds.create({ payment_intent: id });
    const answer = await press('Dispute', id);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toMatch(/role="alert">Of charge ch_\w+, .* can be disputed/);
    const lost = await fetch(address(), {
      method: 'POST',
      body: new URLSearchParams({ act: 'POST nowhere' }),
    });
    expect(lost.status).toBe(404);
  });
});
