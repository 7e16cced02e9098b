import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rulesFile = join(root, '.dependency-cruiser.cjs');
const { forbidden } = createRequire(import.meta.url)(rulesFile) as { forbidden: { name: string }[] };

type Violation = Readonly<{ rule: { name: string }; from: string; to: string }>;

/** Every broken rule of a source tree: who imports whom. */
async function violations(folder: string): Promise<readonly Violation[]> {
  const cruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [cruise, '--config', rulesFile, '--output-type', 'json', 'src'];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64e6 }, (error, stdout) =>
      stdout ? resolve(stdout) : reject(error),
    );
  });
  return JSON.parse(output).summary.violations;
}

/** Enough of each package to be found. */
const packages = ['stripe', 'zod', '@nestjs/common', '@nestjs/cqrs'];

/** A small tree that keeps every rule: what the violations are planted into. */
const sound: Readonly<Record<string, string>> = {
  'serve.ts': `import './app.module.js'; import('./sandbox/stripe/index.js');`,
  'app.module.ts': `import './modules/payments/payments.module.js'; import './shared/shared.module.js';`,
  'cli/tour.ts': `import './guide.js';`,
  'cli/guide.ts': `export const guide = 1;`,
  'console/server.ts': `export const server = 1;`,
  'sandbox/stripe/index.ts': `export const sandbox = 1;`,
  'shared/shared.module.ts': `import './infrastructure/stripe/client.js';`,
  'shared/domain/money.ts': `export const money = 1;`,
  'shared/application/streams.ts': `import '../domain/money.js'; import { hash } from 'node:crypto'; hash('sha256', '');`,
  'shared/infrastructure/stripe/client.ts': `import Stripe from 'stripe'; new Stripe('');`,
  ...Object.fromEntries(
    ['orders', 'stores', 'access', 'payments', 'exceptions', 'reconciliation', 'audit'].flatMap(aModule),
  ),
  'modules/payments/payments.module.ts': `import '../orders/orders.module.js'; import '../stores/index.js';`,
  'modules/payments/application/charge.ts': `import '../../orders/index.js'; import '../domain/rule.js'; import '@nestjs/cqrs';`,
};

function aModule(name: string): [string, string][] {
  return [
    [`modules/${name}/index.ts`, `export * from './application/use.js';`],
    [`modules/${name}/${name}.module.ts`, `import '@nestjs/common'; import './infrastructure/adapter.js';`],
    [`modules/${name}/domain/rule.ts`, `import '../../../shared/domain/money.js';`],
    [`modules/${name}/application/use.ts`, `import '../domain/rule.js'; export const use = 1;`],
    [`modules/${name}/infrastructure/adapter.ts`, `import '../application/use.js'; import 'node:fs';`],
  ];
}

/** One file each that breaks one rule, and no other. */
const planted: readonly Readonly<{ rule: string; file: string; text: string }>[] = [
  broken('domain-knows-only-domain', 'modules/orders/domain/a.ts', `import 'node:crypto';`),
  broken('domain-knows-only-domain', 'modules/orders/domain/b.ts', `import '@nestjs/common';`),
  broken('domain-knows-only-domain', 'modules/orders/domain/c.ts', `import '../application/use.js';`),
  broken('domain-knows-only-domain', 'shared/domain/d.ts', `import '../application/streams.js';`),
  broken('application-knows-no-adapter', 'modules/orders/application/a.ts', `import 'node:fs';`),
  broken('application-knows-no-adapter', 'modules/orders/application/b.ts', `import 'zod';`),
  broken(
    'application-knows-no-adapter',
    'modules/orders/application/c.ts',
    `import '../infrastructure/adapter.js';`,
  ),
  broken(
    'application-knows-no-adapter',
    'shared/application/d.ts',
    `import type {} from '../infrastructure/stripe/client.js';`,
  ),
  broken(
    'modules-meet-at-the-front-door',
    'modules/payments/infrastructure/a.ts',
    `import type {} from '../../orders/domain/rule.js';`,
  ),
  broken(
    'wiring-meets-at-the-front-door',
    'modules/payments/other.module.ts',
    `import '../stores/infrastructure/adapter.js';`,
  ),
  broken('direction-of-orders', 'modules/orders/infrastructure/a.ts', `import '../../payments/index.js';`),
  broken('direction-of-stores', 'modules/stores/infrastructure/a.ts', `import '../../orders/index.js';`),
  broken('direction-of-payments', 'modules/payments/infrastructure/b.ts', `import '../../access/index.js';`),
  broken('direction-of-payments', 'modules/payments/application/b.ts', `import '../../exceptions/index.js';`),
  broken(
    'direction-of-exceptions',
    'modules/exceptions/infrastructure/a.ts',
    `import '../../access/index.js';`,
  ),
  broken('direction-of-access', 'modules/access/infrastructure/a.ts', `import '../../stores/index.js';`),
  broken(
    'direction-of-reconciliation',
    'modules/reconciliation/infrastructure/a.ts',
    `import '../../access/index.js';`,
  ),
  broken(
    'direction-of-payments',
    'modules/payments/infrastructure/e.ts',
    `import '../../reconciliation/index.js';`,
  ),
  broken('direction-of-audit', 'modules/audit/infrastructure/a.ts', `import '../../access/index.js';`),
  broken('shared-knows-no-module', 'shared/infrastructure/a.ts', `import '../../modules/orders/index.js';`),
  broken('stripe-stays-in-its-adapters', 'modules/payments/infrastructure/c.ts', `import 'stripe';`),
  broken('stripe-stays-in-its-adapters', 'sandbox/stripe/a.ts', `import type {} from 'stripe';`),
  broken('only-the-server-starts-the-sandbox', 'cli/a.ts', `import '../sandbox/stripe/index.js';`),
  broken(
    'only-the-server-starts-the-sandbox',
    'modules/payments/infrastructure/d.ts',
    `import('../../../sandbox/stripe/index.js');`,
  ),
  broken('sandbox-knows-nothing-of-ours', 'sandbox/stripe/b.ts', `import '../../shared/domain/money.js';`),
  broken('console-knows-nothing-of-ours', 'console/a.ts', `import '../modules/orders/index.js';`),
  broken(
    'nobody-imports-the-entry-points',
    'modules/orders/infrastructure/b.ts',
    `import '../../../cli/tour.js';`,
  ),
  broken(
    'nobody-imports-the-entry-points',
    'shared/infrastructure/b.ts',
    `import '../../console/server.js';`,
  ),
  broken('code-runs-without-dev-dependencies', 'cli/c.ts', `import 'jest';`),
  broken('nothing-unresolved', 'cli/b.ts', `import './gone.js';`),
  broken('no-circles', 'cli/guide.ts', `import type {} from './tour.js';`),
];

function broken(rule: string, file: string, text: string) {
  return { rule, file, text };
}

describe('the rules of who may import whom', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quittance-rules-'));
    const compilerOptions = { module: 'nodenext', moduleResolution: 'nodenext', target: 'ES2024' };
    write('tsconfig.json', JSON.stringify({ compilerOptions }));
    const dependencies = Object.fromEntries(packages.map((name) => [name, '1.0.0']));
    const devDependencies = { jest: '1.0.0' };
    write('package.json', JSON.stringify({ type: 'module', dependencies, devDependencies }));
    for (const name of [...packages, 'jest']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
      write(`node_modules/${name}/index.js`, '');
    }
    for (const [file, text] of Object.entries(sound)) write(`src/${file}`, text);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function write(file: string, text: string): void {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  test('hold in src', async () => {
    const found = await violations(root);
    expect(found.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual([]);
  }, 60_000);

  test(
    'leave a tree alone that keeps them',
    async () => expect(await violations(folder)).toEqual([]),
    60_000,
  );

  test('each catch the violation that was planted for them, and no rule is without one', async () => {
    for (const { file, text } of planted) write(`src/${file}`, text);
    const found = (await violations(folder)).map(({ rule, from }) => `${from} breaks ${rule.name}`);
    const expected = planted.map(({ rule, file }) => `src/${file} breaks ${rule}`);
    expect([...new Set(found)].sort()).toEqual(expected.sort());
    expect([...new Set(planted.map(({ rule }) => rule))].sort()).toEqual(
      forbidden.map(({ name }) => name).sort(),
    );
  }, 60_000);
});
