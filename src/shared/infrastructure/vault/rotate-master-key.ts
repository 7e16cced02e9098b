import type { KeyObject } from 'node:crypto';
import { forgetUnusedKeys, makeMasterKey, nextMasterKeyIn, promoteMasterKey } from './master-key.js';
import { seal, unseal } from './sealed-box.js';
import { everySealed, openVault, type Sealed } from './vault-file.js';
import { VaultLocked } from './vault-locked.js';

/**
 * Seals every secret under a fresh master key: the key is put beside the old one, all secrets change over in one
 * transaction, and the key takes the old one's name. At every instant one of the two opens all of them, and the next
 * start finds out which. Nobody else may have the vault open.
 * @returns how many secrets there are
 * @throws VaultLocked where one does not open: nothing is changed then
 */
export function rotateMasterKey(folder: string): number {
  const { db, master } = openVault(folder);
  try {
    const plain = everySealed(db).map((each) => ({ name: each.name, secret: opened(master, each) }));
    forgetUnusedKeys(folder);
    const next = makeMasterKey(nextMasterKeyIn(folder));
    const replace = db.prepare('UPDATE sealed SET box = ? WHERE name = ?');
    db.exec('BEGIN IMMEDIATE');
    for (const { name, secret } of plain) replace.run(seal(next, name, secret), name);
    db.exec('COMMIT');
    promoteMasterKey(folder);
    return plain.length;
  } finally {
    db.close();
  }
}

function opened(master: KeyObject, { name, box }: Sealed): Buffer {
  try {
    return unseal(master, name, box);
  } catch (cause) {
    throw new VaultLocked(`the secret ${name} is damaged and does not open. Save it anew first.`, { cause });
  }
}
