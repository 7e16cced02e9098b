import { expect, test } from '@jest/globals';
import {
  applied,
  disputed,
  opened,
  refunded,
  unrefunded,
  withdrawn,
} from '../../../../test/support/an-order.js';
import { fold } from '../../../shared/domain/decider.js';
import type { OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';
import type { ExistingOrder } from './order.state.js';
import { paymentSums } from './payment-sums.js';

/** The same, for another payment. */
const of = (payment: `pay_${string}`, event: OrderEvent) =>
  ({ ...event, data: { ...event.data, payment } }) as OrderEvent;
const order = fold(orderDecider, [
  opened(),
  applied('pay_1', 6000),
  applied('pay_2', 4000),
  refunded('refund_1', 100),
  refunded('refund_2', 200),
  refunded('refund_3', 400),
  unrefunded('refund_3', 400),
  of('pay_2', refunded('refund_4', 800)),
  disputed('open'),
  withdrawn(1000),
  disputed('lost', 'dispute_2'),
  withdrawn(2000, 'dispute_2'),
  of('pay_2', disputed('open', 'dispute_3')),
  of('pay_2', withdrawn(50, 'dispute_3')),
]) as ExistingOrder;

test.each([
  ['pay_1', { captured: 6000, refunded: 300, withdrawn: 3000 }],
  ['pay_2', { captured: 4000, refunded: 800, withdrawn: 50 }],
  ['pay_3', { captured: 0, refunded: 0, withdrawn: 0 }],
] as const)('of %s the order knows what came, went back and was taken', (payment, expected) =>
  expect(paymentSums(order, payment)).toEqual(expected),
);
