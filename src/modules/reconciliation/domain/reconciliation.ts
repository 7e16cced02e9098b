import { assertNever } from '../../../shared/domain/assert-never.js';
import type { Decider } from '../../../shared/domain/decider.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { Asked, Outcome, ReconciliationEvent } from './reconciliation.events.js';

/** One comparison of our ledger with Stripe's, of one store and period. */
export type Reconciliation =
  | Readonly<{ status: 'none' }>
  | Readonly<{ status: 'running' | 'failed'; asked: Asked }>
  | Readonly<{
      status: 'completed';
      asked: Asked;
      outcome: Outcome;
      /** What people have said since, by difference. */
      explained: ReadonlyMap<string, string>;
    }>;

export type ReconciliationCommand =
  | { type: 'RequestReconciliation'; asked: Asked }
  | { type: 'RecordOutcome'; outcome: Outcome }
  | { type: 'RecordFailure'; why: string }
  | { type: 'ExplainDifference'; difference: string; explanation: string };

/** @throws Refusal `not_found` */
function decide(command: ReconciliationCommand, state: Reconciliation): readonly ReconciliationEvent[] {
  if (command.type === 'RequestReconciliation') {
    return state.status === 'none' ? [{ type: 'ReconciliationRequested', data: command.asked }] : [];
  }
  if (state.status === 'none') throw new Refusal('not_found', 'There is no such reconciliation run.');
  switch (command.type) {
    case 'RecordOutcome':
      return state.status === 'running' ? [{ type: 'ReconciliationCompleted', data: command.outcome }] : [];
    case 'RecordFailure':
      return state.status === 'running' ? [{ type: 'ReconciliationFailed', data: { why: command.why } }] : [];
    case 'ExplainDifference':
      return explain(command, state);
    default:
      return assertNever(command);
  }
}

function explain(
  { difference, explanation }: Extract<ReconciliationCommand, { type: 'ExplainDifference' }>,
  state: Reconciliation,
): readonly ReconciliationEvent[] {
  const found = state.status === 'completed' && state.outcome.differences.find(({ id }) => id === difference);
  if (!found) throw new Refusal('not_found', 'The run has no such difference.', { param: '/difference' });
  const said = state.explained.get(difference) ?? found.explanation;
  if (said === explanation) return [];
  return [{ type: 'DifferenceExplained', data: { store: state.asked.store, difference, explanation } }];
}

function evolve(state: Reconciliation, event: ReconciliationEvent): Reconciliation {
  if (event.type === 'ReconciliationRequested') return { status: 'running', asked: event.data };
  if (state.status === 'none') return state;
  switch (event.type) {
    case 'ReconciliationCompleted':
      return { status: 'completed', asked: state.asked, outcome: event.data, explained: new Map() };
    case 'ReconciliationFailed':
      return { status: 'failed', asked: state.asked };
    case 'DifferenceExplained': {
      if (state.status !== 'completed') return state;
      const { difference, explanation } = event.data;
      return { ...state, explained: new Map(state.explained).set(difference, explanation) };
    }
    default:
      return assertNever(event);
  }
}

export const reconciliationDecider: Decider<ReconciliationCommand, Reconciliation, ReconciliationEvent> = {
  initial: { status: 'none' },
  decide,
  evolve,
};
export const reconciliationAggregate = { category: 'recon', decider: reconciliationDecider } as const;
