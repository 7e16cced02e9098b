import { z } from 'zod';
import type { EventCodec } from '../../../../shared/application/event-catalog.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { ReconciliationEvent } from '../../domain/reconciliation.events.js';

type DataOf<T extends ReconciliationEvent['type']> = Extract<ReconciliationEvent, { type: T }>['data'];

const text = z.string();
const store = z.custom<StoreId>((id) => typeof id === 'string' && id.startsWith('store_'));
const money = z.object({ amount: z.int(), currency: text });
const count = z.int().nonnegative();

const difference = z.object({
  id: text,
  kind: z.enum([
    'unknown_at_stripe',
    'missing_here',
    'amount_differs',
    'currency_differs',
    'fee_differs',
    'payout_differs',
    'made_elsewhere',
    'not_booked_yet',
    'booked_in_another_period',
  ]),
  stripe: text.nullable(),
  source: text.nullable(),
  payment: text.nullable(),
  order: text.nullable(),
  at: text,
  ledger: money.nullable(),
  booked: money.nullable(),
  amount: z.int(),
  currency: text,
  explanation: text.nullable(),
});

const total = z.object({
  currency: text,
  ledger_total: z.int(),
  stripe_total: z.int(),
  elsewhere_total: z.int(),
  captured: z.int(),
  refunded: z.int(),
  disputed: z.int(),
});

const balance = z.object({
  currency: text,
  gross: z.int(),
  fees: z.int(),
  net: z.int(),
  paid_out: z.int(),
  other: z.int(),
});

/** The stored shape of an event at its newest version. */
function stored<T extends ReconciliationEvent['type']>(schema: z.ZodType<DataOf<T>>) {
  return { version: 1, parse: (data: unknown): DataOf<T> => schema.parse(data) };
}

/** What is written to the log and read from it. Stored shapes never change: a new one is a new version and an upcast. */
export const reconciliationCodec: EventCodec<ReconciliationEvent> = {
  ReconciliationRequested: stored<'ReconciliationRequested'>(
    z.object({
      store,
      livemode: z.boolean(),
      from: text,
      to: text,
      trigger: z.enum(['api', 'daily']),
    }),
  ),
  ReconciliationCompleted: stored<'ReconciliationCompleted'>(
    z.object({
      currency: text.nullable(),
      ledger_total: z.int(),
      stripe_total: z.int(),
      totals: z.array(total),
      balances: z.array(balance),
      matched: count,
      difference_count: count,
      unexplained_count: count,
      differences: z.array(difference),
      digest: text,
    }),
  ),
  ReconciliationFailed: stored<'ReconciliationFailed'>(z.object({ why: text })),
  DifferenceExplained: stored<'DifferenceExplained'>(
    z.object({ store, difference: text, explanation: text }),
  ),
};
