import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import type { LinkId, OrderId } from '../../../../shared/domain/ids.js';
import { GatewayUnreachable } from '../ports/payment-gateway.port.js';

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

const mayNot = 'not with this key';
const isHeldAs = async (page: string) => {
  expect(desk.gateway.pages.at(-1)).toBe(page);
  expect(await reserved()).toBe(page === 'open' ? 10_000 : 0);
};

test('a page that the key has no right to open holds nothing', async () => {
  desk.gateway.forbidden.add('openSession');
  await expect(desk.pressPay(link)).rejects.toThrow(mayNot);
  expect(await reserved()).toBe(0);
  desk.gateway.forbidden.clear();
  await desk.pressPay(link);
  await isHeldAs('open');
});

describe('a page whose opening got no answer, and then the right to open it is missing', () => {
  beforeEach(async () => {
    desk.gateway.loseAnswerTo('openSession');
    await expect(desk.pressPay(link)).rejects.toThrow(GatewayUnreachable);
    desk.gateway.forbidden.add('openSession');
  });

  const looks = [
    ['a sweep', () => desk.lookAgain(order).catch(() => undefined)],
    ['a customer who presses Pay again', () => desk.pressPay(link).catch(() => undefined)],
    ['a revocation', () => desk.revoke(link)],
    ['a void', async () => desk.void(await desk.heldBy(order))],
  ] as const;

  test.each(looks)(
    'holds nothing after %s, since nobody was shown it, and nobody will be',
    async (_, look) => {
      await look();
      expect(await reserved()).toBe(0);
      expect((await desk.link(link)).pages.size).toBe(0);
      desk.gateway.forbidden.clear();
      await desk.charge(order);
      expect((await desk.order(order)).ledger).toMatchObject({ reserved: 0, captured: 10_000 });
    },
  );

  test('stays held where another process shows it to the customer meanwhile', async () => {
    const ending = desk.before('SessionEnded');
    const pressed = desk.pressPay(link);
    await ending.reached;
    desk.gateway.forbidden.clear();
    const other = await desk.restarted();
    expect(await other.pressPay(link)).toContain('https://stripe.test/');
    ending.go();
    await expect(pressed).rejects.toThrow(mayNot);
    await isHeldAs('open');
    await other.close();
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
  desk.gateway.forbidden.add('expireSession');
  await expect(desk.lookAt(payment)).rejects.toThrow(mayNot);
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
  await desk.lose('disconnected');
  await desk.void(payment);
  desk.reconnect();
  desk.gateway.forbidden.add('findSession');
  const news = () => desk.hearStripe('checkout.session.completed', { payment });
  await expect(news()).rejects.toThrow(mayNot);
  desk.gateway.forbidden.clear();
  await news();
  expect(await desk.statusOf(payment)).toBe('captured');
});
