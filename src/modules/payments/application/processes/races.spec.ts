import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { APaymentDesk } from '../../../../../test/support/a-payment-desk.js';
import { lamps } from '../../../../../test/support/an-order.js';
import { settled } from '../../../../../test/support/virtual-clock.js';
import type { LinkId, OrderId } from '../../../../shared/domain/ids.js';
import { Refusal } from '../../../../shared/domain/refusal.js';

let desk: APaymentDesk;
beforeEach(async () => {
  desk = await APaymentDesk.open();
});
afterEach(() => desk.close());

const sums = async (order: OrderId) => {
  const { ledger } = await desk.order(order);
  return { reserved: ledger.reserved, captured: ledger.captured, captures: desk.gateway.captures };
};

/** What somebody is told who is refused; null: they were not. */
const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => {
      if (error instanceof Refusal) return error.code;
      throw error;
    },
  );

describe('a void between the recording of an intent and its confirm', () => {
  /** The operator gives the charge up while its intent is being written, so knows of none at first. */
  async function voidedMeanwhile(order: OrderId) {
    const recording = desk.before('PaymentIntentCreated');
    const charged = desk.charge(order);
    await recording.reached;
    const payment = await desk.heldBy(order);
    const voided = refusalOf(desk.void(payment));
    await settled();
    return { payment, recording, charged, voided };
  }

  test('keeps the balance held while Stripe asks the card, also when its answer is lost; it is paid once', async () => {
    const order = await desk.anOrder();
    const atWork = desk.gateway.gates.at('confirmIntent at work');
    const cancelling = desk.gateway.gates.at('cancelIntent');
    desk.gateway.loseAnswerTo('confirmIntent');
    const { payment, recording, charged, voided } = await voidedMeanwhile(order);
    recording.go();
    await Promise.all([atWork.reached, cancelling.reached]);
    cancelling.go();
    expect(await voided).toBe('payment_in_flight');
    expect(await desk.statusOf(payment)).toBe('processing');
    expect(await sums(order)).toEqual({ reserved: 10_000, captured: 0, captures: 0 });
    expect(await refusalOf(desk.charge(order))).toBe('balance_reserved');

    atWork.go();
    await settled();
    expect(await sums(order)).toEqual({ reserved: 10_000, captured: 0, captures: 1 });
    await desk.clock.advance(1_000);
    await charged;
    expect(await sums(order)).toEqual({ reserved: 0, captured: 10_000, captures: 1 });
  });

  test('frees the balance where Stripe cancels the intent first, and the confirm takes nothing', async () => {
    const order = await desk.anOrder();
    const confirming = desk.gateway.gates.at('confirmIntent');
    const { payment, recording, charged, voided } = await voidedMeanwhile(order);
    recording.go();
    await confirming.reached;
    expect(await voided).toBeNull();
    expect(await desk.statusOf(payment)).toBe('voided');
    expect(await sums(order)).toEqual({ reserved: 0, captured: 0, captures: 0 });
    confirming.go();
    await charged;
    expect(await desk.statusOf(payment)).toBe('voided');
    expect(await sums(order)).toEqual({ reserved: 0, captured: 0, captures: 0 });
  });
});

describe('a page that is given up before it is known leaves nothing held and nothing open:', () => {
  type GivesUp = (order: OrderId, link: LinkId) => Promise<unknown>;
  const byRevoking: GivesUp = (_, link) => desk.revoke(link);
  const byCharging: GivesUp = (order) => desk.charge(order);
  const byCancelling: GivesUp = (order) => desk.cancel(order);

  const meanwhile = [
    ['revoked while the balance is being held', 'PaymentReserved', byRevoking, 0],
    ['revoked while the payment is being begun', 'PaymentInitiated', byRevoking, 0],
    ['fenced by a charge while the payment is being begun', 'PaymentInitiated', byCharging, 1],
    ['its order cancelled while the payment is being begun', 'PaymentInitiated', byCancelling, 0],
    ['revoked while Stripe is opening it', 'openSession', byRevoking, 0],
    ['fenced by a charge while Stripe is opening it', 'openSession', byCharging, 1],
    ['its order cancelled while Stripe is opening it', 'openSession', byCancelling, 0],
  ] as const;
  test.each(meanwhile)('%s', async (_, what, giveUp, captures) => {
    const order = await desk.anOrder();
    const link = await desk.aLink(order);
    const writing = desk.before(what);
    const pressed = refusalOf(desk.pressPay(link));
    await writing.reached;
    const givenUp = refusalOf(giveUp(order, link));
    await settled();
    writing.go();
    expect(await givenUp).toBeNull();
    // Whoever pressed Pay may still get the page's address, or hears to try again.
    expect([null, 'payment_in_flight']).toContain(await pressed);
    await desk.lookAgain(order);
    expect(await sums(order)).toEqual({ reserved: 0, captured: captures * 10_000, captures });
    expect(desk.gateway.pages).not.toContain('open');
    expect((await desk.link(link)).open).toBeNull();
  });

  const afterCrash = [
    ['revoked after a crash before the balance was held', 'PaymentReserved', byRevoking, 0],
    ['revoked after a crash before the payment was begun', 'PaymentInitiated', byRevoking, 0],
    ['fenced by a charge after a crash before the balance was held', 'PaymentReserved', byCharging, 1],
    ['fenced by a charge after a crash before the payment was begun', 'PaymentInitiated', byCharging, 1],
    ['its order cancelled after a crash before the balance was held', 'PaymentReserved', byCancelling, 0],
    ['its order cancelled after a crash before the payment was begun', 'PaymentInitiated', byCancelling, 0],
  ] as const;
  test.each(afterCrash)('%s', async (_, what, giveUp, captures) => {
    const order = await desk.anOrder();
    const link = await desk.aLink(order);
    const writing = desk.before(what);
    desk.pressPay(link).catch(() => undefined);
    await writing.reached;
    desk = await desk.restarted();
    expect(await refusalOf(giveUp(order, link))).toBeNull();
    await desk.lookAgain(order);
    expect(await sums(order)).toEqual({ reserved: 0, captured: captures * 10_000, captures });
    expect(desk.gateway.pages).not.toContain('open');
  });
});

test('a void while Stripe makes the intent leaves nothing at Stripe that could be paid', async () => {
  const order = await desk.anOrder();
  const creating = desk.gateway.gates.at('createIntent');
  const charged = desk.charge(order);
  await creating.reached;
  const payment = await desk.heldBy(order);
  await desk.void(payment);
  creating.go();
  await charged;
  expect(await desk.statusOf(payment)).toBe('voided');
  expect(await desk.gateway.findIntent(lamps, 'pi_1')).toEqual({ kind: 'canceled' });
  expect(await sums(order)).toEqual({ reserved: 0, captured: 0, captures: 0 });
});

test('a void while Stripe makes the intent is what the caller hears, though Stripe refuses to cancel it', async () => {
  const order = await desk.anOrder();
  const creating = desk.gateway.gates.at('createIntent');
  const charged = desk.charge(order);
  await creating.reached;
  await desk.void(await desk.heldBy(order));
  desk.gateway.refuse('cancelIntent');
  creating.go();
  expect((await charged).status).toBe('voided');
});

test('a customer who presses Pay while the sweep opens their page is sent there, and Stripe is asked once', async () => {
  const order = await desk.anOrder();
  const link = await desk.aLink(order);
  desk.gateway.loseAnswerTo('openSession');
  await expect(desk.pressPay(link)).rejects.toThrow('the answer was lost');
  const opening = desk.gateway.gates.at('openSession');
  const swept = desk.lookAgain(order);
  await opening.reached;
  const pressed = desk.pressPay(link);
  await settled();
  opening.go();
  await swept;
  expect(await pressed).toBe((await desk.link(link)).open?.url);
  expect(await pressed).toContain('https://stripe.test/');
  expect(desk.gateway.pages).toEqual(['open']);
});

describe('a page that its link has forgotten', () => {
  /** Its opening got no answer, so nobody here knows Stripe's name for it. */
  async function forgotten(order: OrderId, link: LinkId) {
    desk.gateway.loseAnswerTo('openSession');
    await expect(desk.pressPay(link)).rejects.toThrow('the answer was lost');
    const payment = await desk.heldBy(order);
    await desk.forget(link);
    return payment;
  }

  test('is found again, expired and freed by one look', async () => {
    const order = await desk.anOrder();
    const payment = await forgotten(order, await desk.aLink(order));
    expect(desk.gateway.pages).toEqual(['open']);
    await desk.lookAgain(order);
    expect(desk.gateway.pages).toEqual(['expired']);
    expect(await desk.statusOf(payment)).toBe('voided');
    expect(await sums(order)).toEqual({ reserved: 0, captured: 0, captures: 0 });
  });

  test('and is paid late leaves the second page known, which one look then closes', async () => {
    const order = await desk.anOrder();
    const link = await desk.aLink(order, { rule: 'fixed', amount: 4_000 });
    const first = await forgotten(order, link);
    await desk.pressPay(link);
    const second = (await desk.link(link)).open?.payment;
    desk.gateway.pay(first);
    await desk.lookAt(first);
    expect(await desk.statusOf(first)).toBe('captured');
    expect(await desk.link(link)).toMatchObject({ status: 'paid', paidBy: first, open: { payment: second } });
    expect(await sums(order)).toEqual({ reserved: 4_000, captured: 4_000, captures: 1 });

    await desk.lookAgain(order);
    expect(desk.gateway.pages).toEqual(['complete', 'expired']);
    expect((await desk.link(link)).open).toBeNull();
    expect(await sums(order)).toEqual({ reserved: 0, captured: 4_000, captures: 1 });
  });
});

test('a sweep looks at each of 150 holds while they end under it', async () => {
  const orders = await Promise.all(Array.from({ length: 150 }, () => desk.anOrder()));
  for (const order of orders) await desk.pressPay(await desk.aLink(order));
  desk.gateway.expirePages();
  await desk.sweep();
  const held = await Promise.all(orders.map(async (order) => (await sums(order)).reserved));
  expect(held.filter((reserved) => reserved > 0)).toEqual([]);
});

test('a revocation is not done before Stripe has closed the page, however often it is asked for', async () => {
  const order = await desk.anOrder();
  const link = await desk.aLink(order);
  desk.gateway.loseAnswerTo('openSession');
  await expect(desk.pressPay(link)).rejects.toThrow('the answer was lost');
  desk.gateway.loseAnswerTo('openSession');
  expect(await refusalOf(desk.revoke(link))).toBe('session_fence_pending');
  expect(await refusalOf(desk.revoke(link))).toBeNull();
  expect(desk.gateway.pages).toEqual(['expired']);
  expect(await sums(order)).toEqual({ reserved: 0, captured: 0, captures: 0 });
});

describe('a page that Stripe will not let us close', () => {
  test.each([
    ['a charge', (order: OrderId) => desk.charge(order)],
    ['a cancellation', (order: OrderId) => desk.cancel(order)],
  ])('stands in the way of %s, which hears why', async (_, act) => {
    const order = await desk.anOrder();
    await desk.pressPay(await desk.aLink(order));
    desk.gateway.refuse('expireSession');
    expect(await refusalOf(act(order))).toBe('stripe_error');
    expect(await sums(order)).toEqual({ reserved: 10_000, captured: 0, captures: 0 });
  });
});
