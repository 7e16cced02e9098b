import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AnExceptionDesk } from '../../../../test/support/an-exception-desk.js';
import type { PaymentId } from '../../../shared/domain/ids.js';

let desk: AnExceptionDesk;
beforeEach(async () => {
  desk = await AnExceptionDesk.open();
});
afterEach(() => desk.close());

test('a refund that fails while its exception is being closed is an exception of its own', async () => {
  const { payment, id } = await desk.paidTwice();
  desk.stripe.next('lose');
  await desk.resolve(id, 'refund_excess', 'wish_1');
  desk.stripe.next('make');
  desk.stripe.sendBack(payment);
  await desk.lookAt(payment);
  await desk.tellOfRefunds();
  // The one who closes it saw the refund before that.
  const ending = { outcome: 'refunded', explanation: '100.00 USD was refunded.' } as const;
  await desk.tellException(id, { type: 'CompleteResolution', wish: 'wish_1', ...ending });
  await desk.tell();
  expect((await desk.exceptions()).map(({ kind, status }) => [kind, status])).toEqual([
    ['overpaid', 'resolved'],
    ['refund_failed', 'open'],
  ]);
});

describe('a refund whose call was refused for another reason', () => {
  /** It is made all the same. */
  async function refusedAndMade() {
    const { order, payment, id } = await desk.paidTwice();
    desk.stripe.next('lose');
    await desk.resolve(id, 'refund_excess', 'wish_1');
    const refusal = { code: 'refund_exceeds_captured', why: 'Nothing can be refunded.' } as const;
    await desk.tellException(id, { type: 'RefuseResolution', wish: 'wish_1', ...refusal });
    desk.stripe.next('make');
    await desk.lookAt(payment);
    return { order, payment, id };
  }
  const kinds = async () => (await desk.exceptions()).map(({ kind, status }) => `${kind} ${status}`);
  const sentBack = async (payment: PaymentId) => {
    desk.stripe.sendBack(payment);
    await desk.lookAt(payment);
    await desk.tell();
  };

  test('is an exception of its own where the bank sends the money back after the first has ended with it', async () => {
    const { order, payment, id } = await refusedAndMade();
    await desk.tell();
    expect((await desk.exception(id)).resolution?.outcome).toBe('settled_otherwise');
    await sentBack(payment);
    expect(await desk.overpaidOf(order)).toBe(10_000);
    expect(await kinds()).toEqual(['overpaid resolved', 'refund_failed open']);
  });

  test('is one too where it fails in the moment in which the first ends', async () => {
    const { payment, id } = await refusedAndMade();
    await desk.tellOfRefunds();
    desk.stripe.sendBack(payment);
    await desk.lookAt(payment);
    await desk.tellOfRefunds();
    // The one who closes it saw the order before that.
    const ending = { outcome: 'settled_otherwise', explanation: 'The order is no longer overpaid.' } as const;
    await desk.tellException(id, { type: 'SettleException', ...ending });
    await desk.tell();
    expect(await kinds()).toEqual(['overpaid resolved', 'refund_failed open']);
  });

  test('is none where somebody decides about the excess that has come back', async () => {
    const { payment, id } = await refusedAndMade();
    await sentBack(payment);
    expect(await kinds()).toEqual(['overpaid open']);
    await desk.resolve(id, 'keep_as_credit', 'wish_2');
    await desk.tell();
    expect(await kinds()).toEqual(['overpaid resolved']);
  });
});

describe('while another choice is carried out', () => {
  test('a refund of the first that fails is not lost', async () => {
    // 100.00 due; paid 100.00 three times: two payments too much, each exception over 100.00.
    const { order, payment, id } = await desk.paidTwice();
    desk.stripe.next('lose');
    await desk.resolve(id, 'refund_excess', 'wish_1');
    const refusal = { code: 'payment_disputed', why: 'Another payment is disputed.' } as const;
    await desk.tellException(id, { type: 'RefuseResolution', wish: 'wish_1', ...refusal });
    // Its refund was made all the same. The merchant has chosen once more before anybody has looked.
    await desk.tellException(id, { type: 'ChooseResolution', action: 'refund_excess', wish: 'wish_2' });
    desk.stripe.next('make');
    await desk.lookAt(payment);
    // The one who carries out wish_2 sees an order that is no longer overpaid: `excess` answers null and `endOf` an end…
    expect(await desk.overpaidOf(order)).toBe(0);
    // …and before that is written down the bank sends the refund of wish_1 home.
    desk.stripe.sendBack(payment);
    await desk.lookAt(payment);
    await desk.tellOfRefunds();
    const ending = { outcome: 'settled_otherwise', explanation: 'The order is no longer overpaid.' } as const;
    await desk.tellException(id, { type: 'CompleteResolution', wish: 'wish_2', ...ending });
    await desk.tell();
    expect(await desk.overpaidOf(order)).toBe(10_000);
    expect((await desk.exceptions()).map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'overpaid resolved',
      'refund_failed open',
    ]);
  });
});

describe('a refund that failed', () => {
  /** 30.00 of an order were to go back, and the bank sent them home. */
  async function failed(effect: 'credit' | 'reopen' = 'credit') {
    const order = await desk.anOrder();
    const payment = await desk.paid(order, 10_000);
    const amount = { minor: 3000, currency: (await desk.order(order)).currency };
    const ask = { refund: 'refund_1', amount, reason: 'duplicate', effect, note: null } as const;
    await desk.tellPayment(payment, { type: 'RequestRefund', ...ask });
    await desk.tellPayment(payment, { type: 'RecordRefundRefused', refund: 'refund_1', why: 'expired_card' });
    await desk.tell();
    return { order, payment, id: await desk.idOf() };
  }

  test('is tried again as it was meant', async () => {
    const { payment, id } = await failed('reopen');
    expect((await desk.resolve(id, 'retry')).resolution?.outcome).toBe('refunded');
    const refunds = [...(await desk.payment(payment)).refunds.values()];
    expect(refunds).toMatchObject([
      { status: 'failed' },
      { status: 'succeeded', amount: 3000, effect: 'reopen', reason: 'duplicate' },
    ]);
  });

  test('of an order that owes it all leaves nothing to keep as credit', async () => {
    const { id } = await failed();
    await expect(desk.resolve(id, 'keep_as_credit')).rejects.toMatchObject({ code: 'validation_failed' });
    expect((await desk.exception(id)).status).toBe('open');
  });

  test('is over where Stripe has made it all the same', async () => {
    const { payment, id } = await failed();
    const fact = { stripeRefund: 're_1', amount: 3000, currency: 'usd', failureReason: null };
    const made = { ...fact, status: 'succeeded' } as const;
    await desk.tellPayment(payment, { type: 'RecordRefund', refund: 'refund_1', fact: made });
    await desk.tell();
    expect((await desk.exception(id)).resolution).toMatchObject({ action: null, outcome: 'went_through' });
  });
});
