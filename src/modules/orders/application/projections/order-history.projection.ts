import type { Projection, Told } from '../../../../shared/application/projection.js';
import type { HistorySummaries } from '../history-summaries.js';

type AnyEvent = { type: string; data: object };

/** One event about an order, of whatever stream: who, when, why, and what. Told in words when it is read. */
export type HistoryRow = Readonly<{
  id: string;
  order: string;
  event: string;
  at: string;
  revision: number;
  actor: Readonly<{ type: string; id: string; name: string | null }>;
  reason: string | null;
  correlation_id: string;
  causation_id: string | null;
  data: object;
  /** Place in the log, so that events of one moment keep their order. */
  created_at: string;
}>;

/**
 * Everything that happened to an order and to its money, a row per event: every told event whose envelope names an
 * order. Which those are is known once all modules have registered theirs, so `reads` is asked late.
 */
export function orderHistory(summaries: HistorySummaries): Projection<AnyEvent, HistoryRow> {
  return {
    name: 'order-history',
    version: 1,
    indexes: ['order'],
    get reads() {
      return summaries.types();
    },
    keys: ({ id, metadata }) => (metadata['order'] ? [`evt_${id}`] : []),
    project: (_, event) => rowOf(event),
  };
}

function rowOf({ id, type, at, revision, position, metadata, data }: Told<AnyEvent>): HistoryRow {
  return {
    id: `evt_${id}`,
    order: metadata['order'] ?? '',
    event: type,
    at,
    revision: revision + 1,
    actor: {
      type: metadata['actor_kind'] ?? 'system',
      id: metadata['actor_id'] ?? 'unknown',
      name: metadata['actor_name'] ?? null,
    },
    reason: metadata['reason'] ?? null,
    correlation_id: metadata['$correlationId'] ?? '',
    causation_id: metadata['$causationId'] ?? null,
    data,
    created_at: String(position).padStart(16, '0'),
  };
}
