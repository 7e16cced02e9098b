import { parseArgs } from 'node:util';
import { runSeeds, type Tally } from './many-seeds.js';
import { mutants } from './mutants/mutants.js';
import { type Outcome, runSeed } from './run-seed.js';

/**
 * `npm run simulate -- --seeds N --from S` runs N worlds on all cores. `--story` tells one of them step by step,
 * `--mutant NAME` plants one bug, and `--mutants` looks for the first seed that catches each of them.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    story: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    mutants: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const seeds = Number(values.seeds);
const tell = (line: string) => process.stdout.write(`${line}\n`);

if (values.mutants) await tellMutants(mutants);
else if (values.mutant !== undefined) await tellMutants(mutants.filter(({ name }) => name === values.mutant));
else if (values.story) await tellStory();
else tellTally(await runSeeds(from, seeds));

function tellTally({ steps, ms, twice, coverage, broken, fickle }: Tally): void {
  const faults = [...coverage.counts].sort(([one], [other]) => one.localeCompare(other, 'en'));
  for (const [fault, times] of faults) tell(`${String(times).padStart(10)}  ${fault}`);
  const speed = `${(ms / 1_000).toFixed(1)} s, ${(seeds / (ms / 1_000)).toFixed(0)} seeds/s`;
  tell(`${seeds} seeds from ${from}: ${broken.length} broken; ${speed}; ${steps} steps; ${twice} run twice`);
  for (const one of broken) tellBroken(one);
  for (const seed of fickle) tell(`seed ${seed} ended otherwise when it was run again`);
  process.exitCode = broken.length + fickle.length > 0 ? 1 : 0;
}

function tellBroken({ seed, broken }: Pick<Outcome, 'seed' | 'broken'>): void {
  tell(`seed ${seed} broke ${broken?.invariant}: ${broken?.what}`);
  tell(`  again: npm run simulate -- --seeds 1 --from ${seed} --story`);
}

async function tellStory(): Promise<void> {
  const outcome = await runSeed(from, {}, true);
  for (const line of outcome.story) tell(line);
  tell(`seed ${from} ends at ${outcome.digest}`);
  if (outcome.broken) tellBroken(outcome);
  process.exitCode = outcome.broken ? 1 : 0;
}

/** A bug that nothing catches is the failure here; one that is caught ends like any other broken seed. */
async function tellMutants(planted: typeof mutants): Promise<void> {
  for (const { name, make } of planted) {
    tell(`it ${name}`);
    let caught: Outcome | undefined;
    for (let seed = from; seed < from + seeds && !caught; seed++) {
      const outcome = await runSeed(seed, make());
      if (outcome.broken) caught = outcome;
    }
    if (caught) tellBroken(caught);
    else tell(`  is caught by none of ${seeds} seeds from ${from}`);
    if (!caught || values.mutant !== undefined) process.exitCode = 1;
  }
}
