import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chosen, openedAs, refused, resolvedBy } from '../../../../test/support/an-exception.js';
import { fold } from '../../../shared/domain/decider.js';
import { Refusal } from '../../../shared/domain/refusal.js';
import type { ExceptionEvent } from './exception.events.js';
import { type Exception, type ExceptionCommand, exceptionDecider } from './exception.js';

const { initial, decide, evolve } = exceptionDecider;
const action = fc.constantFrom(
  'refund_excess' as const,
  'keep_as_credit' as const,
  'raise_total' as const,
  'accept' as const,
);
const wish = fc.constantFrom('wish_1', 'wish_2', 'wish_3');
const ending = { outcome: 'settled_otherwise', explanation: 'It is over.' } as const;
const opened = (openedAs() as Extract<ExceptionEvent, { type: 'ExceptionOpened' }>).data;

const command: fc.Arbitrary<ExceptionCommand> = fc.oneof(
  fc.constant<ExceptionCommand>({ type: 'OpenException', opened }),
  fc.record({ type: fc.constant('AssignException' as const), owner: fc.constantFrom('grace', 'ada') }),
  fc.record({ type: fc.constant('ChooseResolution' as const), action, wish }),
  fc.record({
    type: fc.constant('RefuseResolution' as const),
    wish,
    code: fc.constantFrom('payment_disputed' as const, null),
    why: fc.constant('no'),
  }),
  wish.map((name): ExceptionCommand => ({ type: 'CompleteResolution', wish: name, ...ending })),
  fc.constant<ExceptionCommand>({ type: 'SettleException', ...ending }),
);

type Step = Readonly<{ asked: ExceptionCommand; events: readonly ExceptionEvent[]; after: Exception }>;

/** What follows from commands in whatever order; refused ones change nothing. */
function course(commands: readonly ExceptionCommand[]): readonly Step[] {
  let state = initial;
  return commands.map((asked) => {
    const events = decided(asked, state);
    state = events.reduce(evolve, state);
    return { asked, events, after: state };
  });
}

function decided(asked: ExceptionCommand, state: Exception): readonly ExceptionEvent[] {
  try {
    return decide(asked, state);
  } catch (error) {
    if (error instanceof Refusal) return [];
    throw error;
  }
}

const always = (check: (steps: readonly Step[]) => void) =>
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => check(course(commands))),
    { numRuns: 600 },
  );

describe('whatever is asked of an exception, in whatever order', () => {
  test('it is opened once and resolved at most once, and nothing comes after that', () =>
    always((steps) => {
      const types = steps.flatMap(({ events }) => events.map(({ type }) => type));
      expect(types.filter((type) => type === 'ExceptionOpened').length).toBeLessThan(2);
      const end = types.indexOf('ExceptionResolved');
      if (end >= 0) expect(types.slice(end + 1)).toEqual([]);
    }));

  test('nothing is resolved by an action that was not chosen before, and each choice ends once', () =>
    always((steps) => {
      let underWay: string | null = null;
      for (const event of steps.flatMap(({ events }) => events)) {
        if (event.type === 'ResolutionChosen') {
          expect(underWay).toBeNull();
          underWay = event.data.action;
        }
        if (event.type === 'ResolutionRefused' || event.type === 'ExceptionResolved') {
          expect(event.data.action).toBe(underWay);
          underWay = null;
        }
      }
    }));

  test('a call is written down at most once', () =>
    always((steps) => {
      const wishes = steps
        .flatMap(({ events }) => events)
        .flatMap((event) => (event.type === 'ResolutionChosen' ? [event.data.wish] : []));
      expect(new Set(wishes).size).toBe(wishes.length);
    }));

  test('the same again decides to nothing', () =>
    always((steps) => {
      for (const { asked, events, after } of steps)
        if (events.length > 0) expect(decided(asked, after)).toEqual([]);
    }));
});

test('any recorded events fold, in any order: a fact is never refused', () => {
  const facts: readonly ExceptionEvent[] = [
    openedAs(),
    openedAs('dispute_lost'),
    { type: 'ExceptionAssigned', data: { owner: 'grace' } },
    chosen('refund_excess'),
    chosen('write_off', 'wish_2'),
    refused('refund_excess'),
    refused('accept', null, 'wish_9'),
    resolvedBy('refund_excess'),
    resolvedBy(null, 'won'),
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...facts), { maxLength: 20 }), (events) => {
      const { status } = fold(exceptionDecider, events);
      expect(status === 'none').toBe(!events.some(({ type }) => type === 'ExceptionOpened'));
    }),
    { numRuns: 1000 },
  );
});
