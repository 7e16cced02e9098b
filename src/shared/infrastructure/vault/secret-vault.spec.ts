import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { SecretVault } from '../../application/ports/secret-vault.port.js';
import { MemorySecretVault } from './memory.secret-vault.js';
import { rotateMasterKey } from './rotate-master-key.js';
import { SqliteSecretVault } from './sqlite.secret-vault.js';
import { VaultLocked } from './vault-locked.js';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'vault-'));
  folders.push(made);
  return made;
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true });
});

const secret = 'sk_test_a-secret-that-is-looked-for';

describe.each<[string, () => SecretVault]>([
  ['memory', () => new MemorySecretVault()],
  ['SQLite', () => new SqliteSecretVault(folder())],
])('a vault in %s', (_, make) => {
  test('gives back what was put in', async () => {
    const vault = make();
    await vault.put('store_1/stripe_key', secret);
    expect(await vault.get('store_1/stripe_key')).toBe(secret);
  });
  test('has nothing under other names', async () =>
    expect(await make().get('store_1/stripe_key')).toBeUndefined());
  test('replaces', async () => {
    const vault = make();
    await vault.put('a', 'old');
    await vault.put('a', secret);
    expect(await vault.get('a')).toBe(secret);
  });
  test('forgets, also what it never had', async () => {
    const vault = make();
    await vault.put('a', secret);
    await vault.remove('a');
    await vault.remove('b');
    expect(await vault.get('a')).toBeUndefined();
  });
  test('makes a key once and keeps it, apart from secrets of the same name', async () => {
    const vault = make();
    await vault.put('links', secret);
    const key = await vault.key('links');
    expect(key).toHaveLength(32);
    expect((await vault.key('links')).equals(key)).toBe(true);
    expect((await vault.key('mail')).equals(key)).toBe(false);
    expect(await vault.get('links')).toBe(secret);
  });
});

describe('a vault on disk', () => {
  test('outlives the process, and two processes share it', async () => {
    const where = folder();
    const first = new SqliteSecretVault(where);
    const second = new SqliteSecretVault(where);
    await first.put('a', secret);
    const [one, other] = await Promise.all([first.key('k'), second.key('k')]);
    expect(one.equals(other)).toBe(true);
    first.close();
    expect(await second.get('a')).toBe(secret);
    second.close();
    expect(await new SqliteSecretVault(where).get('a')).toBe(secret);
  });

  test('shows nothing to who reads the file, also after removal', async () => {
    const where = folder();
    const vault = new SqliteSecretVault(where);
    await vault.put('a', secret);
    const box = new DatabaseSync(join(where, 'keys.db')).prepare('SELECT box FROM sealed').get()?.['box'];
    await vault.remove('a');
    const file = readFileSync(join(where, 'keys.db'));
    expect(file.includes(secret)).toBe(false);
    expect(file.includes(Buffer.from(box as Uint8Array))).toBe(false);
  });

  test('keeps its master key to its owner', () => {
    const where = folder();
    new SqliteSecretVault(where);
    expect(statSync(join(where, 'master.key')).mode & 0o777).toBe(0o600);
  });

  test('does not open a secret that was moved to another name', async () => {
    const where = folder();
    const vault = new SqliteSecretVault(where);
    await vault.put('a', secret);
    new DatabaseSync(join(where, 'keys.db')).exec("UPDATE sealed SET name = 'secret/b'");
    await expect(vault.get('b')).rejects.toThrow(VaultLocked);
  });

  test('does not open with another master key or without one, makes none in its place, and opens with the right one', async () => {
    const where = folder();
    const file = join(where, 'master.key');
    await new SqliteSecretVault(where).put('a', secret);
    const right = readFileSync(file);
    const other = Buffer.alloc(32, 7);
    writeFileSync(file, other);
    expect(() => new SqliteSecretVault(where)).toThrow(/master\.key does not open the 1 secrets in keys\.db/);
    expect(readFileSync(file)).toEqual(other);
    rmSync(file);
    expect(() => new SqliteSecretVault(where)).toThrow(/master\.key is missing/);
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, right);
    expect(await new SqliteSecretVault(where).get('a')).toBe(secret);
  });

  test('opens although one of its secrets is damaged, and refuses that one', async () => {
    const where = folder();
    const vault = new SqliteSecretVault(where);
    await vault.put('a', secret);
    await vault.put('b', secret);
    new DatabaseSync(join(where, 'keys.db')).exec("UPDATE sealed SET box = x'00' WHERE name = 'secret/a'");
    const again = new SqliteSecretVault(where);
    await expect(again.get('a')).rejects.toThrow(VaultLocked);
    expect(await again.get('b')).toBe(secret);
    expect(() => rotateMasterKey(where)).toThrow('secret/a is damaged');
    expect(await new SqliteSecretVault(where).get('b')).toBe(secret);
  });

  test('refuses a master key of the wrong size', () => {
    const where = folder();
    writeFileSync(join(where, 'master.key'), 'short');
    expect(() => new SqliteSecretVault(where)).toThrow(/32 bytes/);
  });
});
