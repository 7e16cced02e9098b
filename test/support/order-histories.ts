import fc from 'fast-check';
import type { OrderCommand } from '../../src/modules/orders/domain/order.commands.js';
import type { DisputeStatus, OrderEvent } from '../../src/modules/orders/domain/order.events.js';
import { orderDecider } from '../../src/modules/orders/domain/order.js';
import { type ExistingOrder, initialOrder, type Order } from '../../src/modules/orders/domain/order.state.js';
import type { DisputeId, PaymentId, RefundId } from '../../src/shared/domain/ids.js';
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
const refund: fc.Arbitrary<RefundId> = fc.constantFrom('refund_1', 'refund_2', 'refund_3', 'refund_4');
const dispute: fc.Arbitrary<DisputeId> = fc.constantFrom('dispute_1', 'dispute_2');
const policy = fc.constantFrom('refund_all' as const, 'keep_credit' as const, 'none' as const);

/** What orders go through before and while they are paid. */
const towardsPaid: fc.Arbitrary<OrderCommand> = fc.oneof(
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
);

/** What the bank and the customer do to money that was there. */
const moneyBack: fc.Arbitrary<OrderCommand> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('ApplyRefund' as const),
      refund,
      payment,
      amount: money,
      effect: fc.constantFrom('credit' as const, 'reopen' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('ReverseRefund' as const), refund, why: fc.constant('failed') }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('ApplyDispute' as const),
      dispute,
      payment: fc.constant('pay_1' as const),
      status: fc.constantFrom<DisputeStatus>('inquiry', 'open', 'won', 'lost', 'prevented', 'closed'),
      withdrawn: money,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('DecideLostDispute' as const),
      dispute,
      decision: fc.constantFrom('collect_again' as const, 'write_off' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('ReversePayment' as const),
      payment,
      why: fc.constant('bounced'),
    }),
  },
);

/** How people settle what is too much or too little. */
const settling: fc.Arbitrary<OrderCommand> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('ResolveExcess' as const),
      resolution: fc.constantFrom('credit' as const, 'raise_total' as const),
      amount: fc.option(money),
      reference: fc.option(fc.constantFrom('exc_1', 'exc_2')),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('WriteOffBalance' as const),
      amount: fc.option(money),
      reference: fc.option(fc.constant('key_1')),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('CancelOrder' as const),
      policy,
      reason: fc.option(fc.constant('Ordered twice')),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'CompleteCancellation' as const }) },
);

const command = fc.oneof(
  { weight: 5, arbitrary: towardsPaid },
  { weight: 4, arbitrary: moneyBack },
  { weight: 2, arbitrary: settling },
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

/** With lines, and without. */
const openings = [importing(), importing(total(10_000))];

/** Random histories of commands on one order of 100.00, those that were refused included. */
export const orderHistories = fc
  .tuple(fc.constantFrom(...openings), fc.array(command, { maxLength: 30 }))
  .map(([opening, commands]) => run([opening, ...commands]));

/** Whatever was asked in whatever order: the check holds. */
export const always = (check: (steps: readonly Step[]) => void) =>
  fc.assert(fc.property(orderHistories, check), { numRuns: 600 });

export const existing = (order: Order) => order as ExistingOrder;
export const folded = (order: ExistingOrder, event: OrderEvent) => existing(evolve(order, event));

type Of<T extends OrderEvent['type']> = Extract<OrderEvent, { type: T }>;
export const eventsOf = <T extends OrderEvent['type']>(steps: readonly Step[], type: T) =>
  steps.flatMap(({ events }) => events).filter((event): event is Of<T> => event.type === type);

/** Every event of the type, with the order just before it. */
export function single<T extends OrderEvent['type']>(steps: readonly Step[], type: T) {
  return steps.flatMap(({ before, events }) =>
    events.flatMap((event, at) =>
      event.type === type
        ? [{ before: existing(events.slice(0, at).reduce(evolve, before)), event: event as Of<T> }]
        : [],
    ),
  );
}
