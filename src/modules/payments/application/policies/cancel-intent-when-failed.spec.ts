import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import type { PaymentId } from '../../../../shared/domain/ids.js';

let desk: APaymentDesk;
beforeEach(async () => {
  desk = await APaymentDesk.open();
});
afterEach(() => desk.close());

async function declined(): Promise<PaymentId> {
  const order = await desk.anOrder();
  desk.gateway.declines = true;
  const failing = desk.before('PaymentFailed');
  const charged = desk.charge(order);
  await failing.reached;
  const payment = await desk.heldBy(order);
  failing.go();
  await charged;
  return payment;
}

const intentOf = async (payment: PaymentId) => {
  const { intent, intentCanceled } = await desk.payment(payment);
  return [(await desk.gateway.findIntent('store_1', intent ?? '')).kind, intentCanceled];
};

describe('the intent of a declined charge', () => {
  test('is cancelled at Stripe, so that nobody can pay it later', async () => {
    const payment = await declined();
    expect(await intentOf(payment)).toEqual(['declined', false]);
    await desk.hearFailure(payment);
    expect(await intentOf(payment)).toEqual(['canceled', true]);
  });

  test.each(['connected', 'disconnected'] as const)(
    'waits for a key that works, of a store that is %s',
    async (status) => {
      const payment = await declined();
      desk.gateway.isShut = true;
      desk.stores.status = status;
      await expect(desk.hearFailure(payment)).rejects.toMatchObject({ code: 'store_disconnected' });
      desk.gateway.isShut = false;
      await desk.hearFailure(payment);
      expect(await intentOf(payment)).toEqual(['canceled', true]);
    },
  );
});
