import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import { GatewayUnreachable } from '../ports/payment-gateway.port.js';

let desk: APaymentDesk;
beforeEach(async () => {
  desk = await APaymentDesk.open();
});
afterEach(() => desk.close());

test('news of a charge that waits for the customer’s bank are not heard while Stripe is silent', async () => {
  const order = await desk.anOrder();
  desk.gateway.asksTheCustomer = true;
  const { intent } = await desk.charge(order);
  const payment = await desk.heldBy(order);
  expect(await desk.statusOf(payment)).toBe('requires_action');
  desk.gateway.authenticate(String(intent));
  desk.gateway.isDeaf = true;
  await expect(desk.lookAt(payment)).rejects.toThrow(GatewayUnreachable);
  expect(await desk.statusOf(payment)).toBe('requires_action');
  desk.gateway.isDeaf = false;
  await desk.lookAt(payment);
  expect((await desk.order(order)).ledger).toMatchObject({ reserved: 0, captured: 10_000 });
});
