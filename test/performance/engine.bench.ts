import 'reflect-metadata';
import { appends, reactions } from './engine-log.js';
import { keepingUp, pages, replays } from './engine-rows.js';
import { type Figure, inFolder, report } from './measure.js';

/** The engine against its floors: `node --import ./test/support/run-typescript.mjs test/performance/engine.bench.ts`. */
const begun = performance.now();
const figures: Figure[] = [];
await inFolder(async (folder) => {
  for (const part of [appends, reactions, replays, keepingUp, pages]) {
    await part(folder, (name, ratio, bound, detail) => void figures.push({ name, ratio, bound, detail }));
  }
});
const kept = report(figures);
process.stdout.write(`${((performance.now() - begun) / 1_000).toFixed(0)} s\n`);
process.exitCode = kept ? 0 : 1;
