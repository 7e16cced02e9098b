import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ConfirmRequest,
  GatewayForbidden,
  GatewayRefused,
  GatewayUnreachable,
  type IntentRequest,
  type IntentState,
  type PaymentGateway,
  type SessionRequest,
} from '../../src/modules/payments/application/ports/payment-gateway.port.js';
import type { Currency } from '../../src/shared/domain/currency.js';
import type { StoreId } from '../../src/shared/domain/ids.js';
import { Refusal } from '../../src/shared/domain/refusal.js';

/** A gateway, and hands at what stands behind it. */
export type GatewaySubject = Readonly<{
  gateway: PaymentGateway;
  /** Another store, connected to an account of its own. */
  aStore(): Promise<StoreId>;
  /** The store's key is taken back. */
  revoke(store: StoreId): Promise<void>;
  /** The customer pays on the hosted page. */
  pay(page: string, card?: string): Promise<void>;
  /** The customer answers their bank. */
  authenticate(page: string, outcome: 'complete' | 'fail'): Promise<void>;
  /** The store's next call goes wrong. */
  fail(store: StoreId, effect: object | string, times?: number): Promise<void>;
  heal(): Promise<void>;
  later(seconds: number): Promise<void>;
  close(): Promise<void>;
}>;

const usd = 'usd' as Currency;
let made = 0;

/** A charge of 40.00 USD for a payment of its own. */
export function anIntent(store: StoreId, changes: Partial<IntentRequest> = {}): IntentRequest {
  made += 1;
  return {
    store,
    order: `order_${String(made).padStart(32, '0')}`,
    orderNumber: `SO-${made}`,
    payment: `pay_${String(made).padStart(32, '0')}`,
    amount: 4000,
    currency: usd,
    paymentMethod: 'pm_card_visa',
    saveCard: false,
    moto: false,
    ...changes,
  };
}

/** A hosted page for 40.00 USD that lives an hour. */
export function aSession(store: StoreId, changes: Partial<SessionRequest> = {}): SessionRequest {
  const { orderNumber, ...reference } = anIntent(store);
  return {
    store,
    order: reference.order,
    orderNumber,
    payment: reference.payment,
    link: `link_${String(made).padStart(32, '0')}`,
    session: 1,
    amount: 4000,
    currency: usd,
    description: `Order ${orderNumber}`,
    customerEmail: 'ada@example.test',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    successUrl: 'https://pay.shop.test/pay/1/return',
    cancelUrl: 'https://pay.shop.test/pay/1',
    ...changes,
  };
}

const charged: IntentState = {
  kind: 'captured',
  intent: expect.stringMatching(/^pi_/) as unknown as string,
  charge: expect.stringMatching(/^ch_/) as unknown as string,
  amount: 4000,
  currency: 'usd',
  card: expect.objectContaining({ brand: 'visa', last4: '4242', funding: 'credit' }) as never,
};

/** What every gateway owes its callers, whatever stands behind it. */
export function paymentGatewayContract(name: string, open: () => Promise<GatewaySubject>): void {
  describe(`${name} as a PaymentGateway`, () => {
    let subject: GatewaySubject;
    let gateway: PaymentGateway;
    let store: StoreId;

    beforeAll(async () => {
      subject = await open();
      gateway = subject.gateway;
      store = await subject.aStore();
    });
    afterAll(() => subject.close());

    const made = async (changes: Partial<IntentRequest> = {}) => {
      const request = anIntent(store, changes);
      return { request, intent: await gateway.createIntent(request) };
    };
    const confirm = (
      { request, intent }: Awaited<ReturnType<typeof made>>,
      changes: Partial<ConfirmRequest> = {},
    ) =>
      gateway.confirmIntent({
        store: request.store,
        payment: request.payment,
        intent,
        returnUrl: null,
        ...changes,
      });
    const present = { returnUrl: 'https://shop.test/thanks' };

    describe('an intent', () => {
      test('moves no money by being made', async () => {
        const { intent } = await made();
        expect(intent).toMatch(/^pi_/);
        expect(await gateway.findIntent(store, intent)).toEqual({ kind: 'unconfirmed' });
      });

      test('captures when it is confirmed, and reads so ever after', async () => {
        const one = await made();
        expect(await confirm(one)).toEqual({ ...charged, intent: one.intent });
        expect(await gateway.findIntent(store, one.intent)).toEqual({ ...charged, intent: one.intent });
      });

      test.each([
        [{ currency: 'jpy' as Currency, amount: 5430 }],
        [{ currency: 'kwd' as Currency, amount: 12340 }],
        [{ saveCard: true }],
        [{ moto: true }],
      ])('captures exactly what was asked: %j', async (changes) => {
        const one = await made(changes);
        const { amount, currency } = one.request;
        expect(await confirm(one)).toMatchObject({ kind: 'captured', amount, currency });
      });

      test.each([
        ['visa_chargeDeclined', 'card_declined', 'generic_decline', 'try_again_later'],
        ['visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds', 'try_again_later'],
        ['visa_chargeDeclinedLostCard', 'card_declined', 'lost_card', 'do_not_try_again'],
        ['visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card', 'do_not_try_again'],
        ['chargeDeclinedExpiredCard', 'expired_card', 'expired_card', 'confirm_card_data'],
        ['chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc', 'confirm_card_data'],
        ['chargeDeclinedProcessingError', 'processing_error', 'processing_error', 'try_again_later'],
        ['radarBlock', 'card_declined', 'fraudulent', 'do_not_try_again'],
      ])('is declined by pm_card_%s as %s', async (card, code, decline_code, advice_code) => {
        const one = await made({ paymentMethod: `pm_card_${card}` });
        const declined = {
          kind: 'declined',
          failure: {
            code,
            decline_code,
            advice_code,
            message: expect.any(String),
            charge: expect.stringMatching(/^ch_/),
          },
        };
        expect(await confirm(one)).toEqual(declined);
        expect(await gateway.findIntent(store, one.intent)).toEqual(declined);
      });

      test('of a card that wants authentication is declined where the customer is absent', async () => {
        const one = await made({ paymentMethod: 'pm_card_authenticationRequired' });
        const failure = { code: 'authentication_required', decline_code: 'authentication_not_handled' };
        expect(await confirm(one)).toMatchObject({ kind: 'declined', failure: { ...failure, charge: null } });
      });

      test('leads a present customer to their bank, and captures when they have been there', async () => {
        const one = await made({ paymentMethod: 'pm_card_authenticationRequired' });
        const state = await confirm(one, present);
        expect(state).toEqual({ kind: 'action_required', url: expect.stringMatching(/^https?:\/\//) });
        expect(await gateway.findIntent(store, one.intent)).toEqual(state);
        await subject.authenticate((state as { url: string }).url, 'complete');
        expect(await gateway.findIntent(store, one.intent)).toMatchObject({ kind: 'captured' });
      });

      test('is declined when the customer fails at their bank', async () => {
        const one = await made({ paymentMethod: 'pm_card_authenticationRequired' });
        const state = await confirm(one, present);
        await subject.authenticate((state as { url: string }).url, 'fail');
        expect(await gateway.findIntent(store, one.intent)).toMatchObject({
          kind: 'declined',
          failure: { code: 'payment_intent_authentication_failure' },
        });
      });

      test('is cancelled from every state without money, as often as one likes', async () => {
        const unconfirmed = await made();
        const waiting = await made({ paymentMethod: 'pm_card_authenticationRequired' });
        await confirm(waiting, present);
        const declined = await made({ paymentMethod: 'pm_card_visa_chargeDeclined' });
        await confirm(declined);
        for (const { intent } of [unconfirmed, waiting, declined]) {
          expect(await gateway.cancelIntent(store, intent)).toEqual({ kind: 'canceled' });
          expect(await gateway.cancelIntent(store, intent)).toEqual({ kind: 'canceled' });
          expect(await gateway.findIntent(store, intent)).toEqual({ kind: 'canceled' });
        }
      });

      test('that has captured cannot be cancelled: the answer is the capture', async () => {
        const one = await made();
        await confirm(one);
        expect(await gateway.cancelIntent(store, one.intent)).toEqual({ ...charged, intent: one.intent });
      });

      test('that was cancelled cannot be confirmed: the answer is the cancellation', async () => {
        const one = await made();
        await gateway.cancelIntent(store, one.intent);
        expect(await confirm(one)).toEqual({ kind: 'canceled' });
      });

      test.each([
        [{ amount: 20 }, 'amount_too_small', 'amount'],
        [{ paymentMethod: 'pm_nobody_has_this' }, 'resource_missing', 'payment_method'],
      ])('is refused for %j, with the parameter at fault', async (changes, code, param) => {
        await expect(made(changes)).rejects.toMatchObject({ name: 'GatewayRefused', code, param });
      });

      test('that does not exist, or is another store’s, is refused', async () => {
        const { intent } = await made();
        const other = await subject.aStore();
        const unknown = { name: 'GatewayRefused', code: 'resource_missing' };
        await expect(gateway.findIntent(store, 'pi_unknown')).rejects.toMatchObject(unknown);
        await expect(gateway.findIntent(other, intent)).rejects.toMatchObject(unknown);
        await expect(gateway.cancelIntent(other, intent)).rejects.toMatchObject(unknown);
      });
    });

    describe('a repeated call', () => {
      test('makes the same intent, and charges it once', async () => {
        const one = await made();
        expect(await gateway.createIntent(one.request)).toBe(one.intent);
        const first = await confirm(one);
        expect(await confirm(one)).toEqual(first);
      });

      test('of a declined charge hears the same decline', async () => {
        const one = await made({ paymentMethod: 'pm_card_visa_chargeDeclinedLostCard' });
        expect(await confirm(one)).toEqual(await confirm(one));
      });

      test('at the same time makes one intent', async () => {
        const request = anIntent(store);
        const tries = await Promise.allSettled(
          Array.from({ length: 10 }, () => gateway.createIntent(request)),
        );
        const intents = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        expect(new Set(intents).size).toBe(1);
        for (const one of tries)
          if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(GatewayUnreachable);
      });

      test('opens the same page', async () => {
        const request = aSession(store);
        expect(await gateway.openSession(request)).toEqual(await gateway.openSession(request));
      });

      test('with anything else in it is refused, and changes nothing', async () => {
        const one = await made();
        const reused = { name: 'GatewayRefused', code: 'idempotency_error' };
        await expect(gateway.createIntent({ ...one.request, amount: 5000 })).rejects.toMatchObject(reused);
        expect(await confirm(one)).toMatchObject({ amount: 4000 });
        await expect(confirm(one, present)).rejects.toMatchObject(reused);
        const page = aSession(store);
        await gateway.openSession(page);
        await expect(gateway.openSession({ ...page, amount: 5000 })).rejects.toMatchObject(reused);
      });
    });

    describe('a hosted page', () => {
      const opened = async (changes: Partial<SessionRequest> = {}) =>
        gateway.openSession(aSession(store, changes));

      test('is open until it is paid, and then tells what was taken', async () => {
        const { checkoutSession, url } = await opened();
        expect(checkoutSession).toMatch(/^cs_/);
        expect(await gateway.findSession(store, checkoutSession)).toEqual({ kind: 'open', url });
        await subject.pay(url);
        const complete = { kind: 'complete', intent: charged };
        expect(await gateway.findSession(store, checkoutSession)).toEqual(complete);
      });

      test('stays open when a card is declined', async () => {
        const { checkoutSession, url } = await opened();
        await subject.pay(url, '4000000000000002');
        expect(await gateway.findSession(store, checkoutSession)).toMatchObject({ kind: 'open' });
      });

      test('can be expired, once and again', async () => {
        const { checkoutSession } = await opened();
        expect(await gateway.expireSession(store, checkoutSession)).toEqual({ kind: 'expired' });
        expect(await gateway.expireSession(store, checkoutSession)).toEqual({ kind: 'expired' });
        expect(await gateway.findSession(store, checkoutSession)).toEqual({ kind: 'expired' });
      });

      test('that the customer has paid cannot be expired: the answer is the payment', async () => {
        const { checkoutSession, url } = await opened();
        await subject.pay(url);
        expect(await gateway.expireSession(store, checkoutSession)).toEqual({
          kind: 'complete',
          intent: charged,
        });
      });

      test('is either expired or paid where both are tried at once, never both', async () => {
        for (let round = 0; round < 5; round++) {
          const { checkoutSession, url } = await opened();
          const [state] = await Promise.all([
            gateway.expireSession(store, checkoutSession),
            subject.pay(url).catch(() => undefined),
          ]);
          const after = await gateway.findSession(store, checkoutSession);
          expect(after).toEqual(state);
          expect(['expired', 'complete']).toContain(after.kind);
        }
      });

      test('cannot live shorter than Stripe lets it', async () => {
        const soon = new Date(Date.now() + 60_000).toISOString();
        await expect(opened({ expiresAt: soon })).rejects.toMatchObject({
          name: 'GatewayRefused',
          param: 'expires_at',
        });
      });

      test('that does not exist is refused', async () => {
        await expect(gateway.findSession(store, 'cs_test_unknown')).rejects.toBeInstanceOf(GatewayRefused);
        await expect(gateway.expireSession(store, 'cs_test_unknown')).rejects.toBeInstanceOf(GatewayRefused);
      });
    });

    describe('an answer', () => {
      const calls = {
        createIntent: async (store: StoreId) => {
          const request = anIntent(store);
          return () => gateway.createIntent(request);
        },
        confirmIntent: async (store: StoreId) => {
          const one = await made({ store });
          return () => confirm(one);
        },
        findIntent: async (store: StoreId) => {
          const { intent } = await made({ store });
          return () => gateway.findIntent(store, intent);
        },
        cancelIntent: async (store: StoreId) => {
          const { intent } = await made({ store });
          return () => gateway.cancelIntent(store, intent);
        },
        openSession: async (store: StoreId) => {
          const request = aSession(store);
          return () => gateway.openSession(request);
        },
        findSession: async (store: StoreId) => {
          const { checkoutSession } = await gateway.openSession(aSession(store));
          return () => gateway.findSession(store, checkoutSession);
        },
        expireSession: async (store: StoreId) => {
          const { checkoutSession } = await gateway.openSession(aSession(store));
          return () => gateway.expireSession(store, checkoutSession);
        },
        findPageIntent: async (store: StoreId) => {
          const { intent } = await made({ store });
          return () => gateway.findPageIntent(store, 'pay_1', intent);
        },
        findFee: async (store: StoreId) => {
          const state = await confirm(await made({ store }));
          return () => gateway.findFee(store, (state as { charge: string }).charge);
        },
        eventsSince: async (store: StoreId) => () =>
          gateway.eventsSince(store, Math.floor(Date.now() / 1000) + 60),
      } satisfies Record<keyof PaymentGateway, (store: StoreId) => Promise<() => Promise<unknown>>>;

      const effects: readonly (readonly [string, object | string, number?])[] = [
        ['that hangs before', 'hang_before'],
        ['that hangs after', 'hang_after'],
        // The SDK asks again once by itself after a reset.
        ['reset before', 'reset_before', 2],
        ['reset after', 'reset_after', 2],
        ['of 500 before', { kind: 'status_before', status: 500 }],
        ['of 500 after', { kind: 'status_after', status: 500 }],
        ['that is a proxy’s page', { kind: 'html_502', after: true }],
        ['that is a proxy’s JSON', { kind: 'json_without_error', status: 503, after: true }],
        ['cut in half', 'truncate_after'],
        ['that drips', { kind: 'drip', ms: 50 }],
        ['that comes too late', { kind: 'latency', ms: 200 }],
        ['of too many requests', 'rate_limit'],
        ['of a locked object', 'lock_timeout'],
      ];

      test.each(effects)(
        '%s is no outcome of any call, and asking again finds it',
        async (_, effect, times = 1) => {
          const asked = Object.values(calls).map(async (begin) => {
            const own = await subject.aStore();
            const call = await begin(own);
            return { own, call };
          });
          const ready = await Promise.all(asked);
          for (const { own } of ready) await subject.fail(own, effect, times);
          const outcomes = await Promise.allSettled(ready.map(({ call }) => call()));
          for (const outcome of outcomes)
            expect(outcome).toEqual({ status: 'rejected', reason: expect.any(GatewayUnreachable) });
          await subject.heal();
          for (const { call } of ready) {
            await waited(call);
            expect(await call()).toEqual(await call());
          }
        },
      );

      /** A first call may still be worked on. */
      async function waited(call: () => Promise<unknown>): Promise<void> {
        for (let tries = 0; ; tries++) {
          const failure = await call().then(
            () => undefined,
            (error: unknown) => error,
          );
          if (failure === undefined) return;
          if (tries === 40 || !(failure instanceof GatewayUnreachable)) throw failure;
          await new Promise((later) => setTimeout(later, 25));
        }
      }

      test('lost about a charge leaves one charge at most', async () => {
        const one = await made();
        await subject.fail(store, { kind: 'status_after', status: 500 });
        await expect(confirm(one)).rejects.toBeInstanceOf(GatewayUnreachable);
        await subject.heal();
        const found = await gateway.findIntent(store, one.intent);
        expect(found).toMatchObject({ kind: 'captured' });
        expect(await confirm(one)).toEqual(found);
      });
    });

    test('the fee is null until Stripe has settled on one', async () => {
      const state = await confirm(await made());
      const { charge } = state as { charge: string };
      expect(await gateway.findFee(store, charge)).toBeNull();
      await subject.later(60);
      const fee = await gateway.findFee(store, charge);
      expect(fee).toMatchObject({ balance_transaction: expect.stringMatching(/^txn_/), currency: 'usd' });
      expect((fee?.fee ?? 0) + (fee?.net ?? 0)).toBe(4000);
    });

    describe('the events since', () => {
      test('a second are all of them, over every page, oldest first', async () => {
        const busy = await subject.aStore();
        const since = Math.floor(Date.now() / 1000) - 5;
        const requests = Array.from({ length: 120 }, () => anIntent(busy));
        for (const request of requests) {
          const intent = await gateway.createIntent(request);
          await gateway.confirmIntent({ store: busy, payment: request.payment, intent, returnUrl: null });
        }
        const notices = await gateway.eventsSince(busy, since);
        const succeeded = notices.filter(({ type }) => type === 'payment_intent.succeeded');
        expect(succeeded.map(({ object }) => object.payment)).toEqual(requests.map(({ payment }) => payment));
        expect(new Set(notices.map(({ event }) => event)).size).toBe(notices.length);
        expect(notices.map(({ created }) => created)).toEqual(
          notices.map(({ created }) => created).sort((a, b) => a - b),
        );
        for (const notice of succeeded)
          expect(notice).toMatchObject({
            store: busy,
            livemode: false,
            account: expect.stringMatching(/^acct_/),
            object: { object: 'payment_intent', payment_intent: notice.object.id, store: busy },
          });
      });

      test('end where they are to end', async () => {
        const own = await subject.aStore();
        const since = Math.floor(Date.now() / 1000);
        const intent = await gateway.createIntent(anIntent(own));
        await gateway.confirmIntent({ store: own, payment: anIntent(own).payment, intent, returnUrl: null });
        const notices = await gateway.eventsSince(own, since);
        const last = notices.at(-1)?.created ?? 0;
        expect(await gateway.eventsSince(own, since, last + 1)).toEqual(notices);
        expect(await gateway.eventsSince(own, since, since)).toEqual([]);
      });

      test('now are none', async () => {
        const quiet = await subject.aStore();
        expect(await gateway.eventsSince(quiet, Math.floor(Date.now() / 1000) - 5)).toEqual([]);
      });
    });

    test('a right that the key lacks answers nothing, whatever is asked', async () => {
      for (const [name, ask] of await everyCall(store)) {
        await subject.fail(store, { kind: 'status_before', status: 403 });
        const failure = await ask().catch((error: unknown) => error);
        expect([name, failure]).toEqual([name, expect.any(GatewayForbidden)]);
      }
    });

    test('a store whose key was taken back is disconnected, whatever is asked', async () => {
      const lost = await subject.aStore();
      const asked = await everyCall(lost);
      await subject.revoke(lost);
      for (const [, ask] of asked) {
        const failure = await ask().catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(Refusal);
        expect(failure).toMatchObject({ code: 'store_disconnected' });
      }
    });

    /** About an intent and a page that are there. */
    async function everyCall(lost: StoreId): Promise<readonly (readonly [string, () => Promise<unknown>])[]> {
      const intent = await gateway.createIntent(anIntent(lost));
      const { checkoutSession } = await gateway.openSession(aSession(lost));
      return Object.entries({
        createIntent: () => gateway.createIntent(anIntent(lost)),
        confirmIntent: () =>
          gateway.confirmIntent({ store: lost, payment: anIntent(lost).payment, intent, returnUrl: null }),
        findIntent: () => gateway.findIntent(lost, intent),
        cancelIntent: () => gateway.cancelIntent(lost, intent),
        openSession: () => gateway.openSession(aSession(lost)),
        findSession: () => gateway.findSession(lost, checkoutSession),
        expireSession: () => gateway.expireSession(lost, checkoutSession),
        findPageIntent: () => gateway.findPageIntent(lost, anIntent(lost).payment, intent),
        findFee: () => gateway.findFee(lost, 'ch_1'),
        eventsSince: () => gateway.eventsSince(lost, 0),
      });
    }
  });
}
