import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { keptSeeds } from './kept-seeds.js';
import { runSeed } from './run-seed.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const SEEDS = 2_000;

/** As `npm run simulate -- …` does. */
function simulate(...options: readonly string[]): Promise<{ code: number; told: string }> {
  const hooks = ['--import', './test/support/run-typescript.mjs'];
  return new Promise((resolve) => {
    const ran = execFile(
      process.execPath,
      [...hooks, 'test/simulation/simulate.ts', ...options],
      { cwd: root, maxBuffer: 64 * 1024 * 1024 },
      (_, stdout, stderr) => resolve({ code: ran.exitCode ?? 1, told: `${stdout}${stderr}` }),
    );
  });
}

test(`in ${SEEDS} worlds with crashes, lost answers, outages and forgeries nothing is charged twice and nothing is lost`, async () => {
  const { code, told } = await simulate('--seeds', String(SEEDS), '--from', '1');
  expect(told).toContain(`${SEEDS} seeds from 1: 0 broken`);
  expect(told).not.toContain('ended otherwise');
  expect(code).toBe(0);
  for (const fault of [
    'F1 ',
    'F2 ',
    'F3 ',
    'F4 ',
    'F5 ',
    'F6 ',
    'F8 ',
    'F11 ',
    'F14 ',
    'F16 ',
    'F17 ',
    'F18 ',
  ]) {
    expect(told).toContain(`  ${fault}`);
  }
}, 900_000);

test('a broken seed is told with the command that runs it again, and the run fails', async () => {
  const { code, told } = await simulate('--mutant', 'never sweeps', '--seeds', '50');
  expect(told).toMatch(/seed \d+ broke I10 everything ends: /);
  expect(told).toMatch(/again: npm run simulate -- --seeds 1 --from \d+/);
  expect(code).toBe(1);
}, 120_000);

test('the same seed ends at the same trace, another one at another', async () => {
  const first = await runSeed(7);
  expect(first.steps).toBeGreaterThan(100);
  expect((await runSeed(7)).digest).toBe(first.digest);
  expect((await runSeed(8)).digest).not.toBe(first.digest);
});

test.each(keptSeeds)('seed $seed stays clean: $name', async ({ seed }) => {
  expect((await runSeed(seed)).broken).toBeNull();
});
