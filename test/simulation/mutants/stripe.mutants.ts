import {
  GatewayUnreachable,
  type IntentState,
} from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import { paymentAggregate } from '../../../src/modules/payments/domain/payment.js';
import { type StripeNotice, stripeEventDecider } from '../../../src/modules/payments/domain/stripe-event.js';
import { following } from '../../../src/shared/application/context.js';
import type { Streams } from '../../../src/shared/application/streams.js';
import type { PaymentId, StoreId } from '../../../src/shared/domain/ids.js';
import { simulatedStores } from '../twins/simulated.store-directory.js';
import type { AnyPolicy } from '../world/surgery.js';
import { but, deciding, type Mutant } from './planting.js';

const declined: IntentState = {
  kind: 'declined',
  failure: { code: 'timeout', decline_code: null, advice_code: null, message: '', charge: null },
};

function silent<T>(error: unknown, instead: T): T {
  if (error instanceof GatewayUnreachable) return instead;
  throw error;
}

/** What can be got wrong in the conversation with Stripe. */
export const stripeMutants: readonly Mutant[] = [
  {
    name: 'charges in one step',
    make: () => ({
      surgery: {
        gateway: (gateway) =>
          but(gateway, {
            createIntent: async (request) => {
              const intent = await gateway.createIntent(request);
              const { store, payment } = request;
              await gateway.confirmIntent({ store, payment, intent, returnUrl: null });
              return intent;
            },
          }),
      },
    }),
  },
  {
    name: 'takes a timeout for a decline',
    make: () => ({
      surgery: {
        gateway: (gateway) =>
          but(gateway, {
            confirmIntent: (request) =>
              gateway.confirmIntent(request).catch((error) => silent(error, declined)),
          }),
      },
    }),
  },
  {
    name: 'uses a fresh key each time it asks for a page',
    make: () => {
      let count = 1_000;
      return {
        surgery: {
          gateway: (gateway) =>
            but(gateway, {
              openSession: (request) => {
                count += 1;
                return gateway.openSession({ ...request, session: count });
              },
            }),
        },
      };
    },
  },
  {
    name: 'opens the next page of a link over the amount of its first',
    make: () => {
      const amounts = new Map<string, number>();
      return {
        surgery: {
          gateway: (gateway) =>
            but(gateway, {
              openSession: (request) => {
                const amount = amounts.get(request.link) ?? request.amount;
                amounts.set(request.link, amount);
                return gateway.openSession({ ...request, amount });
              },
            }),
        },
      };
    },
  },
  {
    name: 'takes silence for an expired page',
    make: () => ({
      surgery: {
        gateway: (gateway) =>
          but(gateway, {
            expireSession: (store, page) =>
              gateway
                .expireSession(store, page)
                .catch((error) => silent(error, { kind: 'expired' as const })),
          }),
      },
    }),
  },
  {
    name: 'takes silence for a cancelled intent',
    make: () => ({
      surgery: {
        gateway: (gateway) =>
          but(gateway, {
            cancelIntent: (store, intent) =>
              gateway
                .cancelIntent(store, intent)
                .catch((error) => silent(error, { kind: 'canceled' as const })),
          }),
      },
    }),
  },
  {
    name: 'does not wait for Stripe to expire a page',
    make: () => ({
      surgery: {
        gateway: (gateway) =>
          but(gateway, {
            expireSession: async (store, page) => {
              gateway.expireSession(store, page).catch(() => undefined);
              return { kind: 'expired' as const };
            },
          }),
      },
    }),
  },
  {
    name: 'takes a page for expired by our own clock',
    make: () => {
      const ends = new Map<string, number>();
      return {
        surgery: {
          gateway: (gateway, { wire }) =>
            but(gateway, {
              openSession: async (request) => {
                const page = await gateway.openSession(request);
                ends.set(page.checkoutSession, Date.parse(request.expiresAt) - 50 * 60_000);
                return page;
              },
              findSession: async (store, page) =>
                (ends.get(page) ?? Infinity) < wire.kernel.now
                  ? { kind: 'expired' as const }
                  : gateway.findSession(store, page),
            }),
        },
      };
    },
  },
  {
    name: 'counts money in floats',
    make: () => ({
      surgery: {
        gateway: (gateway) =>
          but(gateway, {
            confirmIntent: async (request) => inFloats(await gateway.confirmIntent(request)),
            findIntent: async (store, intent) => inFloats(await gateway.findIntent(store, intent)),
          }),
      },
    }),
  },
  {
    name: 'believes what a webhook says',
    make: () => ({
      surgery: { policy: (policy, { streams }) => believing(policy, streams) },
    }),
  },
  {
    name: 'takes an event for whatever store its payment is in',
    make: () => ({
      surgery: { policy: (policy, { streams }) => acrossStores(policy, streams) },
    }),
  },
  {
    name: 'stores an event of Stripe’s at each delivery',
    make: () =>
      deciding(stripeEventDecider, (command, state, decide) =>
        decide(command, command.type === 'ReceiveEvent' ? { status: 'none' } : state),
      ),
  },
  {
    name: 'leaves the intent of a failed charge as it is',
    make: () => ({
      surgery: { policy: (policy) => (policy.name === 'cancel-intent-when-failed' ? null : policy) },
    }),
  },
  { name: 'never sweeps', make: () => ({ surgery: { sweeps: false } }) },
];

function inFloats(state: IntentState): IntentState {
  if (state.kind !== 'captured') return state;
  return { ...state, amount: Math.floor((state.amount / 100) * 100) };
}

function believing(policy: AnyPolicy, streams: () => Streams) {
  if (policy.name !== 'apply-stripe-events') return policy;
  return but(policy, {
    on: async (event) => {
      const { type, object } = event.data as StripeNotice;
      const id = object.payment as PaymentId | null;
      if (type !== 'payment_intent.succeeded' || !id) return policy.on(event);
      const { state } = await streams().load(paymentAggregate, id);
      if (state.status === 'none') return policy.on(event);
      const { amount, currency, store, order } = state.asked;
      const intent = object.payment_intent ?? '';
      const told = {
        intent,
        charge: '',
        amount,
        currency,
        card: null,
        source: 'webhook',
        stripe_event: null,
      } as const;
      const context = { ...following(event, 'webhook'), store, order };
      await streams().handle(paymentAggregate, id, { type: 'RecordCapture', capture: told }, context);
      await policy.on(event);
    },
  });
}

function acrossStores(policy: AnyPolicy, streams: () => Streams) {
  if (policy.name !== 'apply-stripe-events') return policy;
  return but(policy, {
    on: async (event) => {
      const notice = event.data as StripeNotice;
      const { state } = await streams().load(paymentAggregate, notice.object.payment ?? 'pay_none');
      const store: StoreId | undefined = state.status === 'none' ? simulatedStores[0]?.id : state.asked.store;
      await policy.on({ ...event, data: { ...notice, store } } as typeof event);
    },
  });
}
