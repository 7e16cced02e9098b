import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm run mutate`: what no spec noticed, the score of every file and module, and 1 where a module is below 95 %. */
const LEAST = 95;
const NOTICED = ['Killed', 'Timeout'];
const COUNTED = [...NOTICED, 'Survived', 'NoCoverage'];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `orders` for a file of its domain; the shared domain is a module like the others. */
const moduleOf = (file) => file.replace(/^src\/(modules\/)?|\/domain\/.*$/g, '');

const stryker = here('node_modules/@stryker-mutator/core/bin/stryker.js');
const run = spawnSync(
  process.execPath,
  [stryker, 'run', 'mutation/stryker.config.mjs', ...process.argv.slice(2)],
  { cwd: here('..'), stdio: 'inherit' },
);
if (run.status !== 0) process.exit(run.status ?? 1);

const { files } = JSON.parse(readFileSync(here('report/mutants.json'), 'utf8'));
const scores = new Map();

/** @param {{ status: string }[]} mutants */
function count(name, mutants) {
  const { noticed, all } = scores.get(name) ?? { noticed: 0, all: 0 };
  scores.set(name, {
    noticed: noticed + mutants.filter(({ status }) => NOTICED.includes(status)).length,
    all: all + mutants.length,
  });
}

for (const [file, { mutants, source }] of Object.entries(files)) {
  const counted = mutants.filter(({ status }) => COUNTED.includes(status));
  if (counted.length === 0) continue;
  count(file, counted);
  count(`module ${moduleOf(file)}`, counted);
  count('all', counted);
  for (const { status, location, mutatorName, replacement } of counted) {
    if (NOTICED.includes(status)) continue;
    const { line, column } = location.start;
    console.log(`${file}:${line}:${column} ${mutatorName} ${status}`);
    console.log(`  - ${source.split('\n')[line - 1].trim()}\n  + ${replacement}`);
  }
}

const percent = ({ noticed, all }) => (100 * noticed) / all;
for (const [name, score] of scores)
  console.log(
    `${percent(score).toFixed(1).padStart(5)} %  ${`${score.noticed} of ${score.all}`.padStart(12)}  ${name}`,
  );
const low = [...scores].filter(([name, score]) => !name.startsWith('src/') && percent(score) < LEAST);
if (low.length > 0) console.error(`Below ${LEAST} %: ${low.map(([name]) => name).join(', ')}.`);
process.exit(low.length > 0 ? 1 : 0);
