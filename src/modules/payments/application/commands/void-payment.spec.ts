import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import { awaiting } from '../../../../../test/support/virtual-clock.js';
import type { LinkId, OrderId, PaymentId } from '../../../../shared/domain/ids.js';

let desk: APaymentDesk;
let order: OrderId;
beforeEach(async () => {
  desk = await APaymentDesk.open();
  order = await desk.anOrder();
});
afterEach(() => desk.close());

/** Stripe takes the card's money, and nobody hears of it. */
async function chargedUnheard(): Promise<PaymentId> {
  desk.gateway.loseAnswerTo('confirmIntent');
  desk.gateway.isDeaf = true;
  await awaiting(desk.clock, desk.charge(order));
  desk.gateway.isDeaf = false;
  return desk.heldBy(order);
}

/** The customer pays on their page, and nobody hears of it. */
async function paidUnheard(link: LinkId): Promise<PaymentId> {
  await desk.pressPay(link);
  const payment = await desk.heldBy(order);
  desk.gateway.pay(payment);
  return payment;
}

const unheard = [
  ['a charge', () => chargedUnheard()],
  ['a page', async () => paidUnheard(await desk.aLink(order))],
] as const;

describe.each(unheard)('%s that took money while nobody could ask Stripe', (_, taken) => {
  /** Its store's key dies; time passes. */
  async function lost(status: 'connected' | 'disconnected'): Promise<PaymentId> {
    const payment = await taken();
    await desk.lose(status);
    return payment;
  }

  test('is not given up while its store is connected', async () => {
    const payment = await lost('connected');
    await expect(desk.void(payment)).rejects.toMatchObject({ code: 'store_disconnected' });
    expect((await desk.order(order)).ledger).toMatchObject({ reserved: 10_000 });
    desk.reconnect();
    await desk.lookAgain(order);
    expect((await desk.order(order)).ledger).toMatchObject({ reserved: 0, captured: 10_000 });
  });

  test('is found by a look after it was given up, once the store is connected again', async () => {
    const payment = await lost('disconnected');
    await desk.void(payment);
    expect(await desk.statusOf(payment)).toBe('voided');
    expect((await desk.order(order)).ledger).toMatchObject({ reserved: 0, captured: 0 });
    desk.reconnect();
    await desk.lookAt(payment);
    expect(await desk.statusOf(payment)).toBe('captured');
    expect((await desk.order(order)).ledger).toMatchObject({ captured: 10_000 });
  });

  test('and was given up is found beside what was paid meanwhile', async () => {
    const payment = await lost('disconnected');
    await desk.void(payment);
    desk.reconnect();
    await desk.charge(order);
    await desk.lookAt(payment);
    expect((await desk.order(order)).ledger).toMatchObject({ captured: 20_000 });
  });
});

test('a page that was given up is found though another page of its link cannot be opened', async () => {
  const link = await desk.aLink(order);
  const payment = await paidUnheard(link);
  await desk.lose('disconnected');
  await desk.void(payment);
  desk.reconnect();
  desk.gateway.loseAnswerTo('openSession');
  await expect(desk.pressPay(link)).rejects.toThrow('the answer was lost');
  desk.gateway.refuse('openSession');
  await desk.lookAt(payment);
  expect(await desk.statusOf(payment)).toBe('captured');
});

test('a page that was given up unpaid stays so, however often it is looked at', async () => {
  const link = await desk.aLink(order);
  await desk.pressPay(link);
  const payment = await desk.heldBy(order);
  await desk.lose('disconnected');
  await desk.void(payment);
  desk.gateway.isShut = false;
  desk.gateway.expirePages();
  await desk.lookAt(payment);
  expect(await desk.statusOf(payment)).toBe('voided');
  expect((await desk.order(order)).ledger).toMatchObject({ reserved: 0, captured: 0 });
});
