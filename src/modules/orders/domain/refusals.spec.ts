import { describe, expect, test } from '@jest/globals';
import {
  applied,
  applyDispute,
  cancelled,
  cancelling,
  decided,
  disputed,
  dollars,
  importing,
  opened,
  released,
  reserve,
  reserved,
  someTerms,
  total,
  withdrawn,
} from '../../../../test/support/an-order.js';
import type { Currency } from '../../../shared/domain/currency.js';
import { fold } from '../../../shared/domain/decider.js';
import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { OrderCommand } from './order.commands.js';
import type { OrderEvent } from './order.events.js';
import { orderDecider } from './order.js';

const refusal = (history: readonly OrderEvent[], command: OrderCommand): Refusal => {
  try {
    orderDecider.decide(command, fold(orderDecider, history));
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const cancel = { type: 'CancelOrder', policy: 'none', reason: null } as const;
const refundAll = { type: 'CancelOrder', policy: 'refund_all', reason: null } as const;
const revise = { type: 'ReviseOrder', changes: total(500) } as const;
const writeOff = (amount: number | null) =>
  ({ type: 'WriteOffBalance', amount: amount === null ? null : dollars(amount), reference: null }) as const;
const writeOffLost = { type: 'DecideLostDispute', dispute: 'dispute_1', decision: 'write_off' } as const;
const keep = (amount: number) =>
  ({ type: 'ResolveExcess', resolution: 'credit', amount: dollars(amount), reference: null }) as const;
const euros = { type: 'ApplyPayment', payment: 'pay_1', captured: Money.of(3000, 'eur') } as const;
const paid = [opened(), applied('pay_1', 10_000)];
const lost = [...paid, disputed('lost'), withdrawn(4000)];

describe('whoever is refused is told why, in words and numbers', () => {
  test.each<[string, readonly OrderEvent[], OrderCommand]>([
    ['There is no such order.', [], cancel],
    ['The order is cancelled.', [opened(), cancelled(10_000)], revise],
    ['The order is being cancelled.', [...paid, cancelling], revise],
    ['The order is in USD.', [opened()], importing(someTerms(), 'eur' as Currency)],
    ['30.00 EUR cannot count towards this order.', [opened()], euros],
    [
      'A payment of this order is under way; try again in a moment.',
      [opened(), reserved('pay_1', 1)],
      cancel,
    ],
    [
      'This payment has ended; a new one may hold the balance.',
      [opened(), reserved('pay_1', 3000), released('pay_1', 3000)],
      reserve('pay_1', null),
    ],
    ['Nothing is due on this order.', paid, writeOff(null)],
    [
      'A dispute holds the 40.00 USD due, and nobody has decided about it yet.',
      [...paid, disputed('open'), withdrawn(4000)],
      writeOff(null),
    ],
    [
      '100.01 USD was asked for; 100.00 USD is due, of which 30.00 USD is reserved.',
      [opened(), reserved('pay_1', 3000)],
      reserve('pay_2', dollars(100.01)),
    ],
    [
      '70.01 USD was asked for; of the 100.00 USD due, 30.00 USD is held for payments under way.',
      [opened(), reserved('pay_1', 3000)],
      reserve('pay_2', dollars(70.01)),
    ],
    ['Stripe charges no less than 0.50 USD.', [opened()], reserve('pay_1', dollars(0.49))],
    [
      '0.49 USD would be left, less than the 0.50 USD that Stripe charges at least.',
      [opened()],
      reserve('pay_1', dollars(99.51)),
    ],
    ['The amount must be above zero.', [opened()], writeOff(0)],
    ['A payment of this order is disputed; decide about the dispute first.', lost, refundAll],
    ['The order holds 100.00 USD; to keep it there must be a reason.', paid, cancel],
    ['5.01 USD was asked for; 5.00 USD is too much.', [opened(), applied('pay_1', 10_000, 500)], keep(5.01)],
    ['There is no such dispute on this order.', paid, writeOffLost],
    ['The dispute is open, not lost.', [...paid, disputed('open')], writeOffLost],
    [
      'What this dispute took is already decided: collect_again.',
      [...lost, decided('collect_again')],
      writeOffLost,
    ],
    [
      '40.00 EUR cannot count towards this order.',
      paid,
      { ...applyDispute('open', 40), withdrawn: Money.of(4000, 'eur') } as OrderCommand,
    ],
    ['A total is a whole number from 0 to 99999999.', [], importing(total(-1))],
    ['Amounts in ISK are multiples of 100.', [], importing(total(50), 'isk' as Currency)],
    [
      'Lines, tax and shipping come to 100.00 USD; the total says 1.00 USD.',
      [],
      importing(someTerms({ total: 100 })),
    ],
    [
      'Shipping is a part of the total, so it cannot be more.',
      [],
      importing(someTerms({ lines: [], shipping_amount: 401, total: 400 })),
    ],
  ])('%s', (words, history, command) => expect(refusal(history, command).detail).toBe(words));

  test('what is disputed is named only where there is any', () => {
    const facts = refusal([opened()], reserve('pay_1', dollars(101))).facts;
    expect(facts).toEqual({
      param: '/amount',
      amount: 10_100,
      balance_due: 10_000,
      available: 10_000,
      amount_reserved: 0,
      currency: 'usd',
    });
  });
});
