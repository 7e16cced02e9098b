import type { Projection } from '../../../../shared/application/projection.js';
import type { StoreId } from '../../../../shared/domain/ids.js';
import type { ReconciliationEvent } from '../../domain/reconciliation.events.js';

type ExplainedRow = Readonly<{ created_at: string; explanation: string }>;

/** What people have said about differences: known to every later run that finds the same. */
export const explainedDifferences: Projection<ReconciliationEvent, ExplainedRow> = {
  name: 'explained-differences',
  version: 1,
  indexes: [],
  reads: ['DifferenceExplained'],
  keys: ({ type, data }) =>
    type === 'DifferenceExplained' ? [explainedKey(data.store, data.difference)] : [],
  project: (row, { type, data, at }) =>
    type === 'DifferenceExplained' ? { created_at: at, explanation: data.explanation } : (row ?? null),
};

export function explainedKey(store: StoreId, difference: string): string {
  return `${store}:${difference}`;
}
