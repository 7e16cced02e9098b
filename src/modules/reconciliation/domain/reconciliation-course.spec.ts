import { describe, expect, test } from '@jest/globals';
import { specification, stopsAtTheUnheardOf } from '../../../../test/support/specification.js';
import { aMovement } from '../../../../test/support/two-books.js';
import { fold } from '../../../shared/domain/decider.js';
import { difference } from './difference.js';
import type { Asked, Outcome, ReconciliationEvent } from './reconciliation.events.js';
import { reconciliationDecider } from './reconciliation.js';

const { given } = specification(reconciliationDecider);

const period = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
const asked: Asked = { store: 'store_1', livemode: false, ...period, trigger: 'daily' };
const found = difference('unknown_at_stripe', aMovement(), null);
const known = difference('not_booked_yet', aMovement({ source: 'ch_2' }), null);
const outcome: Outcome = {
  currency: 'usd',
  ...{ ledger_total: 20_000, stripe_total: 0, totals: [], balances: [], matched: 0 },
  ...{ difference_count: 2, unexplained_count: 1, differences: [found, known], digest: 'd1' },
};
const requested: ReconciliationEvent = { type: 'ReconciliationRequested', data: asked };
const completed: ReconciliationEvent = { type: 'ReconciliationCompleted', data: outcome };
const failed: ReconciliationEvent = { type: 'ReconciliationFailed', data: { why: 'not allowed' } };
const explained = (explanation: string): ReconciliationEvent => ({
  type: 'DifferenceExplained',
  data: { store: 'store_1', difference: found.id, explanation },
});
const explain = (explanation: string, id = found.id) =>
  ({ type: 'ExplainDifference', difference: id, explanation }) as const;

describe('what is known of a reconciliation', () => {
  test('is at first that it runs, and what was asked', () =>
    given(requested).thenState({ status: 'running', asked }));
  test('is what came of it, which nobody has explained yet', () =>
    given(requested, completed).thenState({ status: 'completed', asked, outcome, explained: new Map() }));
  test('is that it cannot be done', () => given(requested, failed).thenState({ status: 'failed', asked }));
  test('is the last that anybody said of a difference', () =>
    given(requested, completed, explained('moved'), explained('merged')).thenState({
      explained: new Map([[found.id, 'merged']]),
    }));
  test('is nothing, whatever is said of one that nobody asked for', () =>
    given(completed, explained('moved')).thenState({ status: 'none' }));
  test('is that it runs, also where somebody explains what it has not found', () =>
    expect(fold(reconciliationDecider, [requested, explained('moved')])).toEqual({
      status: 'running',
      asked,
    }));
});

describe('a difference of a run', () => {
  test('that explains itself is explained otherwise, but not the same again', () => {
    given(requested, completed)
      .when(explain(known.explanation ?? '', known.id))
      .thenNothing();
    given(requested, completed)
      .when(explain('Two tills', known.id))
      .then({
        type: 'DifferenceExplained',
        data: { store: 'store_1', difference: known.id, explanation: 'Two tills' },
      });
  });
  test('that it has not found cannot be explained', () => {
    given(requested, completed)
      .when(explain('moved', 'missing_here:txn_1'))
      .refused('not_found', { param: '/difference' });
    given(requested, failed).when(explain('moved')).refused('not_found', { param: '/difference' });
    given().when(explain('moved')).refused('not_found', {}, 'There is no such reconciliation run.');
  });
});

test('a reconciliation does nothing that nobody has heard of', () =>
  stopsAtTheUnheardOf(reconciliationDecider, requested));
