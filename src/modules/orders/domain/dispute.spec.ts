import { describe, expect, test } from '@jest/globals';
import { decided, disputed, reinstated, withdrawn } from '../../../../test/support/an-order.js';
import { contestedBy, type Dispute, type DisputeEvent, disputeStatusOf, evolveDispute } from './dispute.js';
import type { DisputeStatus, OrderEvent } from './order.events.js';

const fold = (...events: OrderEvent[]) =>
  (events as DisputeEvent[]).reduce(evolveDispute, undefined as Dispute | undefined);
const dispute = (status: DisputeStatus) => fold(disputed(status)) as Dispute;

describe('of several disputes the order shows', () => {
  test.each<[string, DisputeStatus[]]>([
    ['none', []],
    ['none', ['prevented', 'closed']],
    ['won', ['prevented', 'won']],
    ['inquiry', ['won', 'inquiry']],
    ['lost', ['won', 'inquiry', 'lost']],
    ['open', ['won', 'lost', 'inquiry', 'open', 'closed']],
  ])('%s of %j', (shown, all) => expect(disputeStatusOf(all.map(dispute))).toBe(shown));
});

describe('a dispute folds', () => {
  test('to what it holds, was written off and decided', () =>
    expect(fold(disputed('lost'), withdrawn(500), decided('write_off', 400), reinstated(200, 100))).toEqual({
      payment: 'pay_1',
      status: 'lost',
      withdrawn: 300,
      writtenOff: 300,
      decision: 'write_off',
    }));
  test('and keeps its decision where the same verdict is told again', () =>
    expect(fold(disputed('lost'), decided('collect_again'), disputed('lost'))?.decision).toBe(
      'collect_again',
    ));
  test('and loses it to another verdict, and where money is taken', () => {
    expect(fold(disputed('lost'), decided('collect_again'), disputed('won'))?.decision).toBeNull();
    expect(fold(disputed('lost'), decided('collect_again'), withdrawn(1))?.decision).toBeNull();
  });
  test('to nothing where nobody has heard of it', () =>
    expect(fold(withdrawn(500), reinstated(500), decided('write_off', 500))).toBeUndefined());
});

test('contested is what all hold that nobody has decided about', () => {
  const all = [
    fold(disputed('open'), withdrawn(100)),
    fold(disputed('won'), withdrawn(20)),
    fold(disputed('lost'), withdrawn(3), decided('write_off', 3)),
    fold(disputed('inquiry')),
  ] as Dispute[];
  expect(contestedBy(all)).toBe(120);
});
