import fc from 'fast-check';
import type { OrderEvent } from '../../src/modules/orders/domain/order.events.js';
import { type OrderCommand, orderDecider } from '../../src/modules/orders/domain/order.js';
import { initialOrder, type Order } from '../../src/modules/orders/domain/order.state.js';
import type { PaymentId } from '../../src/shared/domain/ids.js';
import { Money } from '../../src/shared/domain/money.js';
import { Refusal } from '../../src/shared/domain/refusal.js';
import { importing, total } from './an-order.js';

const { decide, evolve } = orderDecider;
const payment: fc.Arbitrary<PaymentId> = fc.constantFrom('pay_1', 'pay_2', 'pay_3', 'pay_4');
const minor = fc.oneof(
  fc.constantFrom(0, 1, 49, 50, 51, 100, 3000, 10_000, 99_999_999),
  fc.integer({ min: 0, max: 12_000 }),
);
const money = minor.map((amount) => Money.of(amount, 'usd'));
const policy = fc.constantFrom('refund_all' as const, 'keep_credit' as const, 'none' as const);

const command: fc.Arbitrary<OrderCommand> = fc.oneof(
  { weight: 1, arbitrary: minor.map((amount) => importing(total(amount))) },
  { weight: 2, arbitrary: minor.map((amount) => ({ type: 'ReviseOrder' as const, changes: total(amount) })) },
  { weight: 1, arbitrary: fc.constant({ type: 'IssueInvoice' as const, number: 'INV-000001' }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('ReservePayment' as const),
      payment,
      amount: fc.option(money),
      channel: fc.constantFrom('card' as const, 'link' as const),
      instruction: fc.constant({}),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('ReleaseReservation' as const),
      payment,
      why: fc.constant('declined'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('ApplyPayment' as const), payment, captured: money }),
  },
  { weight: 1, arbitrary: policy.map((chosen) => ({ type: 'CancelOrder' as const, policy: chosen })) },
);

export type Step = Readonly<{
  command: OrderCommand;
  before: Order;
  events: readonly OrderEvent[];
  after: Order;
}>;

/** What happens when these commands come one after another; a refused one changes nothing. */
function run(commands: readonly OrderCommand[]): Step[] {
  let order = initialOrder;
  return commands.map((next) => {
    const before = order;
    const events = attempt(next, before);
    order = events.reduce(evolve, before);
    return { command: next, before, events, after: order };
  });
}

function attempt(next: OrderCommand, order: Order): readonly OrderEvent[] {
  try {
    return decide(next, order);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

/** Random histories of commands on one order of 100.00, those that were refused included. */
export const orderHistories = fc
  .array(command, { maxLength: 25 })
  .map((commands) => run([importing(total(10_000)), ...commands]));
