import { booksMutants } from './books.mutants.js';
import { connectionMutants } from './connection.mutants.js';
import { engineMutants } from './engine.mutants.js';
import { moneyMutants } from './money.mutants.js';
import type { Mutant } from './planting.js';
import { stripeMutants } from './stripe.mutants.js';
import { wayBackMutants } from './way-back.mutants.js';

export const mutants: readonly Mutant[] = [
  ...moneyMutants,
  ...stripeMutants,
  ...connectionMutants,
  ...wayBackMutants,
  ...engineMutants,
  ...booksMutants,
];
