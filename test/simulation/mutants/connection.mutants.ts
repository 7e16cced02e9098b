import { isShut } from '../../../src/modules/payments/application/gateway-answers.js';
import {
  GatewayForbidden,
  GatewayRefused,
} from '../../../src/modules/payments/application/ports/payment-gateway.port.js';
import { paymentDecider } from '../../../src/modules/payments/domain/payment.js';
import { but, deciding, type Mutant } from './planting.js';

/** What can be got wrong where Stripe does not let us in: only for a while, or not to everything. */
export const connectionMutants: readonly Mutant[] = [
  {
    name: 'takes a missing right for the last word',
    make: () => ({ surgery: refusing((error) => error instanceof GatewayForbidden) }),
  },
  {
    name: 'takes a key that is refused for the last word',
    make: () => ({ surgery: refusing(isShut) }),
  },
  {
    name: 'forgets the news of a store that is not connected',
    make: () => ({
      surgery: {
        policy: (policy) =>
          policy.name !== 'apply-stripe-events'
            ? policy
            : but(policy, {
                on: (event) =>
                  policy.on(event).catch((error: unknown) => {
                    if (!isShut(error)) throw error;
                  }),
              }),
      },
    }),
  },
  {
    name: 'gives up by itself what nobody answers for',
    make: () =>
      deciding(paymentDecider, (command, payment, decide) => {
        if (command.type !== 'RecordUnknownOutcome' || payment.status !== 'unknown')
          return decide(command, payment);
        return [{ type: 'PaymentVoided', data: { why: 'given_up' } } as const];
      }),
  },
  {
    name: 'leaves the money of a payment where it is that a person has given up',
    make: () =>
      deciding(paymentDecider, (command, payment, decide) => {
        const isGivenUp = payment.status !== 'none' && payment.voidedBecause === 'given_up';
        return isGivenUp && command.type === 'RecordCapture' ? [] : decide(command, payment);
      }),
  },
];

/** Both gateways, with an answer of Stripe's where there was none. */
function refusing(isIt: (error: unknown) => boolean) {
  const answered = <T extends object>(gateway: T): T =>
    new Proxy(gateway, {
      get: (target, name) => {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return (...args: unknown[]) =>
          method.apply(target, args).catch((error: unknown) => {
            throw isIt(error)
              ? new GatewayRefused('resource_missing', null, 'There is no such thing.')
              : error;
          });
      },
    });
  return { gateway: answered, refundGateway: answered };
}
