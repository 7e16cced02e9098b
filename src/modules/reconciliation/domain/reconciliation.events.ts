import type { StoreId } from '../../../shared/domain/ids.js';
import type { Difference } from './difference.js';
import type { BalanceTotal, CurrencyTotal } from './totals.js';

/** What is to be compared, and who wants it: somebody by the API, or we ourselves, day by day. */
export type Asked = Readonly<{
  store: StoreId;
  livemode: boolean;
  /** RFC 3339, inclusive. */
  from: string;
  /** RFC 3339, exclusive. */
  to: string;
  trigger: 'api' | 'daily';
}>;

/** What came of it. Amounts in minor units. */
export type Outcome = Readonly<{
  /** In which most money moved; the two totals beside it are of this one. Null: no money moved. */
  currency: string | null;
  ledger_total: number;
  stripe_total: number;
  totals: readonly CurrencyTotal[];
  balances: readonly BalanceTotal[];
  matched: number;
  /** How many there are; only the first of them are kept. */
  difference_count: number;
  unexplained_count: number;
  differences: readonly Difference[];
  /** SHA-256, hex, of what was asked and what came of it, by RFC 8785. */
  digest: string;
}>;

export type ReconciliationEvent =
  | { type: 'ReconciliationRequested'; data: Asked }
  | { type: 'ReconciliationCompleted'; data: Outcome }
  /** It cannot be done, now or later: ask for another one once it can. */
  | { type: 'ReconciliationFailed'; data: Readonly<{ why: string }> }
  /** Somebody knows why the books differ there. */
  | {
      type: 'DifferenceExplained';
      data: Readonly<{ store: StoreId; difference: string; explanation: string }>;
    };
