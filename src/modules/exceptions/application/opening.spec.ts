import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AnExceptionDesk } from '../../../../test/support/an-exception-desk.js';
import { total } from '../../../../test/support/an-order.js';
import type { DisputeFact } from '../../payments/domain/dispute.js';

let desk: AnExceptionDesk;
beforeEach(async () => {
  desk = await AnExceptionDesk.open();
});
afterEach(() => desk.close());

const one = async () => {
  const [exception, ...others] = await desk.exceptions();
  expect(others).toEqual([]);
  if (!exception) throw new Error('there is no exception');
  return exception;
};

describe('money that fits', () => {
  test('is no exception', async () => {
    const order = await desk.anOrder();
    await desk.paid(order, 4000);
    await desk.paid(order, 6000);
    await desk.tell();
    expect(await desk.exceptions()).toEqual([]);
  });
});

describe('an order that is paid more than is owed', () => {
  test('is one exception for each payment that was too much', async () => {
    const order = await desk.anOrder();
    await desk.paid(order, 10_000);
    const [second, third] = [await desk.paid(order, 10_000), await desk.paid(order, 500)];
    await desk.tell();
    expect(await desk.exceptions()).toMatchObject([
      { kind: 'overpaid', payment: second, amount: 10_000, order },
      { kind: 'overpaid', payment: third, amount: 500, order },
    ]);
  });

  test('is the same exception however often it is heard of', async () => {
    const order = await desk.anOrder();
    await desk.paid(order, 12_500);
    await desk.tell();
    const before = await one();
    await desk.tellAgain();
    await desk.tellAgain();
    expect(await one()).toEqual(before);
    expect(await desk.mails()).toHaveLength(1);
  });

  test('is an exception where its total was lowered, and not where it was raised', async () => {
    const order = await desk.anOrder();
    await desk.paid(order, 10_000);
    await desk.tellOrder(order, { type: 'ReviseOrder', changes: total(12_000) });
    await desk.tellOrder(order, { type: 'ReviseOrder', changes: total(9000) });
    await desk.tell();
    expect(await one()).toMatchObject({ kind: 'overpaid', payment: null, amount: 1000 });
    expect((await one()).explanation).toBe(
      'Order SO-1042 is worth 90.00 USD now, 10.00 USD less than the 100.00 USD that came.',
    );
  });

  test('is a late payment where the order is cancelled', async () => {
    const order = await desk.anOrder();
    await desk.tellOrder(order, { type: 'CancelOrder', policy: 'none', reason: null });
    await desk.paid(order, 3000);
    await desk.tell();
    expect(await one()).toMatchObject({
      kind: 'late_payment',
      amount: 3000,
      explanation: '30.00 USD came for order SO-1042, which is cancelled.',
    });
  });

  test('is none where the order is being cancelled with all its money going back', async () => {
    const order = await desk.anOrder();
    await desk.paid(order, 10_000);
    await desk.tellOrder(order, { type: 'CancelOrder', policy: 'refund_all', reason: null });
    await desk.paid(order, 2000);
    await desk.tell();
    expect(await desk.exceptions()).toEqual([]);
  });
});

describe('a capture that differs from what was asked', () => {
  test('is an exception with both amounts', async () => {
    const order = await desk.anOrder();
    const payment = await desk.paid(order, 10_000, 9000);
    await desk.tell();
    expect(await one()).toMatchObject({
      kind: 'capture_mismatch',
      payment,
      amount: 9000,
      currency: 'usd',
      explanation: 'For order SO-1042, Stripe captured 90.00 USD where 100.00 USD was asked for.',
    });
  });

  test('in another currency is told in that currency', async () => {
    await desk.paid(await desk.anOrder(), 10_000, 9000, 'eur');
    await desk.tell();
    expect(await one()).toMatchObject({ amount: 9000, currency: 'eur' });
  });
});

describe('a dispute', () => {
  const fact = (changes: Partial<DisputeFact>): DisputeFact => ({
    stripeDispute: 'dp_1',
    status: 'open',
    charge: 'ch_1',
    amount: 10_000,
    currency: 'usd',
    reason: 'product_not_received',
    dueBy: '2026-12-01T00:00:00.000Z',
    fundsMoved: 1,
    ...changes,
  });

  /** What the bank says, one after another. */
  async function course(...facts: readonly Partial<DisputeFact>[]) {
    const payment = await desk.paid(await desk.anOrder(), 10_000);
    for (const each of facts) {
      await desk.tellPayment(payment, { type: 'RecordDispute', dispute: 'dispute_1', fact: fact(each) });
    }
    await desk.tell();
    return (await desk.exceptions()).map(({ kind, status, resolution }) =>
      [kind, status, resolution?.outcome].filter(Boolean).join(' '),
    );
  }

  test('is an exception with the reason and the day until which evidence is taken', async () => {
    expect(await course({})).toEqual(['dispute_opened open']);
    expect((await one()).explanation).toBe(
      'The customer’s bank disputes 100.00 USD of order SO-1042: product not received. Evidence is taken until 2026-12-01.',
    );
  });

  test('that ended before anybody heard of it was opened all the same', async () =>
    expect(await course({}, { status: 'won', fundsMoved: 2 })).toEqual(['dispute_opened resolved won']));

  test('that began as a question is another exception than the question', async () =>
    expect(await course({ status: 'inquiry', fundsMoved: 0 }, {})).toEqual([
      'dispute_opened resolved escalated',
      'dispute_opened open',
    ]));

  test('that was only a question ends with it', async () =>
    expect(
      await course({ status: 'inquiry', fundsMoved: 0 }, { status: 'inquiry_closed', fundsMoved: 0 }),
    ).toEqual(['dispute_opened resolved inquiry_closed']));

  test('that is lost waits for a decision, and no longer where it is won after all', async () => {
    expect(await course({}, { status: 'lost' })).toEqual([
      'dispute_opened resolved lost',
      'dispute_lost open',
    ]);
  });

  test('that was lost and is won after all needs no decision', async () =>
    expect(await course({}, { status: 'lost' }, { status: 'won', fundsMoved: 2 })).toEqual([
      'dispute_opened resolved won',
    ]));

  test('that was prevented with the money gone waits for a decision too', async () => {
    expect(await course({ status: 'prevented', fundsMoved: 0 })).toEqual([
      'dispute_opened resolved prevented',
    ]);
    await desk.close();
    desk = await AnExceptionDesk.open();
    expect(await course({ status: 'prevented' })).toEqual([
      'dispute_opened resolved prevented',
      'dispute_lost open',
    ]);
  });

  test('that was decided about elsewhere is over', async () => {
    await course({}, { status: 'lost' });
    const [, lost] = await desk.exceptions();
    const decided = { type: 'DecideLostDispute', dispute: 'dispute_1', decision: 'write_off' } as const;
    await desk.tellOrder(`order_${String(lost?.order).slice(6)}`, decided);
    await desk.tell();
    expect((await desk.exceptions())[1]?.resolution).toMatchObject({ action: null, outcome: 'written_off' });
  });
});

describe('an outcome that stays unknown', () => {
  const QUARTER_MS = 15 * 60_000;
  async function unknown() {
    const payment = await desk.begun(await desk.anOrder(), 10_000);
    await desk.tellPayment(payment, { type: 'RecordUnknownOutcome', detail: 'no answer' });
    return payment;
  }

  test('is an exception after a quarter of an hour, and not before', async () => {
    const payment = await unknown();
    await desk.clock.advance(QUARTER_MS - 1);
    await desk.lookForUnknown();
    expect(await desk.exceptions()).toEqual([]);
    await desk.clock.advance(1);
    await desk.lookForUnknown();
    expect(await one()).toMatchObject({ kind: 'outcome_unknown', payment, status: 'open', amount: 10_000 });
  });

  test('is over when the payment ends', async () => {
    const payment = await unknown();
    await desk.clock.advance(QUARTER_MS);
    await desk.lookForUnknown();
    await desk.tellPayment(payment, { type: 'VoidPayment', why: 'session_expired', intent: null });
    await desk.tell();
    expect((await one()).resolution).toMatchObject({ action: null, outcome: 'voided' });
  });

  test('is over also where the payment ended in the moment in which it was opened', async () => {
    const payment = await unknown();
    await desk.clock.advance(QUARTER_MS);
    await desk.tell();
    await desk.lookForUnknown();
    await desk.tellPayment(payment, { type: 'VoidPayment', why: 'session_expired', intent: null });
    await desk.tellAgain();
    expect((await one()).resolution?.outcome).toBe('voided');
  });
});
