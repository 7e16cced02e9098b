import { existsSync, globSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve as pathOf } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { transformSync } from '@swc/core';
import { takeTests } from './harness.mjs';

/** Files are read anew under every new generation, which is how a change to a table is tried: it acts at loading. */
let generation = 0;
const compiled = new Map();

function compile(filename) {
  if (!compiled.has(filename))
    compiled.set(filename, transformSync(readFileSync(filename, 'utf8'), { filename }).code);
  return compiled.get(filename);
}

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') {
      return { url: new URL('./harness.mjs', import.meta.url).href, shortCircuit: true };
    }
    if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL) {
      const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
      if (existsSync(source)) {
        return { url: `${source.href}?${generation}`, format: 'module', shortCircuit: true };
      }
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    const [file] = url.split('?');
    if (!file.endsWith('.ts')) return next(url, context);
    return { format: 'module', source: compile(fileURLToPath(file)), shortCircuit: true };
  },
});

/** Stryker talks with the changed code through this. */
const stryker = () => (globalThis.__stryker__ ??= {});

/** Runs the examples in this very process: Jest would load everything anew for each of thousands of changes. */
class ExampleRunner {
  #tests;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    stryker().activeMutant = undefined;
    this.#tests = await load();
    const result = await runAll(this.#tests, { bail: false });
    return { ...result, mutantCoverage: stryker().mutantCoverage };
  }

  async mutantRun(options, isFresh = false) {
    const { activeMutant, mutantActivation, reloadEnvironment, testFilter, hitLimit, disableBail } = options;
    const atLoading = mutantActivation === 'static' || reloadEnvironment;
    const wanted = testFilter && new Set(testFilter);
    Object.assign(stryker(), { activeMutant: undefined, hitLimit, hitCount: hitLimit ? 0 : undefined });
    if (atLoading) stryker().activeMutant = activeMutant.id;
    try {
      if (atLoading || !this.#tests) this.#tests = await load();
      stryker().activeMutant = activeMutant.id;
      const tests = this.#tests.filter(({ id }) => !wanted || wanted.has(id));
      const result = toMutantRunResult(await runAll(tests, { bail: !disableBail }), !disableBail);
      if (isFresh || atLoading || (await this.#isClean(result))) return result;
    } catch (error) {
      return { status: 'killed', killedBy: [], failureMessage: `does not load: ${error}`, nrOfTests: 0 };
    } finally {
      stryker().activeMutant = undefined;
      if (atLoading) this.#tests = undefined;
    }
    this.#tests = undefined;
    return this.mutantRun(options, true);
  }

  /** What failed holds again without the change; otherwise an earlier change left something behind. */
  async #isClean({ killedBy = [] }) {
    stryker().activeMutant = undefined;
    const [failed] = this.#tests.filter(({ id }) => killedBy.includes(id));
    return !failed || (await failureOf(failed.run)) === undefined;
  }
}

async function load() {
  generation += 1;
  takeTests();
  const specs = globSync('src/**/domain/**/*.spec.ts').filter(
    (file) => !file.endsWith('.properties.spec.ts'),
  );
  for (const spec of specs.sort()) await import(`${pathToFileURL(pathOf(spec)).href}?${generation}`);
  return takeTests();
}

async function runAll(tests, { bail }) {
  const results = [];
  for (const { id, name, run } of tests) {
    const since = performance.now();
    stryker().currentTestId = id;
    const failure = await failureOf(run);
    stryker().currentTestId = undefined;
    const told = { id, name, timeSpentMs: performance.now() - since };
    const hit = determineHitLimitReached(stryker().hitCount, stryker().hitLimit);
    if (hit) return hit;
    results.push(
      failure === undefined
        ? { ...told, status: TestStatus.Success }
        : { ...told, status: TestStatus.Failed, failureMessage: failure },
    );
    if (bail && failure !== undefined) break;
  }
  return { status: DryRunStatus.Complete, tests: results };
}

async function failureOf(run) {
  try {
    await run();
    return undefined;
  } catch (error) {
    return String(error);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'examples', ExampleRunner)];
