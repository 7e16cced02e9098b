import { describe, expect, test } from '@jest/globals';
import { aMovement } from '../../../../test/support/two-books.js';
import { fold } from '../../../shared/domain/decider.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import { difference } from './difference.js';
import type { Asked, Outcome, ReconciliationEvent } from './reconciliation.events.js';
import { type ReconciliationCommand, reconciliationDecider } from './reconciliation.js';

const asked: Asked = {
  store: 'store_1',
  livemode: false,
  from: '2026-11-01T00:00:00.000Z',
  to: '2026-12-01T00:00:00.000Z',
  trigger: 'api',
};
const found = difference('unknown_at_stripe', aMovement(), null);
const outcome: Outcome = {
  currency: 'usd',
  ledger_total: 10_000,
  stripe_total: 0,
  totals: [],
  balances: [],
  matched: 0,
  difference_count: 1,
  unexplained_count: 1,
  differences: [found],
  digest: 'd1',
};
const requested: ReconciliationEvent = { type: 'ReconciliationRequested', data: asked };
const completed: ReconciliationEvent = { type: 'ReconciliationCompleted', data: outcome };
const failed: ReconciliationEvent = { type: 'ReconciliationFailed', data: { why: 'not allowed' } };

function told(events: readonly ReconciliationEvent[], command: ReconciliationCommand) {
  return reconciliationDecider.decide(command, fold(reconciliationDecider, events));
}
const explain = (explanation: string, id = found.id): ReconciliationCommand => {
  return { type: 'ExplainDifference', difference: id, explanation };
};

describe('a reconciliation', () => {
  test('is requested once', () => {
    const command = { type: 'RequestReconciliation', asked } as const;
    expect(told([], command)).toEqual([requested]);
    expect(told([requested], command)).toEqual([]);
  });

  test('ends once: completed or failed, whatever is told afterwards', () => {
    const complete = { type: 'RecordOutcome', outcome } as const;
    const fail = { type: 'RecordFailure', why: 'not allowed' } as const;
    expect(told([requested], complete)).toEqual([completed]);
    expect(told([requested], fail)).toEqual([failed]);
    for (const end of [completed, failed]) {
      expect(told([requested, end], complete)).toEqual([]);
      expect(told([requested, end], fail)).toEqual([]);
    }
  });

  test('that was never requested has no end', () => {
    expect(() => told([], { type: 'RecordOutcome', outcome })).toThrow(Refusal);
  });

  test('keeps what somebody says of a difference, and only what is new', () => {
    const said: ReconciliationEvent = {
      type: 'DifferenceExplained',
      data: { store: 'store_1', difference: found.id, explanation: 'moved' },
    };
    expect(told([requested, completed], explain('moved'))).toEqual([said]);
    expect(told([requested, completed, said], explain('moved'))).toEqual([]);
    expect(told([requested, completed, said], explain('merged'))).toHaveLength(1);
  });

  test('knows no difference that it has not found', () => {
    expect(() => told([requested, completed], explain('moved', 'missing_here:txn_1'))).toThrow(Refusal);
    expect(() => told([requested], explain('moved'))).toThrow(Refusal);
  });
});
