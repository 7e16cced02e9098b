import { describe, expect, test } from '@jest/globals';
import { chosen, openedAs, refused, resolvedBy } from '../../../../test/support/an-exception.js';
import { specification } from '../../../../test/support/specification.js';
import { actionsOf } from './actions.js';
import type { ExceptionAction, ExceptionEvent, ExceptionKind } from './exception.events.js';
import { type ExceptionCommand, exceptionDecider } from './exception.js';

const { given } = specification(exceptionDecider);
const choose = (action: ExceptionAction, wish = 'wish_1'): ExceptionCommand => ({
  type: 'ChooseResolution',
  action,
  wish,
});
const open = (kind: ExceptionKind = 'overpaid'): ExceptionCommand => {
  const { data } = openedAs(kind) as Extract<ExceptionEvent, { type: 'ExceptionOpened' }>;
  return { type: 'OpenException', opened: data };
};
const complete = (wish = 'wish_1'): ExceptionCommand => ({
  type: 'CompleteResolution',
  wish,
  outcome: 'refunded',
  explanation: '25.00 USD was refunded.',
});
const refuse = (wish = 'wish_1'): ExceptionCommand => ({
  type: 'RefuseResolution',
  wish,
  code: 'payment_disputed',
  why: 'The customer’s bank disputes this payment.',
});
const settle: ExceptionCommand = {
  type: 'SettleException',
  outcome: 'settled_otherwise',
  explanation: 'The order is no longer overpaid.',
};
const settled: ExceptionEvent = {
  type: 'ExceptionResolved',
  data: {
    action: null,
    outcome: 'settled_otherwise',
    explanation: 'The order is no longer overpaid.',
  },
};

describe('what does not fit', () => {
  test('is opened once, with what is known of it and an owner', () => {
    given().when(open()).then(openedAs());
    given(openedAs()).when(open()).thenNothing();
    given(openedAs()).thenState({ status: 'open', kind: 'overpaid', owner: 'ops@lamps.test' });
  });
  test('is not opened again after it was resolved', () =>
    given(openedAs(), settled).when(open()).thenNothing());
  test('has to be there before anything can be done about it', () => {
    given().when(choose('refund_excess')).refused('not_found');
    given().when({ type: 'AssignException', owner: 'grace' }).refused('not_found');
    given().when(settle).refused('not_found');
  });
});

describe('an owner', () => {
  test('hands an exception on', () =>
    given(openedAs())
      .when({ type: 'AssignException', owner: 'grace' })
      .then({ type: 'ExceptionAssigned', data: { owner: 'grace' } }));
  test('who has it already has nothing to be told', () =>
    given(openedAs()).when({ type: 'AssignException', owner: 'ops@lamps.test' }).thenNothing());
  test('of a resolved one stays', () =>
    given(openedAs(), settled)
      .when({ type: 'AssignException', owner: 'grace' })
      .refused('exception_resolved', { outcome: 'settled_otherwise' }));
});

describe('an action', () => {
  test('is written down before it is done', () =>
    given(openedAs()).when(choose('refund_excess')).then(chosen('refund_excess')));
  test('that is chosen makes the exception resolving, and done makes it resolved', () => {
    given(openedAs(), chosen('refund_excess')).thenState({
      status: 'resolving',
      chosen: { action: 'refund_excess', wish: 'wish_1' },
    });
    given(openedAs(), chosen('refund_excess')).when(complete()).then(resolvedBy('refund_excess'));
    given(openedAs(), chosen('refund_excess'), resolvedBy('refund_excess')).thenState({
      status: 'resolved',
      outcome: 'refunded',
      chosen: null,
    });
  });
  test('must be one of its kind', () =>
    given(openedAs('late_payment'))
      .when(choose('raise_total'))
      .refused('validation_failed', {
        param: '/action',
        actions: ['refund_excess', 'keep_as_credit'],
      }));
  test('that is under way is not chosen again, by whichever call', () => {
    given(openedAs(), chosen('refund_excess')).when(choose('refund_excess')).thenNothing();
    given(openedAs(), chosen('refund_excess')).when(choose('refund_excess', 'wish_2')).thenNothing();
  });
  test('that is under way leaves no room for another', () =>
    given(openedAs(), chosen('refund_excess'))
      .when(choose('raise_total', 'wish_2'))
      .refused('exception_resolved', { action: 'refund_excess' }));
  test('that was refused leaves the exception open, for it and for others', () => {
    const history = [openedAs(), chosen('refund_excess')];
    given(...history)
      .when(refuse())
      .then(refused('refund_excess'));
    given(...history, refused('refund_excess')).thenState({ status: 'open', chosen: null });
    given(...history, refused('refund_excess'))
      .when(choose('keep_as_credit', 'wish_2'))
      .then(chosen('keep_as_credit', 'wish_2'));
  });
  test('that was refused is not begun anew by the same call', () =>
    given(openedAs(), chosen('refund_excess'), refused('refund_excess'))
      .when(choose('refund_excess'))
      .thenNothing());
  test('of an earlier call cannot end what a later one has begun', () => {
    const history = [
      openedAs(),
      chosen('refund_excess'),
      refused('refund_excess'),
      chosen('keep_as_credit', 'wish_2'),
    ];
    given(...history)
      .when(complete('wish_1'))
      .thenNothing();
    given(...history)
      .when(refuse('wish_1'))
      .thenNothing();
  });
  test('comes too late for what is resolved', () =>
    given(openedAs(), chosen('keep_as_credit'), resolvedBy('keep_as_credit', 'kept_as_credit'))
      .when(choose('keep_as_credit', 'wish_2'))
      .refused('exception_resolved', { outcome: 'kept_as_credit' }));
});

describe('a matter that ends by itself', () => {
  test('resolves its exception without an action', () => given(openedAs()).when(settle).then(settled));
  test('leaves the word to an action that is under way', () =>
    given(openedAs(), chosen('refund_excess')).when(settle).thenNothing());
  test('ends once', () => given(openedAs(), settled).when(settle).thenNothing());
});

test('every kind can be acted on, and names no action twice', () => {
  const kinds: readonly ExceptionKind[] = [
    'overpaid',
    'late_payment',
    'capture_mismatch',
    'refund_failed',
    'dispute_opened',
    'dispute_lost',
    'outcome_unknown',
    'mail_undelivered',
    'reconciliation_difference',
  ];
  for (const kind of kinds) {
    const actions = actionsOf(kind);
    expect(actions.length).toBeGreaterThan(0);
    expect(new Set(actions).size).toBe(actions.length);
  }
});
