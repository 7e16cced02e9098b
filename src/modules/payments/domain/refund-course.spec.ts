import { describe, test } from '@jest/globals';
import { captured, refundDetected, refundRequested } from '../../../../test/support/a-payment.js';
import { specification } from '../../../../test/support/specification.js';
import type { PaymentEvent } from './payment.events.js';
import { paymentDecider } from './payment.js';
import type { Refund } from './refund.js';

const { given } = specification(paymentDecider);
const requested = refundRequested('refund_1', 3000);
const at = { refund: 'refund_1', stripe_refund: 're_1' } as const;
const pending: PaymentEvent = { type: 'RefundPending', data: at };
const succeeded: PaymentEvent = { type: 'RefundSucceeded', data: at };
const failed: PaymentEvent = { type: 'RefundFailed', data: { ...at, failure_reason: 'lost_or_stolen_card' } };
const canceled: PaymentEvent = { type: 'RefundCanceled', data: at };
const refused: PaymentEvent = {
  type: 'RefundFailed',
  data: { refund: 'refund_1', stripe_refund: null, failure_reason: 'insufficient_funds' },
};

describe('what is known of a refund', () => {
  const asked = {
    status: 'requested',
    amount: 3000,
    currency: 'usd',
    effect: 'credit',
    reason: null,
    source: 'quittance',
    stripeRefund: null,
    failureReason: null,
  } as const;
  const known = (...events: PaymentEvent[]) => ({
    is: (refund: Refund) =>
      given(...captured, ...events).thenState({ refunds: new Map([['refund_1', refund]]) }),
  });

  test('is at first what was asked', () => known(requested).is(asked));
  test('is how far it has come at Stripe', () => {
    known(requested, pending).is({ ...asked, status: 'pending', stripeRefund: 're_1' });
    known(requested, succeeded).is({ ...asked, status: 'succeeded', stripeRefund: 're_1' });
    known(requested, canceled).is({ ...asked, status: 'canceled', stripeRefund: 're_1' });
  });
  test('is why it failed, and which it was at Stripe', () => {
    const inVain = { ...asked, status: 'failed', failureReason: 'insufficient_funds' } as const;
    known(requested, refused).is(inVain);
    known(requested, pending, refused).is({ ...inVain, stripeRefund: 're_1' });
    known(requested, failed).is({
      ...inVain,
      stripeRefund: 're_1',
      failureReason: 'lost_or_stolen_card',
    });
  });
  test('is no failure any more once it is under way or done after all', () => {
    known(requested, refused, pending).is({ ...asked, status: 'pending', stripeRefund: 're_1' });
    known(requested, refused, succeeded).is({ ...asked, status: 'succeeded', stripeRefund: 're_1' });
  });
  test('is that it was made at Stripe, where it was', () =>
    known(refundDetected('refund_1', 3000)).is({
      ...asked,
      status: 'pending',
      source: 'stripe',
      stripeRefund: 're_1',
    }));
  test.each([pending, succeeded, canceled, failed, refused])(
    'is nothing where nobody began it: %j',
    (event) => given(...captured, event).thenState({ refunds: new Map() }),
  );
});
