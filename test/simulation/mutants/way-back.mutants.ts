import { orderDecider } from '../../../src/modules/orders/domain/order.js';
import { Refunds } from '../../../src/modules/payments/application/processes/refunds.process.js';
import { but, deciding, type Mutant, patch } from './planting.js';

/** One policy less. */
function without(name: string): Mutant['make'] {
  return () => ({ surgery: { policy: (policy) => (policy.name === name ? null : policy) } });
}

/** What can be got wrong with money on its way back. */
export const wayBackMutants: readonly Mutant[] = [
  {
    name: 'never looks at refunds that were made at Stripe',
    make: () => ({ surgery: { refundGateway: (gateway) => but(gateway, { refundsOf: async () => [] }) } }),
  },
  {
    name: 'never looks at disputes',
    make: () => ({ surgery: { refundGateway: (gateway) => but(gateway, { disputesOf: async () => [] }) } }),
  },
  {
    name: 'does not look at Stripe before it goes on with an old refund',
    make: () => ({
      plant: () =>
        patch(
          Refunds.prototype,
          'resume',
          () =>
            async function (this: Refunds, id, refund, context) {
              await this.begin(id, refund, context);
            },
        ),
    }),
  },
  {
    name: 'counts a refund as often as it hears of it',
    make: () =>
      deciding(orderDecider, (command, order, decide) => {
        if (command.type !== 'ApplyRefund' || order.status === 'none') return decide(command, order);
        return decide(command, { ...order, refunds: new Map() });
      }),
  },
  {
    name: 'lets a refund stand that has failed',
    make: () =>
      deciding(orderDecider, (command, order, decide) =>
        command.type === 'ReverseRefund' ? [] : decide(command, order),
      ),
  },
  {
    name: 'makes refunds only while somebody waits for them',
    make: without('make-refund-when-requested'),
  },
  { name: 'tells nobody that an order was paid too much', make: without('open-exceptions-of-orders') },
  { name: 'tells nobody of disputes', make: without('open-exceptions-of-payments') },
  { name: 'tells nobody that a refund has failed', make: without('open-exceptions-when-refunds-fail') },
  { name: 'forgets what was decided about an exception', make: without('carry-out-resolution-when-chosen') },
];
