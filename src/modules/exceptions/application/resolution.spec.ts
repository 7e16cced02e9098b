import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AnExceptionDesk } from '../../../../test/support/an-exception-desk.js';
import { total } from '../../../../test/support/an-order.js';
import { amountsOf } from '../../orders/index.js';

let desk: AnExceptionDesk;
beforeEach(async () => {
  desk = await AnExceptionDesk.open();
});
afterEach(() => desk.close());

describe('an excess', () => {
  test('is given back of the payment that was too much, and is owed again by nobody', async () => {
    const { order, payment, id } = await desk.paidTwice();
    const { status, resolution } = await desk.resolve(id, 'refund_excess');
    expect([status, resolution?.outcome]).toEqual(['resolved', 'refunded']);
    expect(resolution).toMatchObject({
      actor: { type: 'person', id: 'grace', name: 'Grace' },
      reason: 'Agreed on the phone',
    });
    expect(desk.stripe.refundedOf(payment)).toBe(10_000);
    expect(amountsOf(await desk.order(order))).toMatchObject({ overpaid: 0, balanceDue: 0 });
  });

  test('is given back of several payments where none of them is enough', async () => {
    const order = await desk.anOrder(5000);
    const payments = [await desk.paid(order, 2000), await desk.paid(order, 3000)];
    await desk.tellOrder(order, { type: 'ReviseOrder', changes: total(1000) });
    await desk.tell();
    const { resolution } = await desk.resolve(await desk.idOf(), 'refund_excess');
    expect(resolution?.explanation).toBe('30.00 USD and 10.00 USD were refunded.');
    expect(payments.map((payment) => desk.stripe.refundedOf(payment))).toEqual([1000, 3000]);
    expect(await desk.overpaidOf(order)).toBe(0);
  });

  test('that is partly gone is given back only as far as it is still there', async () => {
    const { order, payment, id } = await desk.paidTwice();
    await desk.tellOrder(order, { type: 'ReviseOrder', changes: total(16_000) });
    await desk.resolve(id, 'refund_excess');
    expect(desk.stripe.refundedOf(payment)).toBe(4000);
  });

  test('that is gone altogether is settled otherwise, whatever is asked', async () => {
    const { order, payment, id } = await desk.paidTwice();
    await desk.tellOrder(order, { type: 'ReviseOrder', changes: total(20_000) });
    expect((await desk.resolve(id, 'refund_excess')).resolution?.outcome).toBe('settled_otherwise');
    expect(desk.stripe.refundedOf(payment)).toBe(0);
  });

  test('is given away once where two exceptions of one order ask for it at the same moment', async () => {
    const order = await desk.anOrder();
    const payments = [
      await desk.paid(order, 10_000),
      await desk.paid(order, 4000),
      await desk.paid(order, 4000),
    ];
    await desk.tellOrder(order, { type: 'ReviseOrder', changes: total(14_000) });
    await desk.tell();
    await Promise.all([
      desk.resolve(await desk.idOf(0), 'refund_excess'),
      desk.resolve(await desk.idOf(1), 'refund_excess'),
    ]);
    const back = payments.map((payment) => desk.stripe.refundedOf(payment));
    expect(back.reduce((sum, each) => sum + each)).toBe(4000);
    expect(amountsOf(await desk.order(order))).toMatchObject({ overpaid: 0, balanceDue: 0 });
  });

  test('is counted less a refund that the order has not heard of yet', async () => {
    const { order, payment, id } = await desk.paidTwice();
    const amount = { minor: 6000, currency: (await desk.order(order)).currency };
    const ask = { refund: 'refund_1', amount, reason: null, effect: 'reopen', note: null } as const;
    await desk.tellOnlyPayment(payment, { type: 'RequestRefund', ...ask });
    await desk.resolve(id, 'refund_excess');
    const asked = (await desk.events('RefundRequested')).map(
      ({ data }) => (data as { amount: number }).amount,
    );
    expect(asked).toEqual([6000, 4000]);
  });

  test('becomes credit once, however often it is gone on with', async () => {
    const { order, id } = await desk.paidTwice();
    await desk.resolve(id, 'keep_as_credit');
    await desk.tellAgain();
    expect((await desk.order(order)).ledger.movedToCredit).toBe(10_000);
    expect((await desk.events('ExcessResolved')).length).toBe(1);
  });
});

describe('a process that died', () => {
  test('before it did what was chosen leaves it to the policy, in the name of whoever chose it', async () => {
    const { payment, id } = await desk.paidTwice();
    await desk.tellException(id, { type: 'ChooseResolution', action: 'refund_excess', wish: 'wish_1' });
    await desk.tell();
    expect((await desk.exception(id)).resolution?.outcome).toBe('refunded');
    expect(desk.stripe.refundedOf(payment)).toBe(10_000);
    const [requested] = await desk.events('RefundRequested');
    expect(requested?.metadata).toMatchObject({ actor_id: 'grace', reason: 'Agreed on the phone' });
  });

  test('after it was done, and before that was written down, is not taken for nothing done', async () => {
    const { order, id } = await desk.paidTwice();
    await desk.tellException(id, { type: 'ChooseResolution', action: 'keep_as_credit', wish: 'wish_1' });
    const resolve = { type: 'ResolveExcess', resolution: 'credit', amount: null, reference: id } as const;
    await desk.tellOrder(order, resolve);
    await desk.tell();
    expect((await desk.exception(id)).resolution?.outcome).toBe('kept_as_credit');
    expect((await desk.order(order)).ledger.movedToCredit).toBe(10_000);
  });
});

describe('Stripe', () => {
  test('that does not answer leaves the exception resolving, until it does', async () => {
    const { payment, id } = await desk.paidTwice();
    desk.stripe.next('lose');
    expect((await desk.resolve(id, 'refund_excess')).status).toBe('resolving');
    expect((await desk.exception(id)).actions).toEqual([]);
    desk.stripe.next('make');
    await desk.lookAt(payment);
    await desk.tell();
    expect(await desk.exception(id)).toMatchObject({
      status: 'resolved',
      resolution: { outcome: 'refunded' },
    });
    expect(desk.stripe.refundedOf(payment)).toBe(10_000);
  });

  test('that is not there is asked again by the policy alone, and gives back once', async () => {
    const { payment, id } = await desk.paidTwice();
    desk.stripe.next('down');
    await desk.resolve(id, 'refund_excess');
    desk.stripe.next('make');
    await desk.tellAgain();
    expect((await desk.exception(id)).resolution).toMatchObject({
      action: 'refund_excess',
      actor: { id: 'grace' },
      reason: 'Agreed on the phone',
    });
    expect(desk.stripe.refundedOf(payment)).toBe(10_000);
    expect(await desk.events('RefundRequested')).toHaveLength(1);
  });

  test('that says no leaves the exception open, says why, and makes no second exception of it', async () => {
    const { order, id } = await desk.paidTwice();
    desk.stripe.next('charge_disputed');
    await expect(desk.resolve(id, 'refund_excess', 'wish_1')).rejects.toMatchObject({
      code: 'payment_disputed',
    });
    await desk.tell();
    expect(await desk.exceptions()).toMatchObject([
      { status: 'open', last_attempt: { status: 'refused', code: 'payment_disputed' } },
    ]);
    await expect(desk.resolve(id, 'refund_excess', 'wish_1')).rejects.toMatchObject({
      code: 'payment_disputed',
    });
    desk.stripe.next('make');
    expect((await desk.resolve(id, 'refund_excess', 'wish_2')).status).toBe('resolved');
    expect(await desk.overpaidOf(order)).toBe(0);
    await desk.tell();
    expect(await desk.exceptions()).toHaveLength(1);
  });

  test('that sends the money back later makes another exception, which is tried again', async () => {
    const { payment, id } = await desk.paidTwice();
    await desk.resolve(id, 'refund_excess');
    desk.stripe.sendBack(payment);
    await desk.lookAt(payment);
    await desk.tell();
    const [first, second] = await desk.exceptions();
    expect([first?.status, second?.kind, second?.status]).toEqual(['resolved', 'refund_failed', 'open']);
    expect((await desk.resolve(await desk.idOf(1), 'retry')).resolution?.outcome).toBe('refunded');
    expect(desk.stripe.refundedOf(payment)).toBe(10_000);
  });
});

describe('a capture that differs', () => {
  test('is given back whole, and the debt stands again', async () => {
    const order = await desk.anOrder();
    const payment = await desk.paid(order, 10_000, 9000);
    await desk.tell();
    await desk.resolve(await desk.idOf(), 'refund_payment');
    expect(desk.stripe.refundedOf(payment)).toBe(9000);
    expect(amountsOf(await desk.order(order)).balanceDue).toBe(10_000);
  });

  test('is accepted with the reason of whoever did', async () => {
    await desk.paid(await desk.anOrder(), 10_000, 9000);
    await desk.tell();
    const { resolution } = await desk.resolve(await desk.idOf(), 'accept');
    expect(resolution).toMatchObject({
      outcome: 'accepted',
      explanation: 'It was accepted: Agreed on the phone',
    });
  });
});
