import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteSecretVault } from '../../src/shared/infrastructure/vault/sqlite.secret-vault.js';
import { VaultLocked } from '../../src/shared/infrastructure/vault/vault-locked.js';

const NAMES = ['store_1/stripe_key/a', 'store_1/webhook_secret/b', 'store_2/stripe_key/c'];

let folder: string;
let linkKey: Buffer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'master-'));
  await inVault(async (vault) => {
    for (const name of NAMES) await vault.put(name, `secret of ${name}`);
    linkKey = await vault.key('payment-links');
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As the server opens it when it starts. */
async function inVault(work: (vault: SqliteSecretVault) => Promise<void>): Promise<void> {
  const vault = new SqliteSecretVault(folder);
  await work(vault).finally(() => vault.close());
}

const everySecretOpens = () =>
  inVault(async (vault) => {
    for (const name of NAMES) expect(await vault.get(name)).toBe(`secret of ${name}`);
    expect(await vault.key('payment-links')).toEqual(linkKey);
  });

const masterKey = () => readFileSync(join(folder, 'master.key'));

/** @returns whether it was killed before that call */
function rotate(killAt?: number): boolean {
  const killSwitch = ['--import', join(import.meta.dirname, 'kill-at-call.mjs')];
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...killSwitch, 'dist/cli/rotate-master-key.cli.js', folder],
    { env: { KILL_AT: String(killAt ?? -1) }, encoding: 'utf8' },
  );
  if (signal === 'SIGKILL') return true;
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('4 secrets');
  return false;
}

test('a rotation of the master key that is killed at any step loses no secret, and may be made again', async () => {
  const outcomes = new Set<string>();
  let kills = 0;
  for (let before = masterKey(); rotate(kills); before = masterKey()) {
    kills += 1;
    await everySecretOpens();
    outcomes.add(masterKey().equals(before) ? 'the old key' : 'the new key');
  }
  expect(kills).toBeGreaterThan(10);
  expect([...outcomes].sort()).toEqual(['the new key', 'the old key']);
  await everySecretOpens();
}, 60_000);

test('a rotation leaves one key behind, and nothing that the old one opens', async () => {
  const old = masterKey();
  for (const step of [6, 9, 12]) rotate(step);
  rotate();
  expect(masterKey().equals(old)).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith('master.key'))).toEqual(['master.key']);
  await everySecretOpens();
  writeFileSync(join(folder, 'master.key'), old);
  expect(() => new SqliteSecretVault(folder)).toThrow(VaultLocked);
});
