import { expect } from '@jest/globals';
import { type Decider, fold } from '../../src/shared/domain/decider.js';
import { Refusal, type RefusalCode, type RefusalFacts } from '../../src/shared/domain/refusal.js';

type Outcome<Event> = Readonly<{ events: readonly Event[] } | { refusal: Refusal }>;

export type Then<State, Event> = Readonly<{
  /** Exactly these events follow, in this order. */
  then(...expected: readonly Event[]): void;
  /** Already so: no event follows. */
  thenNothing(): void;
  /** A rule says no, with this code and at least these facts, and tells why in a whole sentence, this one where one is given. */
  refused(code: RefusalCode, facts?: RefusalFacts, detail?: string): void;
  /** The folded state afterwards holds at least this. */
  thenState(expected: Partial<State>): void;
}>;

export type Given<Command, State, Event> = Readonly<{
  when(command: Command): Then<State, Event>;
  /** The folded state of these events holds at least this. */
  thenState(expected: Partial<State>): void;
}>;

/**
 * Given these events, when this command, then those events: an aggregate's rules as sentences.
 * Every step also checks that deciding changed no state and that deciding twice gives the same answer.
 */
export function specification<Command, State, Event>(
  decider: Decider<Command, State, Event>,
): Readonly<{ given(...history: readonly Event[]): Given<Command, State, Event> }> {
  return {
    given: (...history) => ({
      when: (command) => judge(decider, history, outcomeOf(decider, history, command)),
      thenState: (expected) => expect(fold(decider, history)).toMatchObject(expected as object),
    }),
  };
}

/**
 * What a newer version wrote or asks for is never guessed at: such a history cannot be read, and such a wish is not
 * taken for another.
 */
export function stopsAtTheUnheardOf<Command, State, Event>(
  decider: Decider<Command, State, Event>,
  ...history: readonly Event[]
): void {
  const unheard = { type: 'NeverHeardOf', data: {} } as never;
  const state = fold(decider, history);
  expect(() => decider.decide(unheard, state)).toThrow('unanswered case: {"type":"NeverHeardOf","data":{}}');
  expect(() => decider.evolve(state, unheard)).toThrow('unanswered case');
}

function judge<Command, State, Event>(
  decider: Decider<Command, State, Event>,
  history: readonly Event[],
  outcome: Outcome<Event>,
): Then<State, Event> {
  const events = () => {
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.events;
  };
  return {
    // biome-ignore lint/suspicious/noThenProperty: nobody awaits a specification, and it reads given, when, then.
    then: (...expected) => expect(events()).toEqual(expected),
    thenNothing: () => expect(events()).toEqual([]),
    thenState: (expected) =>
      expect(fold(decider, [...history, ...events()])).toMatchObject(expected as object),
    refused: (code, facts = {}, detail) => {
      expect('refusal' in outcome ? outcome.refusal.code : outcome.events).toBe(code);
      if (!('refusal' in outcome)) return;
      expect(outcome.refusal.facts).toMatchObject(facts);
      expect(outcome.refusal.detail).toMatch(/^\S.*\.$/);
      if (detail !== undefined) expect(outcome.refusal.detail).toBe(detail);
    },
  };
}

function outcomeOf<Command, State, Event>(
  decider: Decider<Command, State, Event>,
  history: readonly Event[],
  command: Command,
): Outcome<Event> {
  const state = fold(decider, history);
  const before = structuredClone(state);
  const first = attempt(decider, command, state);
  const second = attempt(decider, command, state);
  expect(state).toEqual(before);
  if ('events' in first) expect(second).toEqual(first);
  else expect('refusal' in second && second.refusal.code).toBe(first.refusal.code);
  return first;
}

function attempt<Command, State, Event>(
  decider: Decider<Command, State, Event>,
  command: Command,
  state: State,
): Outcome<Event> {
  try {
    return { events: decider.decide(command, state) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}
