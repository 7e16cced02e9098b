import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { captured } from '../../../../test/support/a-payment.js';
import { fold } from '../../../shared/domain/decider.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { PaymentEvent } from './payment.events.js';
import { type ExistingPayment, type Payment, type PaymentCommand, paymentDecider } from './payment.js';
import { refundable, refundedOf } from './refund.js';

const wish = { reason: null, effect: 'credit', note: null } as const;

const seen = { stripeRefund: 're_1', amount: 3000, currency: 'usd', failureReason: null };

describe('whatever is asked and heard of refunds, in whatever order', () => {
  const refund = fc.constantFrom('refund_1' as const, 'refund_2' as const, 'refund_3' as const);
  const minor = fc.integer({ min: 1, max: 11_000 });
  const status = fc.constantFrom(
    'pending' as const,
    'succeeded' as const,
    'failed' as const,
    'canceled' as const,
  );
  const ours: fc.Arbitrary<PaymentCommand> = fc.oneof(
    fc
      .record({ id: refund, amount: minor })
      .map(
        ({ id, amount }) =>
          ({ type: 'RequestRefund', refund: id, amount: Money.of(amount, 'usd'), ...wish }) as const,
      ),
    fc
      .record({ id: refund, now: status })
      .map(({ id, now }) => ({ type: 'RecordRefund', refund: id, fact: { ...seen, status: now } }) as const),
    refund.map((id) => ({ type: 'RecordRefundRefused', refund: id, why: 'refused' }) as const),
  );

  test('what is asked for fits into what is left at that moment, and what is left is never negative', () =>
    fc.assert(
      fc.property(fc.array(ours, { maxLength: 15 }), (commands) => {
        let payment = fold(paymentDecider, captured) as ExistingPayment;
        for (const command of commands) {
          const events = attempt(command, payment);
          for (const event of events)
            if (event.type === 'RefundRequested')
              expect(event.data.amount).toBeLessThanOrEqual(refundable(payment));
          payment = events.reduce(paymentDecider.evolve, payment as Payment) as ExistingPayment;
          expect(refundable(payment)).toBe(Math.max(0, 10_000 - refundedOf(payment)));
        }
      }),
      { numRuns: 1000 },
    ));
});

function attempt(command: PaymentCommand, payment: Payment): readonly PaymentEvent[] {
  try {
    return paymentDecider.decide(command, payment);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}
