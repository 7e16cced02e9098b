import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Coverage } from './kernel/coverage.js';
import type { Chunk, ChunkDone } from './seeds.worker.js';

/** One worker process for each core; each takes so many seeds at a time. */
const AT_A_TIME = 25;
/** A world dies young: with room for it, what it leaves is gone before it is moved. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 };

export type Tally = Readonly<{
  seeds: number;
  steps: number;
  ms: number;
  /** Seeds that were run a second time, to see that they end the same. */
  twice: number;
  coverage: Coverage;
  broken: ChunkDone['broken'];
  fickle: readonly number[];
}>;

/** Runs seeds `from` to `from + seeds − 1` on all cores. */
export async function runSeeds(from: number, seeds: number): Promise<Tally> {
  const begun = performance.now();
  const chunks = chunksOf(from, seeds);
  const twice = chunks.length;
  const coverage = new Coverage();
  const done: ChunkDone[] = [];
  const workers = Array.from({ length: Math.min(availableParallelism(), chunks.length) }, () =>
    employ(chunks, done),
  );
  await Promise.all(workers);
  for (const one of done) coverage.add(one.coverage);
  return {
    seeds,
    twice,
    coverage,
    steps: done.reduce((sum, { steps }) => sum + steps, 0),
    ms: performance.now() - begun,
    broken: done.flatMap(({ broken }) => broken).sort((one, other) => one.seed - other.seed),
    fickle: done.flatMap(({ fickle }) => fickle),
  };
}

function chunksOf(from: number, seeds: number): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < seeds; at += AT_A_TIME) {
    chunks.push({ from: from + at, seeds: Math.min(AT_A_TIME, seeds - at) });
  }
  return chunks;
}

/** One worker, until no chunk is left. */
function employ(chunks: Chunk[], done: ChunkDone[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./seeds.worker.ts', import.meta.url), { resourceLimits });
    const next = () => {
      const chunk = chunks.shift();
      if (chunk) worker.postMessage(chunk);
      else worker.terminate().then(() => resolve(), reject);
    };
    worker.on('message', (finished: ChunkDone) => {
      done.push(finished);
      next();
    });
    worker.on('error', reject);
    next();
  });
}
