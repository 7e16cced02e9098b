import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import type { LinkId, OrderId } from '../../../../shared/domain/ids.js';
import { GatewayRefused, GatewayUnreachable } from '../ports/payment-gateway.port.js';

const HOUR_MS = 3_600_000;

let desk: APaymentDesk;
let order: OrderId;
let link: LinkId;
beforeEach(async () => {
  desk = await APaymentDesk.open();
  order = await desk.anOrder();
  link = await desk.aLink(order);
});
afterEach(() => desk.close());

const reserved = async () => (await desk.order(order)).ledger.reserved;

test('a page that was only just asked for is given up where the key has no right to open it', async () => {
  desk.gateway.forbidden.add('openSession');
  await expect(desk.pressPay(link)).rejects.toThrow(GatewayRefused);
  expect(await reserved()).toBe(0);
  desk.gateway.forbidden.clear();
  await desk.pressPay(link);
  expect(desk.gateway.pages).toEqual(['open']);
});

describe('a page whose opening got no answer, and then the right to open it is missing', () => {
  beforeEach(async () => {
    desk.gateway.loseAnswerTo('openSession');
    await expect(desk.pressPay(link)).rejects.toThrow(GatewayUnreachable);
    desk.gateway.forbidden.add('openSession');
  });

  const looks = [
    ['a sweep', () => desk.lookAgain(order)],
    ['a customer who presses Pay again', () => desk.pressPay(link)],
    ['a revocation', () => desk.revoke(link)],
    ['a void', async () => desk.void(await desk.heldBy(order))],
  ] as const;

  test.each(looks)('stays held at %s, and is found once the right is given', async (_, look) => {
    await expect(look()).rejects.toThrow('not with this key');
    expect(await reserved()).toBe(10_000);
    desk.gateway.forbidden.clear();
    await desk.pressPay(link);
    expect(desk.gateway.pages).toEqual(['open']);
    desk.gateway.pay(await desk.heldBy(order));
    await desk.lookAgain(order);
    expect((await desk.order(order)).ledger).toMatchObject({ reserved: 0, captured: 10_000 });
  });
});

test('whoever revokes a link whose page may not be closed hears why', async () => {
  await desk.pressPay(link);
  desk.gateway.forbidden.add('expireSession');
  const facts = { stripe_code: 'permission_missing' };
  await expect(desk.revoke(link)).rejects.toMatchObject({ code: 'stripe_error', facts });
  expect(await reserved()).toBe(10_000);
  desk.gateway.forbidden.clear();
  await desk.revoke(link);
  expect(await reserved()).toBe(0);
});

test('an open page that its link has forgotten stays held while there is no right to find it', async () => {
  await desk.pressPay(link);
  const payment = await desk.heldBy(order);
  await desk.forget(link);
  desk.gateway.forbidden.add('openSession');
  await expect(desk.lookAt(payment)).rejects.toThrow('not with this key');
  desk.gateway.pay(payment);
  expect(await reserved()).toBe(10_000);
  desk.gateway.forbidden.clear();
  await desk.lookAt(payment);
  expect((await desk.order(order)).ledger).toMatchObject({ reserved: 0, captured: 10_000 });
});

test('news of a page that was given up waits for the right to look at it', async () => {
  await desk.pressPay(link);
  const payment = await desk.heldBy(order);
  desk.gateway.pay(payment);
  desk.gateway.isShut = true;
  desk.stores.status = 'disconnected';
  await desk.clock.advance(2 * HOUR_MS);
  await desk.void(payment);
  desk.gateway.isShut = false;
  desk.stores.status = 'connected';
  desk.gateway.forbidden.add('findSession');
  const news = () => desk.hearStripe('checkout.session.completed', { payment });
  await expect(news()).rejects.toThrow('not with this key');
  desk.gateway.forbidden.clear();
  await news();
  expect(await desk.statusOf(payment)).toBe('captured');
});
