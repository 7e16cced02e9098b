import { engineMutants } from './engine.mutants.js';
import { moneyMutants } from './money.mutants.js';
import type { Mutant } from './planting.js';
import { stripeMutants } from './stripe.mutants.js';

export const mutants: readonly Mutant[] = [...moneyMutants, ...stripeMutants, ...engineMutants];
