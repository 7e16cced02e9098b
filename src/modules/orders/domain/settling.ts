import { Money } from '../../../shared/domain/money.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { checkRest, mustBeCollectable, mustNotExceed, numbersOf } from './balance.js';
import { completeCancellation, keepsNothing } from './cancellation.js';
import { askedMinor, mustBeOpen, mustHaveNothingInFlight } from './order.checks.js';
import type { OrderCommand } from './order.commands.js';
import type { OrderEvent } from './order.events.js';
import { amountsOf, type ExistingOrder, evolve, type Order } from './order.state.js';
import { revision } from './revision.js';

type Resolve = Extract<OrderCommand, { type: 'ResolveExcess' }>;
type WriteOff = Extract<OrderCommand, { type: 'WriteOffBalance' }>;

/**
 * Money above what is owed becomes the customer's credit, or the total is raised to meet it. On an order that keeps
 * nothing all that it holds may become credit, which ends a cancellation whose refund failed.
 * @throws Refusal `validation_failed` above what there is, `order_cancelled` where the total cannot be raised any more
 */
export function resolveExcess(order: ExistingOrder, command: Resolve): readonly OrderEvent[] {
  const { resolution, reference } = command;
  if (reference !== null && order.settled.has(reference)) return [];
  const { netPaid, overpaid } = amountsOf(order);
  const most = resolution === 'credit' && keepsNothing(order) ? Math.max(0, netPaid) : overpaid;
  if (most === 0) return [];
  const amount = askedMinor(order, command.amount, most);
  if (amount > most) {
    const [asked, held] = [amount, most].map((minor) => Money.format({ minor, currency: order.currency }));
    throw new Refusal('validation_failed', `${asked} was asked for; ${held} is too much.`, {
      param: '/amount',
      overpaid: most,
      currency: order.currency,
    });
  }
  const resolved: OrderEvent = { type: 'ExcessResolved', data: { resolution, amount, reference } };
  return resolution === 'credit' ? credit(order, amount, resolved) : [resolved, ...raise(order, amount)];
}

/** What becomes credit is not owed either, and a cancellation ends with the last of it. */
function credit(order: ExistingOrder, amount: number, resolved: OrderEvent): readonly OrderEvent[] {
  const owed = Math.max(0, amount - amountsOf(order).overpaid);
  const written: OrderEvent[] =
    owed > 0 ? [{ type: 'BalanceWrittenOff', data: { amount: owed, reference: null } }] : [];
  const events = [...written, resolved];
  const after = events.reduce(evolve, order as Order) as ExistingOrder;
  return [...events, ...completeCancellation(after)];
}

/** Raises what is owed by the amount. Lines still add up: another one says by how much. */
function raise(order: ExistingOrder, amount: number): readonly OrderEvent[] {
  mustBeOpen(order);
  const { terms, ledger } = order;
  const total = amountsOf(order).owed + ledger.writtenOff + ledger.credited + amount;
  const more = total - terms.total;
  const adjustment = {
    description: 'Adjustment',
    sku: null,
    quantity: '1',
    unit_amount: more,
    amount: more,
    tax_amount: 0,
  };
  const lines = terms.lines.length > 0 ? [...terms.lines, adjustment] : [];
  return revision(order, { ...terms, lines, total });
}

/**
 * Part or all of what may be collected is no longer asked for.
 * @throws Refusal `payment_in_flight`, `order_settled`, `payment_disputed`, `amount_exceeds_balance`, and where less
 * than Stripe charges would be left
 */
export function writeOffBalance(order: ExistingOrder, command: WriteOff): readonly OrderEvent[] {
  const { reference } = command;
  if (reference !== null && order.settled.has(reference)) return [];
  mustBeOpen(order);
  mustHaveNothingInFlight(order);
  mustBeCollectable(order);
  const { collectable } = amountsOf(order);
  const amount = askedMinor(order, command.amount, collectable);
  mustNotExceed(order, amount);
  checkRest(collectable - amount, order.currency, { ...numbersOf(order), param: '/amount', amount });
  return [{ type: 'BalanceWrittenOff', data: { amount, reference } }];
}
