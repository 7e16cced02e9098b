import type { OrderCommand } from '../../src/modules/orders/domain/order.commands.js';
import type {
  Customer,
  DisputeDecision,
  DisputeStatus,
  ExcessResolution,
  Line,
  OrderEvent,
  PaymentStatus,
  RefundEffect,
  RefundPolicy,
  Terms,
} from '../../src/modules/orders/domain/order.events.js';
import { amountsOf, type ExistingOrder } from '../../src/modules/orders/domain/order.state.js';
import type { Currency } from '../../src/shared/domain/currency.js';
import type { DisputeId, PaymentId, RefundId, StoreId } from '../../src/shared/domain/ids.js';
import { Money } from '../../src/shared/domain/money.js';

export const lamps: StoreId = 'store_01';
export const usd = 'usd' as Currency;
export const dollars = (amount: number) => Money.of(Math.round(amount * 100), 'usd');

export const ada: Customer = {
  id: 'cust_07',
  external_id: 'c-7',
  name: 'Ada Lovelace',
  email: 'ada@example.test',
  phone: null,
  address: null,
};

export const deskLamps: Line = {
  description: 'Desk lamp',
  sku: 'LMP-1',
  quantity: '2',
  unit_amount: 4000,
  amount: 8000,
  tax_amount: 1600,
};

/** Two desk lamps for 100.00. */
export function someTerms(changes: Partial<Terms> = {}): Terms {
  return {
    number: 'SO-1042',
    customer: ada,
    lines: [deskLamps],
    shipping_amount: 400,
    total: 10_000,
    due_date: '2026-12-24',
    metadata: {},
    ...changes,
  };
}

/** Terms without lines: the total stands alone. */
export const total = (minor: number): Terms => someTerms({ lines: [], shipping_amount: 0, total: minor });

export function importing(terms: Terms = someTerms(), currency = usd): OrderCommand {
  return { type: 'ImportOrder', store: lamps, livemode: false, externalId: 'SO-1042', currency, terms };
}

export function opened(terms: Terms = someTerms(), currency = usd): OrderEvent {
  return {
    type: 'OrderOpened',
    data: { store: lamps, livemode: false, external_id: 'SO-1042', currency, terms },
  };
}

export const invoiced = (revision = 1): OrderEvent => ({
  type: 'InvoiceIssued',
  data: { number: 'INV-000017', revision },
});

export const reserve = (
  payment: PaymentId,
  amount: Money | null,
  channel: 'card' | 'link' = 'card',
): OrderCommand => ({ type: 'ReservePayment', payment, amount, channel, instruction: { method: 'pm_1' } });

export const reserved = (
  payment: PaymentId,
  amount: number,
  channel: 'card' | 'link' = 'card',
): OrderEvent => ({
  type: 'PaymentReserved',
  data: { payment, amount, channel, instruction: { method: 'pm_1' } },
});

export const released = (payment: PaymentId, amount: number): OrderEvent => ({
  type: 'ReservationReleased',
  data: { payment, amount, why: 'declined' },
});

export const applied = (payment: PaymentId, amount: number, excess = 0): OrderEvent => ({
  type: 'PaymentApplied',
  data: { payment, captured: amount + excess, applied: amount, excess },
});

const payment = 'pay_1' as const;

export const applyRefund = (
  refund: RefundId,
  amount: number,
  effect: RefundEffect = 'credit',
): OrderCommand => ({ type: 'ApplyRefund', refund, payment, amount: dollars(amount), effect });

export const refunded = (
  refund: RefundId,
  amount: number,
  credited = amount,
  effect: RefundEffect = 'credit',
): OrderEvent => ({ type: 'RefundApplied', data: { refund, payment, amount, effect, credited } });

export const unrefunded = (refund: RefundId, amount: number, credited = amount): OrderEvent => ({
  type: 'RefundReversed',
  data: { refund, payment, amount, credited, why: 'failed' },
});

/** One dispute about one payment, where it stands, and what it holds. */
export const applyDispute = (
  status: DisputeStatus,
  withdrawn: number,
  dispute: DisputeId = 'dispute_1',
): OrderCommand => ({ type: 'ApplyDispute', dispute, payment, status, withdrawn: dollars(withdrawn) });

export const disputed = (status: DisputeStatus, dispute: DisputeId = 'dispute_1'): OrderEvent => ({
  type: 'DisputeRecorded',
  data: { dispute, payment, status },
});

export const withdrawn = (amount: number, dispute: DisputeId = 'dispute_1'): OrderEvent => ({
  type: 'DisputeFundsWithdrawn',
  data: { dispute, payment, amount },
});

export const reinstated = (
  amount: number,
  written_back = 0,
  dispute: DisputeId = 'dispute_1',
): OrderEvent => ({
  type: 'DisputeFundsReinstated',
  data: { dispute, payment, amount, written_back },
});

export const decided = (
  decision: DisputeDecision,
  written_off = 0,
  dispute: DisputeId = 'dispute_1',
): OrderEvent => ({ type: 'LostDisputeDecided', data: { dispute, decision, written_off } });

export const cancelled = (written_off: number, policy: RefundPolicy = 'none'): OrderEvent => ({
  type: 'OrderCancelled',
  data: { policy, written_off },
});

export const cancelling: OrderEvent = { type: 'CancellationRequested', data: { policy: 'refund_all' } };

export const resolved = (
  resolution: ExcessResolution,
  amount: number,
  reference: string | null = null,
): OrderEvent => ({ type: 'ExcessResolved', data: { resolution, amount, reference } });

export const writtenOff = (amount: number, reference: string | null = null): OrderEvent => ({
  type: 'BalanceWrittenOff',
  data: { amount, reference },
});

export const becomes = (from: PaymentStatus, to: PaymentStatus, balance_due: number): OrderEvent => ({
  type: 'PaymentStatusChanged',
  data: { from, to, balance_due },
});

/** What the ledger of an existing order says. */
export function sums(order: ExistingOrder) {
  return { ...order.ledger, ...amountsOf(order) };
}

/** The order of someTerms, as the order system sends it. */
export const orderBody = {
  number: 'SO-1042',
  currency: 'usd',
  customer: {
    external_id: 'c-7',
    name: 'Ada Lovelace',
    email: 'ada@example.test',
    phone: null,
    address: null,
  },
  lines: [deskLamps],
  shipping_amount: 400,
  total: 10_000,
  due_date: '2026-12-24',
  metadata: { channel: 'web' },
};

/** No more than an order needs. */
export const plainOrder = { currency: 'usd', customer: { name: 'Ada Lovelace' }, total: 10_000 };
