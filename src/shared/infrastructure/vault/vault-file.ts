import type { KeyObject } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  makeMasterKey,
  masterKeyIn,
  nextMasterKeyIn,
  promoteMasterKey,
  readMasterKey,
} from './master-key.js';
import { unseal } from './sealed-box.js';
import { VaultLocked } from './vault-locked.js';

export type VaultFile = Readonly<{ db: DatabaseSync; master: KeyObject }>;

/**
 * Opens `keys.db` with the master key that fits; makes both where there is no secret yet. What is removed from the
 * file is overwritten.
 * @throws VaultLocked where no key that is there opens what is stored: nothing is replaced then
 */
export function openVault(folder: string): VaultFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'keys.db');
  const db = new DatabaseSync(path, { timeout: 5_000 });
  try {
    chmodSync(path, 0o600);
    db.exec(`
      PRAGMA journal_mode = DELETE;
      PRAGMA synchronous = EXTRA;
      PRAGMA secure_delete = ON;
      CREATE TABLE IF NOT EXISTS sealed (name TEXT PRIMARY KEY, box BLOB NOT NULL) STRICT, WITHOUT ROWID;
    `);
    return { db, master: fittingKey(folder, db) };
  } catch (error) {
    db.close();
    throw error;
  }
}

export type Sealed = Readonly<{ name: string; box: Buffer }>;

export function everySealed(db: DatabaseSync): readonly Sealed[] {
  const rows = db.prepare('SELECT name, box FROM sealed').all();
  return rows.map(({ name, box }) => ({ name: String(name), box: Buffer.from(box as Uint8Array) }));
}

function fittingKey(folder: string, db: DatabaseSync): KeyObject {
  const sealed = everySealed(db);
  const master = readMasterKey(masterKeyIn(folder));
  if (sealed.length === 0) return master ?? makeMasterKey(masterKeyIn(folder));
  if (master && fits(master, sealed)) return master;
  const next = readMasterKey(nextMasterKeyIn(folder));
  if (next && fits(next, sealed)) {
    promoteMasterKey(folder);
    return next;
  }
  throw new VaultLocked(
    `${masterKeyIn(folder)} ${master ? 'does not open' : 'is missing, so that nothing opens'} the ${sealed.length} ` +
      'secrets in keys.db beside it. Restore the master.key that was kept with this keys.db. Only if it is lost for ' +
      'good: move keys.db away, start, and save the Stripe key of every store again.',
  );
}

/** All secrets are sealed under one key at every moment, so that one that opens is enough; another may be damaged. */
function fits(key: KeyObject, sealed: readonly Sealed[]): boolean {
  return sealed.some(({ name, box }) => {
    try {
      return unseal(key, name, box).length >= 0;
    } catch {
      return false;
    }
  });
}
