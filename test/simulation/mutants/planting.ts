import type { Planted } from '../run-seed.js';

/** A bug that our checkers must find: what it does wrong, and how it is planted. Made anew for each run. */
export type Mutant = Readonly<{
  /** As a sentence: `it …`. */
  name: string;
  make: () => Planted;
}>;

/** The same object, but for these methods. */
export function but<T extends object>(inner: T, methods: Partial<T>): T {
  return Object.assign(Object.create(inner) as T, methods);
}

/** Replaces a method until it is undone. `make` is given what stood there. */
export function patch<T extends object, K extends keyof T>(
  owner: T,
  method: K,
  make: (original: T[K]) => T[K],
): () => void {
  const original = owner[method];
  const had = Object.hasOwn(owner, method);
  owner[method] = make(original);
  return () => {
    if (had) owner[method] = original;
    else delete owner[method];
  };
}

type Decides<C, S, E> = { decide: (command: C, state: S) => readonly E[] };

/** A decider with one rule taken out. */
export function deciding<C, S, E>(
  decider: Readonly<Decides<C, S, E>>,
  decide: (command: C, state: S, original: Decides<C, S, E>['decide']) => readonly E[],
): Planted {
  const open = decider as Decides<C, S, E>;
  return {
    plant: () => patch(open, 'decide', (original) => (command, state) => decide(command, state, original)),
  };
}
