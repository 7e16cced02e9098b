import { afterAll, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import { StripePaymentGateway } from '../../src/modules/payments/infrastructure/stripe/stripe.payment-gateway.js';
import { StripeRefundGateway } from '../../src/modules/payments/infrastructure/stripe/stripe.refund-gateway.js';
import { StripeAccounts } from '../../src/modules/stores/index.js';
import type { StoreId } from '../../src/shared/domain/ids.js';
import { Refusal } from '../../src/shared/domain/refusal.js';
import { askStripe } from '../../src/shared/infrastructure/stripe/ask-stripe.js';
import { StripeClients } from '../../src/shared/infrastructure/stripe/stripe-client.js';
import { paramsOf, recorded, repeat, type StripeCall } from '../support/recorded-stripe.js';
import { anOwner } from '../support/sandbox-owner.js';
import { assertStripeParams } from '../support/stripe-schema.js';
import { anIntent, type GatewaySubject, paymentGatewayContract } from './payment-gateway.contract.js';
import { type RefundSubject, refundGatewayContract } from './refund-gateway.contract.js';
import { aSandbox, goodCard, submit } from './stripe/a-stripe-sandbox.js';

/** Patient with a busy machine, but where something is to go wrong silence is soon known for what it is. */
const PATIENT_MS = 5_000;
const BRIEF_MS = 60;

type Door = Readonly<{ stripe: Stripe; account: string; livemode: false }>;

/** Stores and their doors, without a log behind them. */
class DoorsInMemory extends StripeAccounts {
  readonly doors = new Map<StoreId, Door>();
  deadlineMs = PATIENT_MS;

  override async client(store: StoreId): Promise<Door> {
    const door = this.doors.get(store);
    if (!door) throw new Refusal('not_found', 'There is no such store.');
    return door;
  }
  override async ask<T extends object>(
    store: StoreId,
    call: (stripe: Stripe, door: Door) => Promise<T>,
  ): Promise<T> {
    const door = await this.client(store);
    return askStripe(() => call(door.stripe, door), { deadlineMs: this.deadlineMs });
  }
  override async webhookSecrets(): Promise<readonly string[]> {
    return [];
  }
}

const asked: StripeCall[] = [];

async function atTheSandbox() {
  const sandbox = await aSandbox({ captureDelayMs: 30_000 });
  const owner = anOwner(sandbox);
  const accounts = new DoorsInMemory();
  const clients = new StripeClients(sandbox.url);
  const accountOf = (store: StoreId) => accounts.doors.get(store)?.account ?? '';
  return {
    gateway: new StripePaymentGateway(accounts),
    refunds: new StripeRefundGateway(accounts),
    owner,
    async aStore() {
      const { id, secretKey } = await owner.anAccount();
      const store: StoreId = `store_${String(accounts.doors.size + 1).padStart(32, '0')}`;
      const stripe = recorded(clients.withKey(secretKey), (call) => asked.push(call));
      accounts.doors.set(store, { stripe, account: id, livemode: false });
      return store;
    },
    async revoke(store: StoreId) {
      await owner.call('POST', `accounts/${accountOf(store)}/revoke_key`);
    },
    async pay(page: string, cardnumber: string = goodCard.cardnumber) {
      await submit(page, { ...goodCard, cardnumber });
    },
    async authenticate(page: string, outcome: 'complete' | 'fail') {
      const body = new URLSearchParams({ outcome });
      await fetch(page, { method: 'POST', body, redirect: 'manual' });
    },
    async fail(store: StoreId, effect: object | string, times = 1, match: object = {}) {
      if (/hang|drip|latency/.test(JSON.stringify(effect))) accounts.deadlineMs = BRIEF_MS;
      await owner.fault(effect, { account: accountOf(store), ...match }, times);
    },
    async heal() {
      accounts.deadlineMs = PATIENT_MS;
      await owner.heal();
    },
    async later(seconds: number) {
      await owner.advance(seconds);
    },
    async close() {
      clients.close();
      await sandbox.close();
    },
  };
}

paymentGatewayContract('Stripe', (): Promise<GatewaySubject> => atTheSandbox());

refundGatewayContract('Stripe', async (): Promise<RefundSubject> => {
  const { gateway, refunds, owner, ...sandbox } = await atTheSandbox();
  const store = await sandbox.aStore();
  return {
    ...sandbox,
    gateway: refunds,
    async aPayment(paymentMethod = 'pm_card_visa') {
      const request = anIntent(store, { paymentMethod });
      const intent = await gateway.createIntent(request);
      await gateway.confirmIntent({ store, payment: request.payment, intent, returnUrl: null });
      return { store, payment: request.payment, intent };
    },
    async refundAtStripe({ intent }, amount) {
      await owner.call('POST', `charges/${intent}/refund`, { amount });
    },
    async failAtStripe(refund, reason) {
      await owner.call('POST', `refunds/${refund}/fail`, { reason });
    },
    async dispute({ intent }, inquiry = false) {
      const complaint = { case_type: inquiry ? 'inquiry' : 'chargeback' };
      return String((await owner.call('POST', `charges/${intent}/dispute`, complaint))['id']);
    },
    async decide(dispute, how) {
      await owner.call('POST', `disputes/${dispute}/${how}`);
    },
    fail: ({ store: of }, effect, times, match) => sandbox.fail(of, effect, times, match),
  };
});

/** Every distinct request of the suite above, by its shape. */
function requests(): readonly StripeCall[] {
  const shapes = new Map(asked.map((call) => [`${call.name} ${shapeOf(paramsOf(call))}`, call]));
  return [...shapes.values()];
}

function shapeOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return JSON.stringify(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

/** What the SDK's types call the parameters of each call; `null` for those that take `expand` only. */
const SCHEMA: Readonly<Record<string, string | null>> = {
  'paymentIntents.create': 'payment_intent_create',
  'paymentIntents.confirm': 'payment_intent_confirm',
  'paymentIntents.retrieve': null,
  'paymentIntents.cancel': 'payment_intent_cancel',
  'checkout.sessions.create': 'checkout_session_create',
  'checkout.sessions.retrieve': null,
  'checkout.sessions.expire': null,
  'checkout.sessions.list': 'checkout_session_list',
  'charges.retrieve': null,
  'events.list': 'event_list',
  'refunds.create': 'refund_create',
  'refunds.list': 'refund_list',
  'disputes.list': 'dispute_list',
};

describe('every request that we send', () => {
  test('is one of the calls that we know of, and all of them were made', () => {
    expect([...new Set(asked.map(({ name }) => name))].sort()).toEqual(Object.keys(SCHEMA).sort());
  });

  test('has the parameters that Stripe’s own types allow, and no other', () => {
    for (const call of requests()) {
      const schema = SCHEMA[call.name];
      const { expand = [], ...others } = paramsOf(call);
      if (schema) assertStripeParams(schema, paramsOf(call));
      else expect(others).toEqual({});
      for (const path of expand as unknown[]) expect(path).toMatch(/^[a-z_.]+$/);
    }
  });

  test('that moves or may move money carries a key of ours', () => {
    for (const { name, args } of asked.filter(({ name }) => /\.(create|confirm)$/.test(name))) {
      expect({ name, options: args.at(-1) }).toEqual({
        name,
        options: {
          idempotencyKey: expect.stringMatching(/^(pay|link|refund)_\d{32}:(create|confirm|session):?\d*/),
        },
      });
    }
  });
});

/**
 * Parameters younger than the schema that stripe-mock holds (2025-11); the types of the SDK, which are checked
 * above, know them.
 */
const YOUNGER: Readonly<Record<string, string>> = {
  allowed_payment_method_types: 'replaced payment_method_types in 2026-09-30.endive',
  ui_mode: 'its value hosted_page replaced hosted in 2026-03-25.dahlia',
};

/** The call as the older schema may know it; `but` stays. */
function withoutYounger({ name, args }: StripeCall, but?: string): StripeCall {
  const isKept = ([key]: [string, unknown]) => key === but || YOUNGER[key] === undefined;
  const older = args.map((arg) =>
    typeof arg === 'object' && arg !== null ? Object.fromEntries(Object.entries(arg).filter(isKept)) : arg,
  );
  return { name, args: older };
}

const mock = process.env['STRIPE_MOCK_URL'];
const mocked = mock ? describe : describe.skip;

mocked(`stripe-mock ${mock ? `at ${mock}` : '(skipped: STRIPE_MOCK_URL is not set)'}`, () => {
  const clients = new StripeClients(mock ?? 'http://127.0.0.1:1');
  afterAll(() => clients.close());

  test('allows every request that we send, by Stripe’s own OpenAPI schema', async () => {
    const stripe = clients.withKey('sk_test_123');
    for (const call of requests()) {
      await askStripe(async () => (await repeat(stripe, withoutYounger(call))) as object);
    }
  });

  test.each(Object.keys(YOUNGER))('does not know %s yet, or its exception must go', async (param) => {
    const stripe = clients.withKey('sk_test_123');
    const [bearer] = requests().filter((call) => param in paramsOf(call));
    if (!bearer) throw new Error(`no request has ${param}`);
    await expect(repeat(stripe, withoutYounger(bearer, param))).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringMatching(/^Request validation error/),
    });
  });
});
