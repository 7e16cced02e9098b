import type Stripe from 'stripe';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { Booking } from '../../domain/books.js';

/** Stripe's reporting categories that move customers' money, and its payouts. */
const kinds: Readonly<Record<string, Booking['kind']>> = {
  charge: 'charge',
  refund: 'refund',
  refund_failure: 'refund_return',
  dispute: 'dispute',
  dispute_reversal: 'dispute_return',
  payout: 'payout',
  payout_reversal: 'payout',
};

type Source = Readonly<Record<string, unknown>>;

/** @param transaction with its source expanded */
export function toBooking(store: StoreId, transaction: Stripe.BalanceTransaction): Booking {
  const { id, amount, fee, net, currency, created, reporting_category: category } = transaction;
  const source = transaction.source as string | Source | null;
  const object = isObject(source) ? source : {};
  const kind = kinds[category] ?? 'other';
  return {
    id,
    kind,
    category,
    source: isObject(source) ? idOf(source) : source,
    charge: kind === 'charge' ? idOf(object) : idOf(object['charge']),
    payment: claimed(store, object['metadata']),
    at: instant(created),
    ...presented(transaction, object),
    balance: { amount, currency, fee, net },
  };
}

/** The balance may be kept in another currency than the customer paid in: then the object itself says how much it was. */
function presented(
  { amount, currency }: Stripe.BalanceTransaction,
  object: Source,
): Readonly<{ amount: number; currency: string }> {
  const paid = object['currency'];
  const shown = object['amount_captured'] ?? object['amount'];
  if (typeof paid !== 'string' || typeof shown !== 'number' || paid === currency) return { amount, currency };
  return { amount: Math.sign(amount) * shown, currency: paid };
}

/** The payment that the object's metadata names, where it names this store too. */
function claimed(store: StoreId, metadata: unknown): string | null {
  if (!isObject(metadata) || metadata['store'] !== store) return null;
  const { payment } = metadata;
  return typeof payment === 'string' && payment.startsWith('pay_') ? payment : null;
}

function idOf(value: unknown): string | null {
  if (isObject(value)) return idOf(value['id']);
  return typeof value === 'string' ? value : null;
}

function isObject(value: unknown): value is Source {
  return typeof value === 'object' && value !== null;
}

/** @param created Unix seconds */
export function instant(created: number): string {
  return new Date(created * 1000).toISOString();
}
