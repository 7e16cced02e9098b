import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import type { StripeSandbox } from '../../src/sandbox/stripe/index.js';
import { assertAnyStripeObject, assertStripeParams, missingFromFixture } from '../support/stripe-schema.js';
import {
  aClient,
  anOwner,
  aSandbox,
  eventually,
  failure,
  goodCard,
  misshapen,
  submit,
  tea,
  WebhookReceiver,
} from './stripe/a-stripe-sandbox.js';

let sandbox: StripeSandbox;
let stripe: Stripe;
let owner: ReturnType<typeof anOwner>;

const day = 86_400;
/** Longer than cardholders wait before they complain, and banks before they decide. */
const aWhile = 61;

beforeEach(async () => {
  sandbox = await aSandbox({ captureDelayMs: 0, refundDelayMs: 10 * day * 1000, disputeDelayMs: 60_000 });
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

/** A payment whose holder complains, as soon as they have. */
async function disputed(card = 'createDispute'): Promise<Stripe.Dispute> {
  const { id } = await pay(card);
  await owner.advance(aWhile);
  const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data;
  if (!dispute) throw new Error(`nobody disputes ${card}`);
  return dispute;
}
const act = (path: string, body: object = {}) => owner.call('POST', path, body);
const now = (dispute: Stripe.Dispute) => stripe.disputes.retrieve(dispute.id);
const available = async () => (await stripe.balance.retrieve()).available[0]?.amount ?? 0;

/** What was told about a dispute, oldest first. */
async function eventsOf({ id }: Stripe.Dispute): Promise<Stripe.Event[]> {
  const { data } = await stripe.events.list({ type: 'charge.dispute.*', limit: 100 });
  return data.reverse().filter(({ data: { object } }) => (object as { id: string }).id === id);
}
const typesOf = async (dispute: Stripe.Dispute) =>
  (await eventsOf(dispute)).map(({ type }) => type.replace('charge.dispute.', ''));

describe('a dispute', () => {
  test('takes the money and a fee at once, and says so everywhere', async () => {
    const { id, latest_charge } = await pay('createDispute');
    expect((await stripe.disputes.list()).data).toEqual([]);
    await owner.advance(aWhile);
    const [dispute, ...more] = (await stripe.disputes.list()).data;
    expect(more).toEqual([]);
    if (!dispute) throw new Error('nobody disputes');
    expect(missingFromFixture(dispute)).toEqual([]);
    expect(dispute).toMatchObject({
      amount: 10_000,
      charge: latest_charge,
      payment_intent: id,
      reason: 'fraudulent',
      status: 'needs_response',
      is_charge_refundable: false,
      evidence_details: { has_evidence: false, submission_count: 0, past_due: false },
      payment_method_details: { card: { case_type: 'chargeback', network_reason_code: '10.4' } },
      balance_transactions: [{ amount: -10_000, fee: 1500, net: -11_500, type: 'adjustment' }],
    });
    const dueBy = dispute.evidence_details.due_by ?? 0;
    expect(dueBy - dispute.created).toBeGreaterThan(13 * day);
    expect(await stripe.charges.retrieve(String(latest_charge))).toMatchObject({
      disputed: true,
      paid: true,
    });
    const { data } = await stripe.balanceTransactions.list({ source: dispute.id });
    expect(data).toMatchObject([{ reporting_category: 'dispute', net: -11_500, source: dispute.id }]);
    expect(await typesOf(dispute)).toEqual(['created', 'funds_withdrawn']);
  });

  test('may be over part of it, twice', async () => {
    const { id } = await pay('createMultipleDisputes');
    await owner.advance(aWhile);
    const { data } = await stripe.disputes.list({ payment_intent: id });
    expect(data.map(({ amount }) => amount)).toEqual([5000, 5000]);
  });

  test('comes from a number on the checkout page as well', async () => {
    const session = await stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        { quantity: 1, price_data: { currency: 'usd', unit_amount: 900, product_data: { name: 'Lamp' } } },
      ],
      success_url: 'http://shop.test/done',
    });
    const typed = { ...goodCard, cardnumber: '4000 0000 0000 2685', email: 'ada@example.test' };
    expect((await submit(session.url ?? '', typed)).status).toBe(303);
    await owner.advance(aWhile);
    expect((await stripe.disputes.list()).data).toMatchObject([
      { amount: 900, reason: 'product_not_received' },
    ]);
  });

  test('is found by charge, by payment and by time, and belongs to its account', async () => {
    const [first, second] = [await disputed(), await disputed('createDisputeInquiry')];
    const found = async (params: Stripe.DisputeListParams) => {
      assertStripeParams('dispute_list', params);
      return (await stripe.disputes.list(params)).data.map(({ id }) => id);
    };
    expect(await found({})).toEqual([second.id, first.id]);
    expect(await found({ charge: String(first.charge) })).toEqual([first.id]);
    expect(await found({ payment_intent: String(second.payment_intent) })).toEqual([second.id]);
    expect(await found({ created: { gt: first.created } })).toEqual([second.id]);
    const stranger = await failure(aClient(sandbox, tea).disputes.retrieve(first.id));
    expect(stranger).toMatchObject({ statusCode: 404, code: 'resource_missing' });
    const expanded = await stripe.disputes.retrieve(first.id, { expand: ['charge', 'payment_intent'] });
    expect(expanded.charge).toMatchObject({ disputed: true });
  });

  test('keeps refunds from being made, and ends those on their way', async () => {
    const { latest_charge } = await pay('pendingRefund');
    const charge = String(latest_charge);
    const refund = await stripe.refunds.create({ charge, amount: 3000 });
    const { id } = await act(`charges/${charge}/dispute`);
    expect(await stripe.disputes.retrieve(String(id))).toMatchObject({ amount: 7000 });
    expect(await stripe.refunds.retrieve(refund.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'charge_for_pending_refund_disputed',
    });
    expect(await failure(stripe.refunds.create({ charge }))).toMatchObject({
      statusCode: 400,
      code: 'charge_disputed',
    });
  });
});

describe('evidence', () => {
  const say = (dispute: Stripe.Dispute, params: Stripe.DisputeUpdateParams) => {
    assertStripeParams('dispute_update', params);
    return stripe.disputes.update(dispute.id, params);
  };

  test('that wins brings the money back, but not the fee', async () => {
    const dispute = await disputed();
    const before = await available();
    const sent = await say(dispute, { evidence: { uncategorized_text: 'winning_evidence' } });
    expect(sent).toMatchObject({
      status: 'under_review',
      evidence: { uncategorized_text: 'winning_evidence' },
      evidence_details: { has_evidence: true, submission_count: 1, submission_method: 'manual' },
    });
    await owner.advance(aWhile);
    expect(await now(dispute)).toMatchObject({
      status: 'won',
      balance_transactions: [
        { net: -11_500 },
        { amount: 10_000, fee: 0, reporting_category: 'dispute_reversal' },
      ],
    });
    expect(await available()).toBe(before + 10_000);
    expect(await typesOf(dispute)).toEqual([
      'created',
      'funds_withdrawn',
      'updated',
      'closed',
      'funds_reinstated',
    ]);
    expect((await eventsOf(dispute))[3]?.data.previous_attributes).toMatchObject({ status: 'under_review' });
    expect(await stripe.refunds.create({ charge: String(dispute.charge) })).toMatchObject({
      status: 'succeeded',
    });
  });

  test('that loses leaves the money with the cardholder', async () => {
    const dispute = await disputed();
    await say(dispute, { evidence: { uncategorized_text: 'losing_evidence' } });
    const before = await available();
    await owner.advance(aWhile);
    expect(await now(dispute)).toMatchObject({ status: 'lost', is_charge_refundable: false });
    expect(await available()).toBe(before);
    expect(await typesOf(dispute)).toEqual(['created', 'funds_withdrawn', 'updated', 'closed']);
    expect((await failure(stripe.refunds.create({ charge: String(dispute.charge) }))).code).toBe(
      'charge_disputed',
    );
  });

  test('can lie ready, and is sent on the last day by itself', async () => {
    const dispute = await disputed();
    const staged = await say(dispute, {
      evidence: { uncategorized_text: 'winning_evidence', customer_name: 'Ada' },
      metadata: { case: '7' },
      submit: false,
    });
    expect(staged).toMatchObject({
      status: 'needs_response',
      metadata: { case: '7' },
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
    await owner.advance(15 * day);
    expect(await now(dispute)).toMatchObject({ status: 'won', evidence_details: { submission_count: 1 } });
  });

  test('that never comes loses', async () => {
    const dispute = await disputed();
    await owner.advance(15 * day);
    expect(await now(dispute)).toMatchObject({ status: 'lost', evidence_details: { submission_count: 0 } });
  });

  test('of other words waits for people', async () => {
    const dispute = await disputed();
    await say(dispute, { evidence: { uncategorized_text: 'It was delivered.' } });
    await owner.advance(30 * day);
    expect(await now(dispute)).toMatchObject({ status: 'under_review' });
    await act(`disputes/${dispute.id}/win`);
    expect(await now(dispute)).toMatchObject({ status: 'won' });
  });

  test('is heard once, and not after the end', async () => {
    const dispute = await disputed();
    const evidence = { uncategorized_text: 'losing_evidence' };
    await say(dispute, { evidence });
    expect((await failure(say(dispute, { evidence }))).statusCode).toBe(400);
    await owner.advance(aWhile);
    expect((await failure(say(dispute, { evidence }))).message).toMatch(/already closed/);
    expect((await failure(stripe.disputes.close(dispute.id))).message).toMatch(/already closed/);
    expect((await say(dispute, { metadata: { noted: 'yes' } })).metadata).toEqual({ noted: 'yes' });
  });
});

describe('giving in', () => {
  test('loses at once', async () => {
    const dispute = await disputed();
    expect(await stripe.disputes.close(dispute.id)).toMatchObject({ status: 'lost' });
    expect(await typesOf(dispute)).toEqual(['created', 'funds_withdrawn', 'closed']);
  });
});

describe('an inquiry', () => {
  const asked = () => disputed('createDisputeInquiry');

  test('takes nothing, and is closed after a while', async () => {
    const before = await available();
    const inquiry = await asked();
    expect(inquiry).toMatchObject({
      status: 'warning_needs_response',
      is_charge_refundable: true,
      balance_transactions: [],
      payment_method_details: { card: { case_type: 'inquiry' } },
    });
    expect(await available()).toBe(before);
    expect(await typesOf(inquiry)).toEqual(['created']);
    await owner.advance(121 * day);
    expect(await now(inquiry)).toMatchObject({ status: 'warning_closed', balance_transactions: [] });
    expect(await typesOf(inquiry)).toEqual(['closed']); // events are forgotten after thirty days
  });

  test.each([
    ['winning_evidence', 'warning_closed', ['created', 'updated', 'closed']],
    ['losing_evidence', 'warning_closed', ['created', 'updated', 'closed']],
    ['escalate_inquiry_evidence', 'needs_response', ['created', 'updated', 'updated', 'funds_withdrawn']],
  ])('answered with %s is %s', async (text, status, told) => {
    const inquiry = await asked();
    const sent = await stripe.disputes.update(inquiry.id, { evidence: { uncategorized_text: text } });
    expect(sent.status).toBe('warning_under_review');
    await owner.advance(aWhile);
    expect((await now(inquiry)).status).toBe(status);
    expect(await typesOf(inquiry)).toEqual(told);
  });

  test('that becomes a chargeback takes the money then', async () => {
    const inquiry = await asked();
    await owner.advance(20 * day);
    await act(`disputes/${inquiry.id}/escalate`);
    const dispute = await now(inquiry);
    expect(dispute).toMatchObject({
      status: 'needs_response',
      balance_transactions: [{ net: -11_500 }],
      payment_method_details: { card: { case_type: 'chargeback' } },
    });
    await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    await owner.advance(aWhile);
    expect(await now(inquiry)).toMatchObject({ status: 'won' });
    await expect(act(`disputes/${inquiry.id}/escalate`)).rejects.toThrow('400');
  });

  test('ends once all has been refunded', async () => {
    const inquiry = await asked();
    const charge = String(inquiry.charge);
    await stripe.refunds.create({ charge, amount: 4000 });
    expect(await now(inquiry)).toMatchObject({ status: 'warning_needs_response' });
    await stripe.refunds.create({ charge });
    expect(await now(inquiry)).toMatchObject({ status: 'warning_closed' });
  });

  test('can be settled before it becomes a dispute, without a fee', async () => {
    const inquiry = await asked();
    await act(`disputes/${inquiry.id}/prevent`);
    expect(await now(inquiry)).toMatchObject({
      status: 'prevented',
      balance_transactions: [{ amount: -10_000, fee: 0 }],
      payment_method_details: { card: { case_type: 'resolution' } },
    });
    expect(await typesOf(inquiry)).toEqual(['created', 'closed', 'funds_withdrawn']);
    await expect(act(`disputes/${inquiry.id}/prevent`)).rejects.toThrow('400');
  });
});

describe('people at Stripe', () => {
  test('see disputes of any kind opened over any payment, in part or whole', async () => {
    const { latest_charge } = await pay();
    const open = async (body: object) => {
      const { id } = await act(`charges/${String(latest_charge)}/dispute`, body);
      return stripe.disputes.retrieve(String(id));
    };
    expect(await open({ amount: 100, reason: 'duplicate' })).toMatchObject({
      amount: 100,
      reason: 'duplicate',
      status: 'needs_response',
    });
    expect(await open({ amount: 200, case_type: 'block' })).toMatchObject({
      status: 'prevented',
      balance_transactions: [],
      evidence_details: { due_by: 0 },
    });
    expect(await open({ amount: 300, case_type: 'resolution' })).toMatchObject({
      status: 'prevented',
      balance_transactions: [{ net: -300 }],
    });
    await expect(open({ amount: 10_000 })).rejects.toThrow('400');
    expect(await open({})).toMatchObject({ amount: 9400 });
    await expect(open({})).rejects.toThrow('400');
  });

  test('see them lost and accepted', async () => {
    const [lost, accepted] = [await disputed(), await disputed()];
    await act(`disputes/${lost.id}/lose`);
    await act(`disputes/${accepted.id}/accept`);
    expect([(await now(lost)).status, (await now(accepted)).status]).toEqual(['lost', 'lost']);
    await expect(act(`disputes/${lost.id}/win`)).rejects.toThrow('400');
  });

  test('hear of a dispute on a charge that had been refunded: the money goes twice', async () => {
    const { id, latest_charge } = await pay();
    await stripe.refunds.create({ payment_intent: id });
    await expect(act(`charges/${String(latest_charge)}/dispute`)).rejects.toThrow('400');
    const before = await available();
    await act(`charges/${String(latest_charge)}/dispute`, { amount: 10_000 });
    expect(await available()).toBe(before - 11_500);
  });
});

describe('an early fraud warning', () => {
  const warnings = async () => (await stripe.radar.earlyFraudWarnings.list()).data;

  test('comes after the payment, and is past once all is refunded', async () => {
    const { id, latest_charge } = await pay('createIssuerFraudRecord');
    await owner.advance(aWhile);
    const [warning] = await warnings();
    expect(warning).toMatchObject({ actionable: true, charge: latest_charge, payment_intent: id });
    await stripe.refunds.create({ payment_intent: id });
    expect(await stripe.radar.earlyFraudWarnings.retrieve(warning?.id ?? '')).toMatchObject({
      actionable: false,
    });
    const { data } = await stripe.events.list({ type: 'radar.*' });
    expect(data.map(({ type }) => type)).toEqual([
      'radar.early_fraud_warning.updated',
      'radar.early_fraud_warning.created',
    ]);
  });

  test('is past once it came to a dispute', async () => {
    const { latest_charge } = await pay();
    await act(`charges/${String(latest_charge)}/warn`);
    await act(`charges/${String(latest_charge)}/dispute`);
    expect(await warnings()).toMatchObject([{ actionable: false }]);
    expect((await stripe.disputes.list()).data).toHaveLength(1);
  });
});

describe('webhooks about disputes', () => {
  test('arrive in the shape of Stripe’s types', async () => {
    const receiver = await WebhookReceiver.start();
    try {
      const enabled_events = [
        'charge.dispute.created',
        'charge.dispute.funds_withdrawn',
        'charge.dispute.updated',
        'charge.dispute.closed',
        'charge.dispute.funds_reinstated',
      ] as const;
      await stripe.webhookEndpoints.create({ url: receiver.url, enabled_events: [...enabled_events] });
      const dispute = await disputed();
      await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } });
      await owner.advance(aWhile);
      const types = await eventually(
        () => receiver.types,
        ({ length }) => length === 5,
      );
      expect(types.toSorted()).toEqual(enabled_events.toSorted());
      for (const { body } of receiver.received) assertAnyStripeObject(JSON.parse(body));
    } finally {
      await receiver.close();
    }
  });
});

describe('a restart', () => {
  test('forgets no dispute, and no decision that fell due meanwhile', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'stripe-disputes-'));
    const begin = async () => {
      await sandbox.close();
      sandbox = await aSandbox({ captureDelayMs: 0, disputeDelayMs: 60_000, dataDir });
      stripe = aClient(sandbox);
      owner = anOwner(sandbox);
    };
    try {
      await begin();
      const [answered, unanswered] = [await disputed(), await disputed('createDisputeProductNotReceived')];
      const evidence = { uncategorized_text: 'winning_evidence' };
      await stripe.disputes.update(answered.id, { evidence });
      await begin();
      expect(await now(answered)).toMatchObject({ status: 'under_review', evidence });
      await owner.advance(15 * day);
      expect([(await now(answered)).status, (await now(unanswered)).status]).toEqual(['won', 'lost']);
    } finally {
      await sandbox.close();
      rmSync(dataDir, { recursive: true });
    }
  });
});
