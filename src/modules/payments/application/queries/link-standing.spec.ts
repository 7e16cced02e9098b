import { describe, expect, test } from '@jest/globals';
import { applied, opened } from '../../../../../test/support/an-order.js';
import { fold } from '../../../../shared/domain/decider.js';
import type { ExistingOrder, OrderEvent } from '../../../orders/index.js';
import { orderAggregate } from '../../../orders/index.js';
import type { AmountRule, PaymentLinkEvent } from '../../domain/payment-link.events.js';
import { type ExistingLink, paymentLinkDecider } from '../../domain/payment-link.js';
import { standing } from './link-standing.js';

const now = new Date('2026-11-24T12:00:00.000Z');
const fixed = (amount: number): AmountRule => ({ rule: 'fixed', amount });

function of(rule: AmountRule, events: readonly OrderEvent[], then: readonly PaymentLinkEvent[] = []) {
  const created: PaymentLinkEvent = {
    type: 'LinkCreated',
    data: {
      link: 'link_1',
      order: 'order_1',
      store: 'store_1',
      livemode: false,
      currency: 'usd' as never,
      amount_rule: rule,
      token_hash: 'h',
      expires_at: '2026-11-25T12:00:00.000Z',
      recipient: { name: 'Ada', email: null },
      message: null,
      metadata: {},
    },
  };
  const order = fold(orderAggregate.decider, [opened(), ...events]) as ExistingOrder;
  const link = fold(paymentLinkDecider, [created, ...then]) as ExistingLink;
  return (at = now) => standing(link, order, at);
}

const withdrawn: OrderEvent[] = [
  applied('pay_1', 10_000),
  { type: 'DisputeRecorded', data: { dispute: 'dispute_1', payment: 'pay_1', status: 'open' } },
  { type: 'DisputeFundsWithdrawn', data: { dispute: 'dispute_1', payment: 'pay_1', amount: 4000 } },
];

describe('a link', () => {
  test('asks for what is due, or for its own amount', () => {
    expect(of({ rule: 'balance' }, [applied('pay_1', 3000)])()).toEqual({ kind: 'payable', amount: 7000 });
    expect(of(fixed(7000), [applied('pay_1', 3000)])()).toEqual({ kind: 'payable', amount: 7000 });
  });
  test('for more than is due can no longer be paid like that', () =>
    expect(of(fixed(7001), [applied('pay_1', 3000)])()).toEqual({ kind: 'superseded' }));
  test('is over with what is due', () =>
    expect(of({ rule: 'balance' }, [applied('pay_1', 10_000)])()).toEqual({ kind: 'already_paid' }));
  test('waits while a bank disputes the money that is due again', () => {
    expect(of({ rule: 'balance' }, withdrawn)()).toEqual({ kind: 'contested' });
    expect(of(fixed(4000), withdrawn)()).toEqual({ kind: 'contested' });
    expect(of(fixed(4001), withdrawn)()).toEqual({ kind: 'superseded' });
  });
  test('of an order that is being cancelled takes nothing', () =>
    expect(
      of({ rule: 'balance' }, [
        applied('pay_1', 3000),
        { type: 'CancellationRequested', data: { policy: 'refund_all' } },
      ])(),
    ).toEqual({ kind: 'cancelled' }));
  test('is over at its hour', () => {
    const link = of({ rule: 'balance' }, []);
    expect(link(new Date('2026-11-25T11:59:59.999Z')).kind).toBe('payable');
    expect(link(new Date('2026-11-25T12:00:00.000Z')).kind).toBe('expired');
  });
  test('that was revoked or paid says so first', () => {
    expect(of({ rule: 'balance' }, withdrawn, [{ type: 'LinkRevoked', data: {} }])().kind).toBe('revoked');
    const paid: PaymentLinkEvent = { type: 'LinkPaid', data: { payment: 'pay_1' } };
    expect(of({ rule: 'balance' }, withdrawn, [paid])().kind).toBe('paid');
  });
});
