import { parentPort } from 'node:worker_threads';
import { type Outcome, runSeed } from './run-seed.js';

export type Chunk = Readonly<{ from: number; seeds: number }>;

export type ChunkDone = Readonly<{
  chunk: Chunk;
  steps: number;
  coverage: readonly (readonly [fault: string, times: number])[];
  broken: readonly Pick<Outcome, 'seed' | 'broken'>[];
  /** Seeds that ended otherwise when they were run again. */
  fickle: readonly number[];
}>;

/** Runs a few seeds, the first of them twice: the same seed must end at the same trace and the same log. */
async function run(chunk: Chunk): Promise<ChunkDone> {
  const counts = new Map<string, number>();
  const broken: Pick<Outcome, 'seed' | 'broken'>[] = [];
  const fickle: number[] = [];
  let steps = 0;
  for (let seed = chunk.from; seed < chunk.from + chunk.seeds; seed++) {
    const outcome = await runSeed(seed);
    steps += outcome.steps;
    for (const [fault, times] of outcome.coverage) counts.set(fault, (counts.get(fault) ?? 0) + times);
    if (outcome.broken) broken.push({ seed, broken: outcome.broken });
    if (seed === chunk.from && (await runSeed(seed)).digest !== outcome.digest) fickle.push(seed);
  }
  return { chunk, steps, coverage: [...counts], broken, fickle };
}

parentPort?.on('message', (chunk: Chunk) => {
  run(chunk).then((done) => parentPort?.postMessage(done));
});
