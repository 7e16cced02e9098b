import type { Projection, Told } from '../../../../shared/application/projection.js';
import { assertNever } from '../../../../shared/domain/assert-never.js';
import type { ReconciliationId } from '../../../../shared/domain/ids.js';
import type { Difference } from '../../domain/difference.js';
import type { ReconciliationEvent } from '../../domain/reconciliation.events.js';
import type { BalanceTotal, CurrencyTotal } from '../../domain/totals.js';

/** A run as clients see it. */
export type RunRow = Readonly<{
  id: ReconciliationId;
  object: 'reconciliation_run';
  store: string;
  livemode: boolean;
  /** `clean`: no difference, or every one explained. */
  status: 'running' | 'clean' | 'different' | 'failed';
  from: string;
  to: string;
  trigger: 'api' | 'daily';
  currency: string | null;
  ledger_total: number | null;
  stripe_total: number | null;
  totals: readonly CurrencyTotal[];
  balances: readonly BalanceTotal[];
  matched: number | null;
  difference_count: number | null;
  unexplained_count: number | null;
  differences: readonly Difference[];
  digest: string | null;
  failure: string | null;
  completed_at: string | null;
  created_at: string;
  revision: number;
  metadata: Readonly<Record<string, string>>;
}>;

const pending = {
  object: 'reconciliation_run',
  status: 'running',
  currency: null,
  ledger_total: null,
  stripe_total: null,
  totals: [],
  balances: [],
  matched: null,
  difference_count: null,
  unexplained_count: null,
  differences: [],
  digest: null,
  failure: null,
  completed_at: null,
  metadata: {},
} as const;

export const reconciliationRuns: Projection<ReconciliationEvent, RunRow> = {
  name: 'reconciliation-runs',
  version: 1,
  indexes: ['store+status', 'store+trigger'],
  reads: [
    'ReconciliationRequested',
    'ReconciliationCompleted',
    'ReconciliationFailed',
    'DifferenceExplained',
  ],
  keys: ({ stream }) => [reconciliationIdOf(stream)],
  project: (row, event, key) => {
    const revision = event.revision + 1;
    if (event.type === 'ReconciliationRequested') {
      return { ...pending, ...event.data, id: key as ReconciliationId, created_at: event.at, revision };
    }
    return row ? { ...after(row, event), revision } : null;
  },
};

function after(
  row: RunRow,
  event: Exclude<Told<ReconciliationEvent>, { type: 'ReconciliationRequested' }>,
): RunRow {
  switch (event.type) {
    case 'ReconciliationCompleted':
      return {
        ...row,
        ...event.data,
        status: statusBy(event.data.unexplained_count),
        completed_at: event.at,
      };
    case 'ReconciliationFailed':
      return { ...row, status: 'failed', failure: event.data.why, completed_at: event.at };
    case 'DifferenceExplained':
      return explained(row, event.data);
    default:
      return assertNever(event);
  }
}

function explained(
  row: RunRow,
  { difference, explanation }: { difference: string; explanation: string },
): RunRow {
  const wasOpen = row.differences.some((each) => each.id === difference && each.explanation === null);
  const unexplained_count = (row.unexplained_count ?? 0) - (wasOpen ? 1 : 0);
  const differences = row.differences.map((each) =>
    each.id === difference ? { ...each, explanation } : each,
  );
  return { ...row, differences, unexplained_count, status: statusBy(unexplained_count) };
}

function statusBy(unexplained: number): 'clean' | 'different' {
  return unexplained === 0 ? 'clean' : 'different';
}

export function reconciliationIdOf(stream: string): ReconciliationId {
  return `recon_${stream.slice(stream.indexOf('-') + 1)}`;
}
