import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * `npm run mutate`, or `npm run mutate -- orders shared` for some modules: prints what no example noticed, and the
 * score of every file and module. Exits with 1 where a module is below 95 %.
 */
const LEAST = 95;
const NOTICED = ['Killed', 'Timeout'];
const COUNTED = [...NOTICED, 'Survived', 'NoCoverage'];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** `orders` for a file of its domain; the shared domain is a module like the others. */
const moduleOf = (file) => file.replace(/^src\/(modules\/)?|\/domain\/.*$/g, '');

function mutate(modules) {
  const domains = modules.map((module) => `src/**/${module}/domain/**/*.ts`);
  const some = domains.length > 0 ? ['--mutate', [...domains, '!src/**/*.spec.ts'].join(',')] : [];
  const stryker = here('node_modules/@stryker-mutator/core/bin/stryker.js');
  const run = spawnSync(process.execPath, [stryker, 'run', 'mutation/stryker.config.mjs', ...some], {
    cwd: here('..'),
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
  return JSON.parse(readFileSync(here('report/mutants.json'), 'utf8')).files;
}

function tellUnnoticed(file, source, { status, location, mutatorName, replacement }) {
  const { line, column } = location.start;
  console.log(`${file}:${line}:${column} ${mutatorName} ${status}`);
  console.log(`  - ${source.split('\n')[line - 1].trim()}\n  + ${replacement}`);
}

const byName = ([a], [b]) => a.localeCompare(b);
const scores = new Map();
for (const [file, { mutants, source }] of Object.entries(mutate(process.argv.slice(2))).sort(byName)) {
  for (const mutant of mutants.filter(({ status }) => COUNTED.includes(status))) {
    const isNoticed = NOTICED.includes(mutant.status);
    if (!isNoticed) tellUnnoticed(file, source, mutant);
    for (const name of [file, `module ${moduleOf(file)}`, 'together']) {
      const { noticed, all } = scores.get(name) ?? { noticed: 0, all: 0 };
      scores.set(name, { noticed: noticed + Number(isNoticed), all: all + 1 });
    }
  }
}

const percent = ({ noticed, all }) => (100 * noticed) / all;
for (const [name, score] of [...scores].sort(byName)) {
  const counts = `${score.noticed} of ${score.all}`;
  console.log(`${percent(score).toFixed(1).padStart(5)} %  ${counts.padStart(12)}  ${name}`);
}
const low = [...scores].filter(([name, score]) => !name.startsWith('src/') && percent(score) < LEAST);
if (low.length > 0) console.error(`Below ${LEAST} %: ${low.map(([name]) => name).join(', ')}.`);
process.exitCode = low.length > 0 ? 1 : 0;
