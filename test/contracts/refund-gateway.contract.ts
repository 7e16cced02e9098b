import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  GatewayForbidden,
  GatewayRefused,
  GatewayUnreachable,
} from '../../src/modules/payments/application/ports/payment-gateway.port.js';
import type {
  RefundGateway,
  RefundRequest,
} from '../../src/modules/payments/application/ports/refund-gateway.port.js';
import type { PaymentId, StoreId } from '../../src/shared/domain/ids.js';

/** A payment of 40.00 USD that was captured. */
export type CapturedPayment = Readonly<{ store: StoreId; payment: PaymentId; intent: string }>;

/** A refund gateway, and hands at what stands behind it. */
export type RefundSubject = Readonly<{
  gateway: RefundGateway;
  aPayment(card?: string): Promise<CapturedPayment>;
  /** Somebody at Stripe acts behind our back. */
  refundAtStripe(payment: CapturedPayment, amount: number): Promise<void>;
  failAtStripe(stripeRefund: string, reason: string): Promise<void>;
  dispute(payment: CapturedPayment, inquiry?: boolean): Promise<string>;
  decide(dispute: string, how: 'win' | 'lose' | 'escalate' | 'prevent'): Promise<void>;
  /** The store's next call goes wrong, or the next of those that match. */
  fail(
    payment: CapturedPayment,
    effect: object | string,
    times?: number,
    match?: Readonly<{ method: string }>,
  ): Promise<void>;
  heal(): Promise<void>;
  later(seconds: number): Promise<void>;
  close(): Promise<void>;
}>;

let made = 0;

function refundOf({ store, payment, intent }: CapturedPayment, amount = 1000): RefundRequest {
  made += 1;
  const order = `order_${String(made).padStart(32, '0')}` as const;
  const refund = `refund_${String(made).padStart(32, '0')}` as const;
  return { store, payment, intent, order, orderNumber: 'SO-1', refund, amount, reason: null };
}

/** What every way of giving money back promises. */
export function refundGatewayContract(name: string, open: () => Promise<RefundSubject>): void {
  describe(`a refund gateway: ${name}`, () => {
    let subject: RefundSubject;
    beforeAll(async () => {
      subject = await open();
    }, 30_000);
    afterEach(() => subject.heal());
    afterAll(() => subject.close());

    const refundsOf = ({ store, intent }: CapturedPayment) => subject.gateway.refundsOf(store, intent);
    const disputesOf = ({ store, intent }: CapturedPayment) => subject.gateway.disputesOf(store, intent);

    test('gives money back, and tells which refund of ours it was', async () => {
      const payment = await subject.aPayment();
      const request = refundOf(payment);
      const fact = await subject.gateway.createRefund(request);
      expect(fact).toMatchObject({ status: 'succeeded', amount: 1000, currency: 'usd', failureReason: null });
      expect(await refundsOf(payment)).toEqual([{ ...fact, refund: request.refund }]);
    });

    test('gives the same money back once, however often it is asked for', async () => {
      const payment = await subject.aPayment();
      const request = refundOf(payment);
      const first = await subject.gateway.createRefund(request);
      expect(await subject.gateway.createRefund(request)).toEqual(first);
      await subject.gateway.createRefund(refundOf(payment));
      expect((await refundsOf(payment)).map(({ amount }) => amount)).toEqual([1000, 1000]);
    });

    test('finds what it made even once the key is forgotten and nothing is left to refund', async () => {
      const payment = await subject.aPayment();
      const request = refundOf(payment, 4000);
      const first = await subject.gateway.createRefund(request);
      await subject.later(25 * 3600);
      expect(await subject.gateway.createRefund(request)).toEqual(first);
      expect(await refundsOf(payment)).toHaveLength(1);
    });

    test('refuses what Stripe refuses, by its name', async () => {
      const payment = await subject.aPayment();
      await subject.gateway.createRefund(refundOf(payment, 4000));
      const more = subject.gateway.createRefund(refundOf(payment, 100));
      await expect(more).rejects.toBeInstanceOf(GatewayRefused);
      await expect(more).rejects.toMatchObject({ code: 'charge_already_refunded' });
    });

    test('takes a declined call for a refusal: it has failed, and nothing went back', async () => {
      const payment = await subject.aPayment();
      await subject.fail(payment, { kind: 'status_before', status: 402 });
      const asked = subject.gateway.createRefund(refundOf(payment));
      await expect(asked).rejects.toBeInstanceOf(GatewayRefused);
      expect(await refundsOf(payment)).toEqual([]);
    });

    test('without a right to give money back gives none, and says so', async () => {
      const payment = await subject.aPayment();
      await subject.fail(payment, { kind: 'status_before', status: 403 });
      const asked = subject.gateway.createRefund(refundOf(payment));
      await expect(asked).rejects.toBeInstanceOf(GatewayForbidden);
      expect(await refundsOf(payment)).toEqual([]);
    });

    test('that may not look whether a refund was made knows nothing of it', async () => {
      const payment = await subject.aPayment();
      const request = refundOf(payment);
      await subject.fail(payment, { kind: 'status_after', status: 500 });
      await expect(subject.gateway.createRefund(request)).rejects.toBeInstanceOf(GatewayUnreachable);
      await subject.fail(payment, { kind: 'status_before', status: 403 }, 1, { method: 'GET' });
      await expect(subject.gateway.createRefund(request)).rejects.toThrow('may not be looked at');
      await subject.heal();
      await subject.gateway.createRefund(request);
      expect(await refundsOf(payment)).toHaveLength(1);
    });

    test.each(['reset_before', 'reset_after', 'html_502'])(
      'gives no answer where there is none, and asking again gives back once: %s',
      async (effect) => {
        const payment = await subject.aPayment();
        const request = refundOf(payment);
        await subject.fail(payment, effect, 2);
        await expect(subject.gateway.createRefund(request)).rejects.toBeInstanceOf(GatewayUnreachable);
        await subject.heal();
        await subject.gateway.createRefund(request);
        expect(await refundsOf(payment)).toHaveLength(1);
      },
    );

    test('never gives back twice where Stripe has stored a failure after it acted', async () => {
      const payment = await subject.aPayment();
      const request = refundOf(payment);
      await subject.fail(payment, { kind: 'status_after', status: 500 });
      await expect(subject.gateway.createRefund(request)).rejects.toBeInstanceOf(GatewayUnreachable);
      const fact = await subject.gateway.createRefund(request);
      expect(await refundsOf(payment)).toEqual([{ ...fact, refund: request.refund }]);
    });

    test('knows a refund that is on its way, and one that failed in the end', async () => {
      const slow = await subject.aPayment('pm_card_pendingRefund');
      expect((await subject.gateway.createRefund(refundOf(slow))).status).toBe('pending');
      const payment = await subject.aPayment();
      const { stripeRefund } = await subject.gateway.createRefund(refundOf(payment));
      await subject.failAtStripe(stripeRefund, 'expired_or_canceled_card');
      expect(await refundsOf(payment)).toMatchObject([
        { status: 'failed', failureReason: 'expired_or_canceled_card' },
      ]);
    });

    test('knows what was refunded at Stripe itself', async () => {
      const payment = await subject.aPayment();
      await subject.refundAtStripe(payment, 700);
      expect(await refundsOf(payment)).toMatchObject([{ refund: null, amount: 700, status: 'succeeded' }]);
    });

    test('tells a dispute’s verdict and its money', async () => {
      const payment = await subject.aPayment();
      expect(await disputesOf(payment)).toEqual([]);
      const dispute = await subject.dispute(payment);
      expect(await disputesOf(payment)).toMatchObject([
        { stripeDispute: dispute, status: 'open', amount: 4000, currency: 'usd', fundsMoved: 1 },
      ]);
      await subject.decide(dispute, 'win');
      expect(await disputesOf(payment)).toMatchObject([{ status: 'won', fundsMoved: 2 }]);
      const lost = await subject.aPayment();
      await subject.decide(await subject.dispute(lost), 'lose');
      expect(await disputesOf(lost)).toMatchObject([{ status: 'lost', fundsMoved: 1 }]);
    });

    test('tells a bank’s question from a dispute', async () => {
      const payment = await subject.aPayment();
      const question = await subject.dispute(payment, true);
      expect(await disputesOf(payment)).toMatchObject([{ status: 'inquiry', fundsMoved: 0 }]);
      await subject.decide(question, 'escalate');
      expect(await disputesOf(payment)).toMatchObject([{ status: 'open', fundsMoved: 1 }]);
    });

    test('knows whose an intent is', async () => {
      const { store, payment, intent } = await subject.aPayment();
      expect(await subject.gateway.paymentOf(store, intent)).toBe(payment);
      await expect(subject.gateway.paymentOf(store, 'pi_0123456789')).rejects.toBeInstanceOf(GatewayRefused);
    });
  });
}
