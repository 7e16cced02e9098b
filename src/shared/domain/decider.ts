/**
 * An aggregate as two pure functions. `decide` answers a command with the events that follow from it,
 * `[]` meaning "already so" (which is how retries and redelivered webhooks disappear), or throws a Refusal.
 * `evolve` is total: it folds any recorded event, and never refuses a fact.
 */
export type Decider<Command, State, Event> = Readonly<{
  initial: State;
  decide(command: Command, state: State): readonly Event[];
  evolve(state: State, event: Event): State;
}>;

export function fold<State, Event>(
  decider: Pick<Decider<never, State, Event>, 'initial' | 'evolve'>,
  events: readonly Event[],
): State {
  return events.reduce(decider.evolve, decider.initial);
}
