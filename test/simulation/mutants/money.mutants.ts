import { orderDecider } from '../../../src/modules/orders/domain/order.js';
import { orderAggregate } from '../../../src/modules/orders/index.js';
import { RevokePaymentLinkHandler } from '../../../src/modules/payments/application/commands/revoke-payment-link.command.js';
import { paymentDecider } from '../../../src/modules/payments/domain/payment.js';
import {
  paymentLinkAggregate,
  paymentLinkDecider,
} from '../../../src/modules/payments/domain/payment-link.js';
import { onOurOwn } from '../../../src/shared/application/context.js';
import type { Streams } from '../../../src/shared/application/streams.js';
import type { OrderId } from '../../../src/shared/domain/ids.js';
import { but, deciding, type Mutant, patch } from './planting.js';

const context = onOurOwn('sweep', 'a planted bug');

/** Rules of the deciders and processes, each taken out once. */
export const moneyMutants: readonly Mutant[] = [
  {
    name: 'ignores what is held for other payments',
    make: () =>
      deciding(orderDecider, (command, order, decide) => {
        if (command.type !== 'ReservePayment' || order.status === 'none') return decide(command, order);
        return decide(command, { ...order, ledger: { ...order.ledger, reserved: 0 } });
      }),
  },
  {
    name: 'changes the total under a hold',
    make: () =>
      deciding(orderDecider, (command, order, decide) => {
        if (command.type !== 'ReviseOrder' || order.status === 'none') return decide(command, order);
        return decide(command, { ...order, reservations: new Map() });
      }),
  },
  {
    name: 'cancels an order while money is under way',
    make: () =>
      deciding(orderDecider, (command, order, decide) => {
        if (command.type !== 'CancelOrder' || order.status === 'none') return decide(command, order);
        return decide(command, { ...order, reservations: new Map() });
      }),
  },
  {
    name: 'counts a payment as often as it hears of it',
    make: () =>
      deciding(orderDecider, (command, order, decide) => {
        if (command.type !== 'ApplyPayment' || order.status === 'none') return decide(command, order);
        return decide(command, { ...order, applied: new Map() });
      }),
  },
  {
    name: 'says nothing when an order is Paid',
    make: () =>
      deciding(orderDecider, (command, order, decide) =>
        decide(command, order).filter(({ type }) => type !== 'PaymentStatusChanged'),
      ),
  },
  {
    name: 'lets an unknown outcome fail',
    make: () =>
      deciding(paymentDecider, (command, payment, decide) => {
        if (command.type !== 'RecordUnknownOutcome') return decide(command, payment);
        const failure = { code: 'timeout', decline_code: null, advice_code: null, message: '', charge: null };
        const intent = payment.status === 'none' ? null : payment.intent;
        return decide({ type: 'RecordFailure', failure, intent }, payment);
      }),
  },
  {
    name: 'captures a payment again at each word of it',
    make: () =>
      deciding(paymentDecider, (command, payment, decide) => {
        if (command.type !== 'RecordCapture' || payment.status !== 'captured')
          return decide(command, payment);
        return decide(command, { ...payment, status: 'processing' });
      }),
  },
  {
    name: 'voids an intent that it has not seen end',
    make: () =>
      deciding(paymentDecider, (command, payment, decide) => {
        if (command.type !== 'VoidPayment' || payment.status === 'none') return decide(command, payment);
        return decide({ ...command, intent: payment.intent }, payment);
      }),
  },
  {
    name: 'asks for a second page while the first is open',
    make: () =>
      deciding(paymentLinkDecider, (command, link, decide) => {
        if (command.type !== 'RequestSession' || link.status === 'none') return decide(command, link);
        return decide(command, { ...link, open: null });
      }),
  },
  {
    name: 'revokes a link without closing its page',
    make: () => ({
      plant: () => {
        const undo = deciding(paymentLinkDecider, (command, link, decide) => {
          if (command.type !== 'RevokeLink' || link.status === 'none') return decide(command, link);
          return decide(command, { ...link, open: null });
        }).plant?.();
        const restore = patch(
          RevokePaymentLinkHandler.prototype,
          'execute',
          () =>
            async function (this: RevokePaymentLinkHandler, { link, context: asked }) {
              const { streams } = this as unknown as { streams: Streams };
              await streams.handle(paymentLinkAggregate, link, { type: 'RevokeLink' }, asked);
            },
        );
        return () => {
          undo?.();
          restore();
        };
      },
    }),
  },
  {
    name: 'frees what a page holds before Stripe has closed it',
    make: () => ({
      surgery: {
        fence: (fence, { streams }) =>
          but(fence, {
            close: async (order: OrderId, asked) => {
              const { state } = await streams().load(orderAggregate, order);
              if (state.status === 'none') return;
              for (const [payment, { channel }] of state.reservations) {
                if (channel !== 'link') continue;
                const release = { type: 'ReleaseReservation', payment, why: 'on a guess' } as const;
                await streams().handle(orderAggregate, order, release, { ...context, order });
              }
              fence.close(order, asked).catch(() => undefined);
            },
          }),
      },
    }),
  },
  {
    name: 'confirms a charge however late it is',
    make: () => ({
      surgery: {
        cardPayments: (cardPayments) =>
          but(cardPayments, {
            initiate: (id, orderId, order, held, asked) => {
              const instruction = { ...held.instruction, confirm_by: '2036-01-01T00:00:00.000Z' };
              return cardPayments.initiate(id, orderId, order, { ...held, instruction }, asked);
            },
          }),
      },
    }),
  },
];
