import { describe, expect, test } from '@jest/globals';
import { caughtBy } from './mutants/caught-by.js';
import { mutants } from './mutants/mutants.js';
import type { Mutant } from './mutants/planting.js';
import { runSeed } from './run-seed.js';

/** Every planted bug has to be found within so many seeds. */
const WITHIN = 1_000;

/** The seed that caught it last time first, so that this is quick while nothing has changed. */
async function firstCatch({ name, make }: Mutant): Promise<string | undefined> {
  const known = caughtBy[name] ?? 1;
  const seeds = [known, ...Array.from({ length: WITHIN }, (_, at) => at + 1)];
  for (const seed of seeds) {
    const { broken } = await runSeed(seed, make());
    if (broken) return broken.invariant;
  }
  return undefined;
}

describe('a bug that is planted is caught where the code', () => {
  test.each(mutants)(
    '$name',
    async (mutant) => {
      expect(await firstCatch(mutant)).toMatch(/^[A-Z]\d+ /);
    },
    600_000,
  );

  test('and there are enough of them, each under a name of its own', () => {
    const names = new Set(mutants.map(({ name }) => name));
    expect(names.size).toBe(mutants.length);
    expect(names.size).toBeGreaterThanOrEqual(20);
  });
});

test('without a planted bug the same seeds are clean', async () => {
  const seeds = [...new Set(Object.values(caughtBy))];
  for (const seed of seeds) expect((await runSeed(seed)).broken).toBeNull();
}, 300_000);
